"""Which statements of the old text became which of the new: the same words first, then the same words cut differently, then the likest."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import accumulate

from schoolgate.policytext.comparing.units import Unit, letters_of

_ALIKE = 0.55
"""The least likeness, from 0 to 1, of an old statement and what it was reworded to."""

_SHORT_ALIKE = 0.7
_SHORT_WORDS = 6
_SAME_PLACE = 0.1
_GAIN = 0.08
"""How much liker a pair must get before a neighbour is counted as a part of it."""

_LONGEST_FACT = 80
"""Letters in a line that gives one fact: a longer one is a sentence."""

_MOST_PARTS = 6
_COMMON = 60
"""A word in more statements than this says nothing about which two belong together."""


@dataclass(slots=True)
class Pair:
    """Places of statements in the old text and in the new that say the same thing. Either side may be empty: added or removed."""

    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """Both texts and who has been paired with whom so far."""

    old: Sequence[Unit]
    new: Sequence[Unit]
    pairs: list[Pair] = field(default_factory=list)
    by_old: dict[int, Pair] = field(default_factory=dict)
    by_new: dict[int, Pair] = field(default_factory=dict)

    def join(self, before: Sequence[int], after: Sequence[int]) -> None:
        pair = Pair(list(before), list(after))
        self.pairs.append(pair)
        self.by_old.update(dict.fromkeys(before, pair))
        self.by_new.update(dict.fromkeys(after, pair))

    def loose_old(self) -> list[int]:
        return [place for place in range(len(self.old)) if place not in self.by_old]

    def loose_new(self) -> list[int]:
        return [place for place in range(len(self.new)) if place not in self.by_new]


def pair_up(old: Sequence[Unit], new: Sequence[Unit]) -> list[Pair]:
    """Every statement of both texts in exactly one pair."""
    table = _Table(old, new)
    _same_words(table)
    _same_words_cut_differently(table)
    _lead_ins_of_one_list(table)
    _same_labels(table)
    _likest(table)
    _parts_left_over(table)
    for place in table.loose_old():
        table.join([place], [])
    for place in table.loose_new():
        table.join([], [place])
    return table.pairs


def _same_words(table: _Table) -> None:
    """The same letters: those in the same order first, so that a sentence printed twice pairs with its own copy, then those moved."""
    matcher = SequenceMatcher(None, [unit.letters for unit in table.old], [unit.letters for unit in table.new], autojunk=False)
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            table.join([block.a + step], [block.b + step])
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for place in table.loose_new():
        waiting[table.new[place].letters].append(place)
    for place in table.loose_old():
        if waiting[table.old[place].letters]:
            table.join([place], [waiting[table.old[place].letters].popleft()])


def _same_words_cut_differently(table: _Table) -> None:
    """Neighbours whose letters run on to the same text: one paragraph printed as two, or two as one."""
    new_runs = list(_runs(table.loose_new()))
    for old_run in list(_runs(table.loose_old())):
        for new_run in new_runs:
            _walk_together(table, old_run, new_run)


def _runs(places: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for place in places:
        if run and place != run[-1] + 1:
            yield run
            run = []
        run.append(place)
    if run:
        yield run


def _walk_together(table: _Table, old_run: list[int], new_run: list[int]) -> None:
    old_ends = list(accumulate(len(table.old[place].letters) for place in old_run))
    new_ends = list(accumulate(len(table.new[place].letters) for place in new_run))
    old_text = "".join(table.old[place].letters for place in old_run)
    new_text = "".join(table.new[place].letters for place in new_run)
    for first, place in enumerate(old_run):
        start = old_ends[first] - len(table.old[place].letters)
        for other, new_place in enumerate(new_run):
            new_start = new_ends[other] - len(table.new[new_place].letters)
            if place in table.by_old or new_place in table.by_new:
                continue
            found = _same_end(old_text[start:], new_text[new_start:], old_ends[first:], new_ends[other:], start, new_start)
            if found:
                table.join(old_run[first : first + found[0]], new_run[other : other + found[1]])


def _same_end(old: str, new: str, old_ends: list[int], new_ends: list[int], start: int, new_start: int) -> tuple[int, int] | None:
    """How many statements of each side run on to the same letters, where some do."""
    new_lengths = {end - new_start: count for count, end in enumerate(new_ends[:_MOST_PARTS], 1)}
    for count, end in enumerate(old_ends[:_MOST_PARTS], 1):
        length = end - start
        if old[:length] != new[:length]:
            return None
        if length in new_lengths:
            return count, new_lengths[length]
    return None


def _lead_ins_of_one_list(table: _Table) -> None:
    """Two lead-ins above the same item are one lead-in reworded, however little they share: "should not" became "must never"."""
    for place in table.loose_old():
        under = table.by_old.get(place + 1)
        other = under.after[0] - 1 if under and under.after else -1
        if table.old[place].lead_in and other >= 0 and table.new[other].lead_in and other not in table.by_new:
            table.join([place], [other])


def _same_labels(table: _Table) -> None:
    """ "Next review: May 2026" and "Next review: spring 2027" are one line, however little they share."""
    waiting = {label: place for place in table.loose_new() if (label := _label(table.new[place]))}
    for place in table.loose_old():
        other = waiting.pop(_label(table.old[place]), None)
        if other is not None:
            table.join([place], [other])


def _label(unit: Unit) -> str:
    """The letters before the colon of a short line that gives a fact; empty for any other."""
    before, colon, after = unit.text.partition(":")
    return letters_of(before) if colon and after.strip() and len(unit.text) <= _LONGEST_FACT else ""


def _likest(table: _Table) -> None:
    """Reworded statements: the likest two first, a little more readily where they stand at the same place."""
    words = {
        **{("old", p): _words(table.old[p]) for p in table.loose_old()},
        **{("new", p): _words(table.new[p]) for p in table.loose_new()},
    }
    holders: dict[str, list[int]] = defaultdict(list)
    for place in table.loose_new():
        for word in set(words["new", place]):
            holders[word].append(place)
    scored = []
    for place in table.loose_old():
        shared = Counter(other for word in set(words["old", place]) if len(holders[word]) <= _COMMON for other in holders[word])
        for other, _ in shared.most_common(12):
            likeness = _likeness(words["old", place], words["new", other])
            beside = _beside(table, place, other)
            if likeness + (_SAME_PLACE if beside else 0) >= _least(words["old", place], words["new", other]):
                scored.append((likeness + (_SAME_PLACE if beside else 0), -place, -other))
    for _, place, other in sorted(scored, reverse=True):
        if -place not in table.by_old and -other not in table.by_new:
            table.join([-place], [-other])


def _words(unit: Unit) -> list[str]:
    return [letters for letters in map(letters_of, unit.text.split()) if letters]


def _likeness(first: list[str], second: list[str]) -> float:
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > 0.4 else 0.0


def _least(first: list[str], second: list[str]) -> float:
    return _SHORT_ALIKE if min(len(first), len(second)) < _SHORT_WORDS else _ALIKE


def _beside(table: _Table, place: int, other: int) -> bool:
    """Whether both have the same printed number, or stand next to a pair."""
    if table.old[place].ref == table.new[other].ref:
        return True
    before, after = table.by_old.get(place - 1), table.by_old.get(place + 1)
    return bool((before and other - 1 in before.after) or (after and other + 1 in after.after))


def _parts_left_over(table: _Table) -> None:
    """A reworded statement that was also cut in two, or joined from two: the left-over part goes to it when that makes both liker."""
    for place in (place for place in table.loose_new() if not _label(table.new[place])):
        for neighbour in (place - 1, place + 1):
            pair = table.by_new.get(neighbour)
            if pair and pair.before and _liker(table, pair, pair.before, sorted([*pair.after, place])):
                pair.after = sorted([*pair.after, place])
                table.by_new[place] = pair
                break
    for place in (place for place in table.loose_old() if not _label(table.old[place])):
        for neighbour in (place - 1, place + 1):
            pair = table.by_old.get(neighbour)
            if pair and pair.after and _liker(table, pair, sorted([*pair.before, place]), pair.after):
                pair.before = sorted([*pair.before, place])
                table.by_old[place] = pair
                break


def _liker(table: _Table, pair: Pair, before: list[int], after: list[int]) -> bool:
    def likeness(olds: list[int], news: list[int]) -> float:
        first = [word for place in olds for word in _words(table.old[place])]
        second = [word for place in news for word in _words(table.new[place])]
        return SequenceMatcher(None, first, second, autojunk=False).ratio()

    return likeness(before, after) > likeness(pair.before, pair.after) + _GAIN
