"""Who may start: supply staff, trainees, volunteers and contractors accept the rules first. Pure.

Source: catalogue/controls.yaml, agreements.signed_before_start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from schoolgate.common import clock
from schoolgate.contracts.controls import Standing
from schoolgate.people.models import Category

CONTROL = "agreements.signed_before_start"
LINE_OF = {
    Category.SUPPLY: "supply",
    Category.VOLUNTEER: "volunteers_and_trainees",
    Category.TRAINEE: "volunteers_and_trainees",
    Category.CONTRACTOR: "contractors",
}
"""Those who start only after accepting the rules, and the line each is counted by."""

FIRM = "contractor_contact"
"""The capacity whose holder accepts for a firm (rules/roles.yaml)."""


@dataclass(frozen=True, slots=True)
class Start:
    """One short engagement or one firm: its first day, its last, when it was seen to arrive, and when the rules were accepted.

    `before` is the last day of the booking before: what was accepted for that one has ended with it.
    """

    line: str
    first_day: date
    last_day: date | None
    arrived_at: datetime | None
    accepted: Sequence[datetime]
    before: date | None = None


@dataclass(frozen=True, slots=True)
class StartVerdict:
    """How one start stands. `by` is when an acceptance is or was needed."""

    standing: Standing
    why: str
    due_on: date | None = None
    put_right_on: date | None = None

    @property
    def may_start(self) -> bool:
        """The rules are accepted and have not run out."""
        return self.standing in {Standing.GOOD, Standing.LAPSING, Standing.LATE}


def judge_start(start: Start, *, on: date, grace_hours: int, term_days: int, remind_days: int) -> StartVerdict | None:
    """How a start stands on a day; None for one that lies ahead and asks nothing yet."""
    valid = sorted(at for at in start.accepted if _counts(start, at, term_days))
    if not valid:
        return _unsigned(start, on, remind_days)
    if start.first_day > on:
        return None
    first, latest = valid[0], clock.local_date(valid[-1])
    signed = f"Accepted on {clock.in_words(clock.local_date(first))}"
    if start.last_day is None or start.last_day >= on:
        ended = _run_out(start, latest, on, term_days, remind_days)
        if ended:
            return ended
    if _in_time(start, first, grace_hours):
        return StartVerdict(Standing.GOOD, signed)
    return StartVerdict(
        Standing.LATE, f"{signed}, after starting on {clock.in_words(start.first_day)}", put_right_on=clock.local_date(first)
    )


def _counts(start: Start, at: datetime, term_days: int) -> bool:
    """An acceptance of an earlier booking, or one that had run out before the first day, counts for nothing."""
    day = clock.local_date(at)
    if start.before is not None and day <= start.before:
        return False
    return start.line != "volunteers_and_trainees" or day + timedelta(days=term_days) >= start.first_day


def _unsigned(start: Start, on: date, remind_days: int) -> StartVerdict | None:
    if start.first_day > on + timedelta(days=remind_days):
        return None
    words = f"{'Starts' if start.first_day >= on else 'Started'} on {clock.in_words(start.first_day)} and has not accepted the rules"
    return StartVerdict(Standing.DUE if start.first_day >= on else Standing.BROKEN, words, due_on=start.first_day)


def _run_out(start: Start, latest: date, on: date, term_days: int, remind_days: int) -> StartVerdict | None:
    """A volunteer's or trainee's acceptance lasts at most term_days."""
    if start.line != "volunteers_and_trainees":
        return None
    last = latest + timedelta(days=term_days)
    if on > last:
        return StartVerdict(Standing.BROKEN, f"Accepted on {clock.in_words(latest)}, which ran out on {clock.in_words(last)}", due_on=last)
    if on > last - timedelta(days=remind_days):
        return StartVerdict(Standing.LAPSING, f"Accepted on {clock.in_words(latest)}; runs out on {clock.in_words(last)}", due_on=last)
    return None


def _in_time(start: Start, at: datetime, grace_hours: int) -> bool:
    """On or before the first day; supply staff whose arrival was seen have grace_hours from then."""
    if start.line == "supply" and start.arrived_at is not None:
        return at <= start.arrived_at + timedelta(hours=grace_hours)
    return clock.local_date(at) <= start.first_day
