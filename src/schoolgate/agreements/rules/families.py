"""How a family and a class stand in a school year. Pure.

Source: catalogue/controls.yaml, agreements.families_agreed and agreements.pupils_agreed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from schoolgate.agreements.models import Answer
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied
from schoolgate.contracts.controls import Standing

FAMILIES, PUPILS = "agreements.families_agreed", "agreements.pupils_agreed"
ANSWERED = frozenset({Answer.ACCEPTED, Answer.DECLINED})
SEPTEMBER = 9

FAMILY_STATEMENTS = ("We have read our part of the policy.", "We will keep it.")
PUPIL_STATEMENTS = ("I have been told these rules and I will keep them.",)

FAMILY_LINES = (
    "We talk about school online as we would at the school gate: kindly and truthfully.",
    "When something worries us, we tell the school first and do not post it.",
    "We do not share pictures or names of other people’s children.",
    "We reach staff through the school’s own e-mail and telephone, and not through their private accounts.",
    "We help our child to keep passwords and private details to themself.",
)
PUPIL_LINES = {
    "younger": (
        "I ask a grown-up before I go online.",
        "I keep my passwords and my address to myself.",
        "I do not send messages to my teachers on their own phones or accounts.",
        "I am kind to other people online.",
        "If something makes me sad or scared, I tell a grown-up I trust.",
    ),
    "older": (
        "I reach staff only through the school’s own systems, never through their private accounts.",
        "I keep my passwords, my address and where I am to myself.",
        "I do not post about other people without asking them.",
        "I think before I post: it may be seen by anyone and stay for ever.",
        "If something online worries me, I tell an adult at school or at home.",
    ),
}
"""Offered when the form is published; a school may use its own words. In words for each age band."""

BANDS = {"younger": "Pupils up to Year 6", "older": "Pupils from Year 7"}
OLDER = frozenset({"7", "8", "9", "10", "11", "12", "13"})


def band_of(year: str) -> str:
    """The age band of a year."""
    return "older" if year in OLDER else "younger"


def signs_singly(year: str, from_year: int) -> bool:
    """Each pupil of this year signs for themself."""
    return year.isdecimal() and int(year) >= from_year


def class_name(year: str) -> str:
    """A class in words: the roster keeps the year."""
    return {"": "Pupils without a year", "N": "Nursery", "R": "Reception"}.get(year, f"Year {year}")


def class_order(year: str) -> int:
    """Where a class stands in a list, youngest first."""
    return {"": -1, "N": 0, "R": 1}.get(year, int(year) + 1 if year.isdecimal() else 99)


def school_year_start(on: date) -> date:
    """The first day of the school year a day lies in (rules/calendar.yaml, periods.school_year)."""
    return date(on.year if on.month >= SEPTEMBER else on.year - 1, SEPTEMBER, 1)


def collect_by(written: str, on: date) -> date:
    """The day a catalogue text such as "31 October" means in the school year of a day."""
    start = school_year_start(on)
    day, month = written.split()
    for year in (start.year, start.year + 1):
        meant = datetime.strptime(f"{day} {month} {year}", "%d %B %Y").date()  # noqa: DTZ007  a date of the school's calendar, no instant
        if meant >= start:
            return meant
    raise ValueError(f"{written!r} is no day of a school year")


def households(pupils: Iterable[UUID], ties: Iterable[tuple[UUID, UUID]]) -> list[frozenset[UUID]]:
    """The pupils of each family: those who share a guardian, directly or through a brother or sister. `ties` are (pupil, guardian)."""
    of_guardian: dict[UUID, UUID] = {}
    head = {pupil: pupil for pupil in pupils}

    def root(pupil: UUID) -> UUID:
        while head[pupil] != pupil:
            head[pupil] = head[head[pupil]]
            pupil = head[pupil]
        return pupil

    for pupil, guardian in ties:
        if pupil in head:
            first = of_guardian.setdefault(guardian, pupil)
            head[root(pupil)] = root(first)
    found: dict[UUID, set[UUID]] = {}
    for pupil in head:
        found.setdefault(root(pupil), set()).add(pupil)
    return [frozenset(members) for members in found.values()]


@dataclass(frozen=True, slots=True)
class FamilyTerms:
    """The control's numbers for one school year."""

    year_start: date
    collect_by: date
    new_family_days: int
    enough_percent: int


def judge_family(
    *, admitted: date, said: Mapping[str, date], share: float, terms: FamilyTerms, on: date
) -> tuple[Standing, str, date | None]:
    """How one family stands. `said` holds the last day of each answer since the school year began or, for a new family, since it came;
    `share` is the percentage of all families that have answered. LATE without a day to be put right: listed, and not failed."""
    new = admitted >= terms.year_start
    for answer in (Answer.ACCEPTED, Answer.DECLINED):
        if answer in said:
            return Standing.GOOD, f"{answer.label} on {clock.in_words(said[answer])}", None
    asked = f"Asked on {clock.in_words(said[Answer.ASKED])}, no answer yet" if Answer.ASKED in said else "Not asked yet"
    if Answer.TALK in said:
        asked = f"Asked on {clock.in_words(said[Answer.TALK])} to talk first"
    if Answer.UNREACHABLE in said:
        asked = f"Could not be reached on {clock.in_words(said[Answer.UNREACHABLE])}"
    last_new = admitted + timedelta(days=terms.new_family_days - 1)
    if new and on <= last_new:
        return Standing.DUE, asked, last_new
    if new and not said:
        return Standing.BROKEN, "A new family that has not been asked", last_new
    if on <= terms.collect_by:
        return Standing.DUE, asked, terms.collect_by
    return (Standing.LATE if share >= terms.enough_percent else Standing.BROKEN), asked, terms.collect_by


def check_family_answer(answer: str, conversation: str) -> None:
    """A decline needs the conversation that was had."""
    if answer not in Answer.values:
        raise BadInput("Choose what the family said.", "answer")
    if answer == Answer.DECLINED and not conversation.strip():
        raise BadInput("Write what was said in the conversation, and what the family was told.", "conversation")


def check_round(*, is_open: bool, band: str, year: str, taken_on: date, since: date, today: date) -> None:
    """A class is taken through the open rules of its own age band, on a day that has come."""
    if not is_open:
        raise Denied("Newer rules have taken the place of these. Take the class through those.")
    if band and band != band_of(year):
        raise Denied("These rules are worded for another age. Take the class through the ones for its own.")
    if not since <= taken_on <= today:
        raise BadInput("The day lies ahead of today or before these rules were published.", "taken_on")


def missing_pupils(on_roll: Sequence[UUID], marks: Mapping[UUID, bool]) -> list[UUID]:
    """Pupils of a class who have neither signed nor been marked absent."""
    return [pupil for pupil in on_roll if pupil not in marks]


# ------------------------------------------------------------------ by a link

BY_LINK = (Answer.ACCEPTED, Answer.TALK)
"""What a guardian can say by a link. A decline needs a conversation first: who cannot accept asks to talk."""

MOST_WRONG_NAMES = 10
NOBODY = "There is no child you can answer for with this link. Ask the school office."


def check_family_link(*, used_words: str, ended: bool, wrong_names: int) -> None:
    """Whether a guardian's link may still be used. Says what to do where it may not. `used_words` is empty while it is unused."""
    if used_words:
        what_now = "If that was not you, tell the school office today; to change your answer, ask for a new link."
        raise Denied(f"This link was used on {used_words}. A link works once. {what_now}")
    if wrong_names >= MOST_WRONG_NAMES:
        raise Denied("The name was wrong too often, so this link works no more. Ask the school office for a new one.")
    if ended:
        raise Denied("This link is too old, or another one was used or has taken its place. Ask the school office for a new one.")


def check_children(offered: Iterable[UUID], given: Mapping[UUID, str]) -> None:
    """Each child the guardian may answer for has an answer of its own, and no other child has one."""
    if set(given) != set(offered):
        raise BadInput("Answer for each child named here. The list has changed since you opened it: look at it again.", "children")
    if any(answer not in BY_LINK for answer in given.values()):
        raise BadInput("Choose one answer for each child.", "children")
