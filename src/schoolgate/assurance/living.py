"""The living policy page as plain values: the school's own text, and beside each clause what is happening now. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from schoolgate.assurance import catalogue, rules
from schoolgate.assurance.models import AcceptedException, Assessment, Attestation, Reading
from schoolgate.assurance.rules import Part, Shown
from schoolgate.contracts.controls import carried
from schoolgate.policies.models import Clause, PolicyVersion
from schoolgate.ui import dates
from schoolgate.ui.charts import Segment, segments

STALE = timedelta(hours=36)  # as assurance.system_alive: older figures carry a warning

COUNTED_AS = {
    Shown.MET: ("is met", "are met"),
    Shown.BROKEN: ("is broken", "are broken"),
    Shown.DUE: ("is due", "are due"),
    Shown.NO_DATA: ("has no data", "have no data"),
    Shown.UNJOINED: ("has nothing behind it yet", "have nothing behind them yet"),
    Shown.NOT_CARRIED: ("is not carried by this version", "are not carried by this version"),
    Shown.NOT_APPLICABLE: ("is not applicable", "are not applicable"),
    Shown.INFORMATIONAL: ("is for information", "are for information"),
}
WORDS = {
    Shown.MET: "Met", Shown.DUE: "Due", Shown.BROKEN: "Broken", Shown.NO_DATA: "No data", Shown.NOT_APPLICABLE: "Not applicable",
    Shown.NOT_CARRIED: "Not carried by this version", Shown.UNJOINED: "Nothing behind it yet", Shown.INFORMATIONAL: "For information",
}  # fmt: skip
IN_ORDER = (Shown.MET, Shown.BROKEN, Shown.DUE, Shown.NO_DATA, Shown.UNJOINED, Shown.NOT_CARRIED, Shown.NOT_APPLICABLE, Shown.INFORMATIONAL)
LOUDEST = (Shown.BROKEN, Shown.NO_DATA, Shown.DUE, Shown.MET, Shown.NOT_APPLICABLE, Shown.NOT_CARRIED)  # as a clause takes its state


@dataclass(frozen=True, slots=True)
class Behind:
    """One control behind a clause, in words: its promise, its count, and what is accepted beside it."""

    part: Part
    title: str
    promise: str
    lines: tuple[str, ...] = ()
    sentence: str = ""
    exceptions: tuple[AcceptedException, ...] = ()

    @property
    def state_words(self) -> str:
        return WORDS[self.part.state]


@dataclass(frozen=True, slots=True)
class Standing:
    """What one clause shows and why."""

    state: Shown
    parts: tuple[Part, ...] = ()
    attestation: Attestation | None = None

    @property
    def rest_not_carried(self) -> bool:
        """Some of what it is joined to is not carried by this version, and the rest decides."""
        return self.state != Shown.NOT_CARRIED and any(part.state == Shown.NOT_CARRIED for part in self.parts)


def of_clause(clause: Clause, readings: Mapping[str, Reading], attestation: Attestation | None, on: date) -> Standing:
    """What a clause shows by these readings. Its joins must have been fetched along."""
    asks = carried()
    parts = tuple(
        rules.part_of(join.control, join.lines, clause.id, readings.get(join.control), join.control in asks) for join in clause.joins.all()
    )
    until = attestation.stands_until if attestation else None
    attested = rules.attested_state(until, on=on, remind_days=catalogue.shared_numbers()["remind_days"])
    return Standing(rules.shown_for(clause.kind, parts, attested), parts, attestation)


@dataclass(slots=True)
class Row:
    """One clause on the page. `headings` open before it: (level, text). `next_broken` is the anchor of the next broken one."""

    clause: Clause
    standing: Standing
    behind: tuple[Behind, ...]
    headings: list[tuple[int, str]] = field(default_factory=list)
    anchor: str = ""
    section: str = ""
    next_broken: str = ""
    shown: bool = True

    @property
    def state(self) -> Shown:
        return self.standing.state

    @property
    def words(self) -> str:
        return WORDS[self.standing.state]

    @property
    def lead(self) -> Behind | None:
        """The control that decides what the clause shows."""
        return self.behind[0] if self.behind else None

    @property
    def exceptions(self) -> list[AcceptedException]:
        """Accepted exceptions on what is broken here."""
        return [each for one in self.behind for each in one.exceptions]


@dataclass(slots=True)
class Section:
    """A top heading of the text with how its clauses stand, for the list of contents."""

    title: str
    anchor: str
    broken: int = 0
    due: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page. `counts` is every state that occurs, in reading order: (state, words, number)."""

    version: PolicyVersion
    assessment: Assessment | None
    rows: list[Row]
    sections: list[Section]
    counts: list[tuple[Shown, str, int]]
    summary: str
    figures: str
    stale: bool
    first_broken: str
    only: str = ""

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def shown(self) -> list[Row]:
        return [row for row in self.rows if row.shown]

    @property
    def broken(self) -> int:
        return sum(row.state == Shown.BROKEN for row in self.rows)

    @property
    def pieces(self) -> list[Segment]:
        return bar({str(state): number for state, _, number in self.counts})


def bar(states: Mapping[str, int]) -> list[Segment]:
    """The pieces of a bar over all clauses that promise something.

    What nothing stands behind takes its room too, or three met clauses of fifty would fill the bar.
    """
    empty = states.get("not_carried", 0) + states.get("unjoined", 0)
    return segments({**{str(state): states[state] for state in rules.READ if states.get(state)}, "not_carried": empty})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page is made of, fetched in a fixed number of questions."""

    version: PolicyVersion
    clauses: Sequence[Clause]
    assessment: Assessment | None
    readings: Mapping[str, Reading]
    exceptions: Mapping[str, list[AcceptedException]]
    attestations: Mapping[Any, Attestation]


LEAD_IN = 5  # the level of a line that is no heading but opens a list


def page(facts: Facts, *, now: datetime, today: date, counts_shown: bool, only: str = "") -> Page:
    """Lay the facts out as the school's own text, top to bottom. `only` keeps the clauses of one state."""
    titles = {facts.version.policy.title, facts.version.facts.get("title")}
    rows = [_row(clause, facts, today, counts_shown) for clause in facts.clauses]
    for row in rows:
        row.shown = not only or row.state == only
    sections = _headed([row for row in rows if row.shown], titles)
    first = _chained([row for row in rows if row.state == Shown.BROKEN])
    numbers = Counter(row.state for row in rows)
    taken = facts.assessment.taken_at if facts.assessment else None
    return Page(
        facts.version, facts.assessment, rows, sections,
        [(state, WORDS[state], numbers[state]) for state in IN_ORDER if numbers[state]],
        summary(numbers), figures(taken, now), taken is not None and now - taken > STALE, first, only,
    )  # fmt: skip


def _row(clause: Clause, facts: Facts, today: date, counts_shown: bool) -> Row:
    standing = of_clause(clause, facts.readings, facts.attestations.get(clause.id), today)
    parts = sorted(standing.parts, key=lambda part: LOUDEST.index(part.state))
    behind = tuple(_behind(part, facts, counts_shown) for part in parts)
    return Row(clause, standing, behind, anchor=f"c{clause.position}")


def _behind(part: Part, facts: Facts, counts_shown: bool) -> Behind:
    control = catalogue.controls().get(part.control)
    if control is None:
        return Behind(part, part.control, "", (), "The catalogue has no such control any more.")
    lines = tuple(control.lines.get(line, line) for line in part.lines)
    sentence = counted(part, facts.readings.get(part.control), counts_shown)
    accepted = facts.exceptions.get(part.control, ()) if part.state == Shown.BROKEN else ()
    return Behind(part, control.title, control.promise, lines, sentence, tuple(accepted))


def counted(part: Part, reading: Reading | None, counts_shown: bool) -> str:
    """What a control counted at a clause: `27 of 31`, or why there is nothing to count."""
    if part.state == Shown.NOT_CARRIED:
        return ""
    if part.unread or reading is None:
        return "Not read yet"
    if part.counted:
        return f"{part.good} of {part.counted}" if counts_shown else ""
    return reading.why


def _headed(rows: Sequence[Row], titles: Collection[str | None]) -> list[Section]:
    """Give each row the headings that open before it and its section, and list the top headings. The policy's title is no section.

    A lead-in ("Staff should:") opens its bullets as a quiet line of level LEAD_IN, and not at all where the clause before has said it.
    """
    said = [row.clause.text for row in rows if row.clause.text.endswith(":")]
    before: list[str] = []
    sections: list[Section] = []
    for row in rows:
        path = [text for level, text in enumerate(row.clause.path) if level or text not in titles]
        path = [text for text in path if not (text.endswith(":") and any(whole.endswith(text) for whole in said))]
        same = 0
        while same < min(len(path), len(before)) and path[same] == before[same]:
            same += 1
        row.headings = [(LEAD_IN if text.endswith(":") else min(level + 2, 4), text) for level, text in enumerate(path) if level >= same]
        if path and (same == 0 or not sections) and not path[0].endswith(":"):
            sections.append(Section(path[0], f"s{len(sections) + 1}"))
            row.section = sections[-1].anchor
        if sections:
            sections[-1].broken += row.state == Shown.BROKEN
            sections[-1].due += row.state == Shown.DUE
        before = path
    return sections


def _chained(broken: Sequence[Row]) -> str:
    """Join each broken clause to the next one; returns the anchor of the first."""
    for row, after in pairwise(broken):
        row.next_broken = after.anchor
    return broken[0].anchor if broken else ""


def summary(numbers: Mapping[Shown, int]) -> str:
    """The whole policy in one sentence: `31 of 58 clauses are met, 4 are broken and 2 are for information.`"""
    total = sum(numbers.values())
    if not total:
        return "This policy has no clauses."
    met = numbers.get(Shown.MET, 0)
    start = f"{met} of {total} {'clause' if total == 1 else 'clauses'} {COUNTED_AS[Shown.MET][met != 1]}"
    parts = [
        f"{numbers[state]} {COUNTED_AS[state][numbers[state] != 1]}" for state in IN_ORDER if state != Shown.MET and numbers.get(state)
    ]
    return f"{_listed([start, *parts])}."


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def figures(taken_at: datetime | None, now: datetime) -> str:
    """The age of every figure on the page, in words: `Figures as of 6:02 this morning`."""
    if taken_at is None:
        return "No readings have been taken yet"
    taken, current = dates.in_london(taken_at), dates.in_london(now)
    hour = f"{taken.hour % 12 or 12}:{taken.minute:02}"
    part = "morning" if taken.hour < 12 else "afternoon" if taken.hour < 18 else "evening"
    days = (current.date() - taken.date()).days
    if days == 0:
        return f"Figures as of {hour} this {part}"
    if days == 1:
        return f"Figures as of {hour} yesterday {part}"
    return f"Figures as of {dates.moment(taken_at)}"


def history(clause: Clause, past: Mapping[date, Mapping[str, Reading]]) -> list[tuple[date, str]]:
    """What the clause would have shown on each past reading date, by what it is joined to today; only states that are readings."""
    told = []
    for on, readings in past.items():
        state = of_clause(clause, readings, None, on).state
        if state in rules.READ:
            told.append((on, str(state)))
    return told


def worst_first(tallies: Iterable[Any]) -> list[Any]:
    """Schools or policies by how much is broken, then due, then unknown; the rest by name. Takes anything with `.states` and `.name`."""
    return sorted(tallies, key=lambda one: (*(-one.states.get(state, 0) for state in ("broken", "due", "no_data")), one.name))
