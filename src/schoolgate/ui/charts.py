"""Sizes of the two server-drawn charts. Pure numbers and words; the templates draw them, always with the table beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from schoolgate.ui.dates import day
from schoolgate.ui.states import STATES, State, state_of


@dataclass(frozen=True)
class Segment:
    """A piece of the bar. `x` and `width` are percentages of the whole bar, `share` the whole per cent a reader is told."""

    state: State
    count: int
    x: float
    width: float
    share: int


@dataclass(frozen=True)
class Period:
    """A run of days in one state, `start` and `end` both included. `x` and `width` are percentages of the time shown."""

    state: State
    start: date
    end: date
    x: float
    width: float


def segments(counts: Mapping[object, int]) -> list[Segment]:
    """Pieces of a stacked bar in the fixed order of the states; a state with none of them has no piece."""
    by_state = {state_of(key).key: number for key, number in counts.items()}
    total = sum(by_state.values())
    pieces, x = [], 0.0
    for state in STATES:
        count = by_state.get(state.key, 0)
        if count:
            width = 100 * count / total
            pieces.append(Segment(state, count, round(x, 3), round(width, 3), round(width)))
            x += width
    return pieces


def periods(readings: Sequence[tuple[date, object]], until: date) -> list[Period]:
    """Runs of one state from dated readings, oldest first; each holds until the next reading, the last one until `until`.

    Readings that repeat the state before them lengthen its run. Of two on one day the later in the list counts.
    Readings after `until` are left out.
    """
    of_day = {on: state_of(key) for on, key in sorted(readings, key=lambda reading: reading[0]) if on <= until}
    known = list(of_day.items())
    changes = [reading for index, reading in enumerate(known) if index == 0 or reading[1] != known[index - 1][1]]
    if not changes:
        return []
    first = changes[0][0]
    whole = (until - first).days + 1
    ends = [later[0] - timedelta(days=1) for _, later in pairwise(changes)] + [until]
    runs = []
    for (start, state), end in zip(changes, ends, strict=True):
        x, length = (start - first).days, (end - start).days + 1
        runs.append(Period(state, start, end, round(100 * x / whole, 3), round(100 * length / whole, 3)))
    return runs


def lanes(runs: Sequence[Period]) -> list[tuple[State, list[Period]]]:
    """One row for each state that occurs, in the fixed order of the states."""
    return [(state, [run for run in runs if run.state == state]) for state in STATES if any(run.state == state for run in runs)]


def sentence(pieces: Sequence[Segment]) -> str:
    """The bar in words, for a reader who cannot see it: `12 met, 3 due and 1 broken`."""
    parts = [f"{piece.count} {piece.state.words.lower()}" for piece in pieces]
    if len(parts) < 2:
        return "".join(parts) or "nothing to count"
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def history_sentence(runs: Sequence[Period]) -> str:
    """The history in words: where it stands now and since when."""
    if not runs:
        return "no readings yet"
    last = runs[-1]
    return f"{last.state.words.lower()} since {day(last.start)}; {len(runs)} {'period' if len(runs) == 1 else 'periods'} shown"
