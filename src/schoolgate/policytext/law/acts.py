"""Acts of Parliament as a text names them: with the year after, before, in brackets or not at all, shortened, listed or misspelt."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from schoolgate.policytext.law.shelf import shelf

_YEAR = r"(?:18|19|20)\d\d"
_ACT = re.compile(r"\bacts?\b(?!'s)", re.IGNORECASE)
# What may stand between a name and its year: quotes, an abbreviation, "of", brackets, a table cell.
_AFTER = re.compile(
    rf"['\")\]]{{0,2}}(?: ?\((?!{_YEAR})[A-Za-z][A-Za-z .&]{{1,9}}\))?,?(?: ?[|:])? ?(?:of )?['\"(\[]{{0,2}}(?:the )?"
    rf"(?P<years>{_YEAR}(?:(?:,? (?:and|&) (?:the )?|, | ?/ ?){_YEAR})*)(?![\d/])",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"\b(?P<years>{_YEAR}(?: (?:and|&) {_YEAR})?) (?:UK )?['\"]?$")
_BARE = re.compile(rf"\b(?:the|that|this|said|and|of) (?:said )?['\"]?(?P<year>{_YEAR}) Acts?\b(?! of)", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][A-Za-z'.-]*|&|\([A-Za-z][A-Za-z .'-]{0,24}\)|[^\s\w]|\d+")
_JOINERS = {"and", "&", "of", "the", "for", "in", "to", "from", "at", "with"}
_NO_PART = {
    "the",
    "under",
    "see",
    "also",
    "in",
    "by",
    "with",
    "from",
    "uk",
    "our",
    "this",
    "as",
    "via",
    "and",
    "of",
    "to",
    "per",
    "on",
    "act",
}
_LONGEST = 110
_MOST_WORDS = 12
_LONG_ENOUGH = 9


@dataclass(frozen=True, slots=True)
class ActNamed:
    """An Act named in a text. ``title`` is its right name where we know it, else None; ``wrong`` says that the text has it otherwise."""

    title: str | None
    years: tuple[int, ...]
    start: int
    end: int
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class _Name:
    title: str
    start: int
    wrong: bool


@lru_cache(maxsize=4096)
def acts_in(text: str) -> tuple[ActNamed, ...]:
    """The Acts a prepared text names, in order. "the 1998 Act" is not among them: see ``bare_acts``."""
    found = [_named(text, hit) for hit in _ACT.finditer(text)]
    found += [act for pattern, title in _shorts() for act in _shortened(text, pattern, title)]
    return tuple(sorted((act for act in found if act is not None), key=lambda act: act.start))


def bare_acts(text: str) -> Iterator[tuple[int, int, int]]:
    """Each "the 1998 Act" of a text as year, start and end."""
    for hit in _BARE.finditer(text):
        yield int(hit["year"]), hit.start("year"), hit.end()


@cache
def known_years() -> Mapping[str, tuple[int, ...]]:
    """The years of every Act the shelf knows, by name."""
    return {row["title"]: tuple(row["years"]) for row in shelf()["acts"]}


@cache
def _by_words() -> Mapping[tuple[str, ...], tuple[str, bool]]:
    """The name for each run of words that means it, and whether the run is a wrong name for it."""
    named = {}
    for row in shelf()["acts"]:
        for wrong, titles in ((False, [row["title"], *row.get("also", ())]), (True, row.get("not_called", ()))):
            for title in titles:
                named[_plain(title.removesuffix(" Act").split())] = (row["title"], wrong)
    return named


@cache
def _shorts() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = [(short, row["title"]) for row in shelf()["acts"] for short in row.get("short", ())]
    return tuple((re.compile(rf"(?<!\()\b{re.escape(short)}\b"), title) for short, title in rows)


def _plain(words: Sequence[str]) -> tuple[str, ...]:
    """Words as they are compared: lower case, no apostrophes, "&" as "and"."""
    bare = (word.strip("().,").replace("'", "").lower() for word in " ".join(words).split())
    return tuple("and" if word == "&" else word for word in bare if word and word != "etc")


def _named(text: str, hit: re.Match[str]) -> ActNamed | None:
    name = _name_before(text, hit.start())
    years = _AFTER.match(text, hit.end())
    start = name.start if name else hit.start()
    before = _BEFORE.search(text[max(0, start - 16) : start]) if not years else None
    if before:
        start -= len(text[max(0, start - 16) : start]) - before.start()
    if name is None and not years:
        return None
    dated = years or before
    numbers = tuple(int(year) for year in re.findall(r"\d{4}", dated["years"])) if dated else ()
    end = years.end() if years else hit.end()
    return ActNamed(name.title if name else None, numbers, start, end, bool(name and name.wrong))


def _name_before(text: str, end: int) -> _Name | None:
    """The name that stands before "Act", by the longest run of words that is one; failing that, by the nearest spelling."""
    start = max(0, end - _LONGEST)
    words = list(_WORD.finditer(text, start, end))[-_MOST_WORDS:]
    words = [word for word in words if not re.fullmatch(r"\([A-Z&]{2,8}\)", word[0])]
    for size in range(len(words), 0, -1):
        known = _by_words().get(_plain([word[0] for word in words[-size:]]))
        if known and words[-size][0][0].isalpha() and not (size == 1 and _part_of_longer(words[:-1])):
            return _Name(known[0], words[-size].start(), known[1])
    return _misspelt(words)


def _part_of_longer(before: Sequence[re.Match[str]]) -> bool:
    """Whether a name of one word is the tail of a longer one we do not know, such as "Adoption and Children"."""
    for word in reversed(before):
        if word[0].lower() in _JOINERS and word[0].lower() != "the":
            continue
        return word[0][0].isalpha() and word[0][0].isupper() and word[0].lower() not in _NO_PART and not word[0].isupper()
    return False


def _misspelt(words: Sequence[re.Match[str]]) -> _Name | None:
    run: list[re.Match[str]] = []
    for word in reversed(words):
        if not (word[0][0].isupper() or word[0].lower() in _JOINERS):
            break
        run.insert(0, word)
    while run and run[0][0].lower() in _NO_PART:
        run.pop(0)
    told = " ".join(_plain([word[0] for word in run]))
    if len(told) < _LONG_ENOUGH:
        return None
    for known, (title, _) in _by_words().items():
        meant = " ".join(known)
        if len(meant) >= _LONG_ENOUGH and abs(len(meant) - len(told)) <= 2 and _apart(told, meant) <= (2 if len(meant) > 14 else 1):
            return _Name(title, run[0].start(), True)
    return None


def _apart(one: str, other: str) -> int:
    """How many letters must be put in, left out, changed or swapped with their neighbour to make one word of the other."""
    last: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, last, row = last, row, [place]
        for where, wanted in enumerate(other, 1):
            least = min(last[where] + 1, row[where - 1] + 1, last[where - 1] + (letter != wanted))
            if before and where > 1 and letter == other[where - 2] and one[place - 2] == wanted:
                least = min(least, before[where - 2] + 1)
            row.append(least)
    return row[-1]


def _shortened(text: str, pattern: re.Pattern[str], title: str) -> Iterator[ActNamed]:
    for hit in pattern.finditer(text):
        years = _AFTER.match(text, hit.end())
        before = _BEFORE.search(text[max(0, hit.start() - 16) : hit.start()]) if not years else None
        dated = years or before
        if dated:
            start = hit.start() - 16 + before.start() if before and hit.start() >= 16 else before.start() if before else hit.start()
            numbers = tuple(int(year) for year in re.findall(r"\d{4}", dated["years"]))
            yield ActNamed(title, numbers, start, years.end() if years else hit.end())
