"""Whether a signature stands up. Pure. Source: catalogue/controls.yaml, agreements.signatures_complete, lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from schoolgate.agreements.models import Means
from schoolgate.agreements.rules.signing import same_name
from schoolgate.common import clock
from schoolgate.common.deadlines import SchoolCalendar
from schoolgate.contracts.controls import Standing

LINES = ("identity", "read", "understood", "statements", "wording_kept")


@dataclass(frozen=True, slots=True)
class Signed:
    """What is stored of one signature, with the form it answers: how many `questions` its check has and the fingerprint of its `wording`.

    `scan_held` None: nobody has looked at the scan yet.
    """

    name: str
    register_name: str
    role: str
    means: str
    opened_at: datetime | None
    signed_at: datetime
    entered_at: datetime | None
    entered_by_somebody: bool
    witness: str
    check_passed_at: datetime | None
    questions: int
    fingerprint: str
    wording: str
    statements: Sequence[str]
    asked: Sequence[str]
    one_by_one: bool
    scanned: bool
    scan_held: bool | None


@dataclass(frozen=True, slots=True)
class Stood:
    """How one signature stands, line by line, what is wrong with it, and by when a scan is to be looked at."""

    lines: dict[str, Standing]
    why: str
    due_on: date | None = None

    @property
    def standing(self) -> Standing:
        """The worst of the lines."""
        order = (Standing.BROKEN, Standing.DUE, Standing.GOOD)
        return min(self.lines.values(), key=order.index)


def stood(one: Signed, *, check_questions: int, scan_days: int, calendar: SchoolCalendar, on: date) -> Stood:
    """Each line of one signature by itself."""
    faults: dict[str, str] = {}
    if not (one.role and same_name(one.name, one.register_name)):
        faults["identity"] = "the name is not the one on the register" if one.role else "the role held that day is not stored"
    if one.opened_at is None or one.opened_at > one.signed_at:
        faults["read"] = "the full text was not opened before signing"
    if one.check_passed_at is None:
        faults["understood"] = "the short check of understanding was not passed"
    elif one.questions < check_questions:
        faults["understood"] = f"the short check has fewer than {check_questions} questions"
    if not one.one_by_one or list(one.statements) != list(one.asked):
        faults["statements"] = "not every statement was ticked on its own"
    if not one.fingerprint or one.fingerprint != one.wording:
        faults["wording_kept"] = "the fingerprint of the text signed is not stored"
    lines = {name: Standing.BROKEN if name in faults else Standing.GOOD for name in LINES}
    paper, words, due_on = _dated(one, scan_days, calendar, on)
    why = "; ".join([*([words] if words else []), *faults.values()])
    return Stood({**lines, "signed_and_dated": paper}, why[:1].upper() + why[1:], due_on)


def _dated(one: Signed, scan_days: int, calendar: SchoolCalendar, on: date) -> tuple[Standing, str, date | None]:
    """An electronic signature has the server's time; a paper one a scan with witness and both dates, looked at in time."""
    if one.means != Means.PAPER:
        return Standing.GOOD, "", None
    if not (one.scanned and one.witness and one.entered_at and one.entered_by_somebody and one.signed_at <= one.entered_at):
        return Standing.BROKEN, "the paper form lacks its scan, its witness or a date", None
    if one.scan_held is not None:
        return (Standing.GOOD, "", None) if one.scan_held else (Standing.BROKEN, "the scan does not show the signature", None)
    due_on = calendar.promised(clock.local_date(one.entered_at), scan_days)
    standing = Standing.DUE if on < due_on else Standing.BROKEN
    return standing, "the scan has not been looked at", due_on
