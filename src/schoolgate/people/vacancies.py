"""Whether each role a school relies on is filled, line by line, and since when it is not. Pure.

Source: catalogue people.key_roles_filled. A line fails from a day to a day; how long it has failed decides between due and broken,
and a line put right only after its time stays late for late_days.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol
from uuid import UUID

from schoolgate.common import clock
from schoolgate.common.deadlines import SchoolCalendar
from schoolgate.contracts.controls import Standing
from schoolgate.people import rules
from schoolgate.people.models import Appointment, RequiredRole, RoleDuties

LINES = ("holder", "duties_accepted", "deputy", "delegation", "reachable_today")
WORST_FIRST = (Standing.BROKEN, Standing.LATE, Standing.DUE, Standing.LAPSING, Standing.GOOD)
Holds = Callable[[date], bool]
Limit = Callable[[date], date]


class Facts(Protocol):
    """What is known of a school's roles by the end of a day (queries.RoleFacts)."""

    required: list[RequiredRole]
    appointments: list[Appointment]
    duties: list[RoleDuties]
    away: set[UUID]
    calendar: SchoolCalendar


@dataclass(frozen=True, slots=True)
class LineStanding:
    """How one line stands, when its time runs out or it was put right, and why in plain words."""

    standing: Standing
    why: str = ""
    due_on: date | None = None
    put_right_on: date | None = None


@dataclass(frozen=True, slots=True)
class RoleStanding:
    """One required role: the worst of its lines decides."""

    role: str
    found: Mapping[str, LineStanding]
    holders: list[Appointment] = field(default_factory=list)
    deputies: list[Appointment] = field(default_factory=list)
    required: RequiredRole | None = None

    @property
    def worst(self) -> LineStanding:
        return min(self.found.values(), key=lambda line: (WORST_FIRST.index(line.standing), line.due_on or date.max))

    @property
    def standing(self) -> Standing:
        return self.worst.standing

    @property
    def why(self) -> str:
        return " ".join(line.why for line in self.found.values() if line.why and line.standing != Standing.GOOD)

    @property
    def due_on(self) -> date | None:
        return self.worst.due_on

    @property
    def put_right_on(self) -> date | None:
        return max((line.put_right_on for line in self.found.values() if line.put_right_on), default=None)

    @property
    def lines(self) -> dict[str, Standing]:
        return {name: line.standing for name, line in self.found.items()}


def required_roles(facts: Facts, on: date, params: Mapping[str, Any]) -> list[str]:
    """The roles the school needs on a day: those of the catalogue and those it added, without those struck out."""
    named = [*params["required_roles"], *(row.role for row in facts.required)]
    return [role for role in dict.fromkeys(named) if not _struck_out(_row(facts, role, on))]


def struck_out_roles(facts: Facts, on: date) -> list[RequiredRole]:
    """The roles struck out on a day, each with its reason."""
    rows = {row.role: _row(facts, row.role, on) for row in facts.required}
    return [row for row in rows.values() if row and row.struck_out]


def _row(facts: Facts, role: str, on: date) -> RequiredRole | None:
    """The last word on a role by a day; None where nothing was said of it yet."""
    said = [row for row in facts.required if row.role == role and clock.local_date(row.confirmed_at) <= on]
    return said[-1] if said else None


def _struck_out(row: RequiredRole | None) -> bool:
    return row is not None and bool(row.struck_out)


class Role:
    """One required role of a school over time: who holds it and who stands in, on any day."""

    def __init__(self, role: str, facts: Facts, params: Mapping[str, Any]) -> None:
        self.role, self.facts, self.params = role, facts, params
        self.first = clock.local_date(facts.required[0].confirmed_at)
        holder, deputy = keys_of(role, params)
        self.holder_keys, self.deputy_keys = holder, deputy

    def team(self, day: date) -> tuple[list[Appointment], list[Appointment]]:
        """(holders, deputies) on a day: the school's own, or the trust's where the role is held there."""
        row = _row(self.facts, self.role, day)
        if row and row.held_by:
            live = [one for one in self.facts.appointments if one.school_id is None and one.live(day)]
            holders = [one for one in live if one.id == row.held_by_id]
            return holders, [one for one in live if one.role == row.held_by.role and one.id != row.held_by_id]
        live = [one for one in self.facts.appointments if one.school_id is not None and one.live(day)]
        holders = [one for one in live if one.role in self.holder_keys and not one.deputy]
        stand_ins = [one for one in live if one.role in self.deputy_keys or (one.role in self.holder_keys and one.deputy)]
        return holders, stand_ins

    def asked(self, day: date) -> bool:
        """The school relies on the role on that day."""
        return day >= self.first and not _struck_out(_row(self.facts, self.role, day))

    def points(self) -> list[date]:
        """The days on which anything about the role can have changed."""
        days = [self.first, *(clock.local_date(row.confirmed_at) for row in self.facts.required if row.role == self.role)]
        for one in self.facts.appointments:
            days += [one.starts_on, *([one.ends_on + timedelta(days=1)] if one.ends_on else [])]
            days += [clock.local_date(at) for at in (one.minute_at, one.delegation_at) if at]
            days += [clock.local_date(accepted.at) for accepted in one.acceptances.all()]
        days += [clock.local_date(duties.written_at) for duties in self.facts.duties if duties.role in self.holder_keys]
        return sorted({day for day in days if day >= self.first})


def keys_of(role: str, params: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """The appointments that make a holder and those that make a stand-in. Two roles are held by whoever the school's settings name."""
    holder, deputy = {role}, {f"deputy_{role}"} & rules.known_roles()
    if role == "coordinator":
        holder.add(str(params["coordinator"]))
    if role == "website_lead" and params["sole_charge_person"]:
        holder.add(params["sole_charge_person"][0])
        deputy.update(params["sole_charge_person"][1:])
    return holder, deputy - holder


def role_standing(role: str, facts: Facts, on: date, params: Mapping[str, Any]) -> RoleStanding:
    """How one required role stands on a day."""
    one = Role(role, facts, params)
    holders, deputies = one.team(on)
    found = {"holder": _timed(one, on, _has_holder(one), _vacancy(params), "Nobody holds this role, or the minute is missing")}
    vacancy = found["holder"]
    found["duties_accepted"] = _of_holder(
        one, on, _has_accepted(one), _acceptance(facts.calendar, params), "The duties are not accepted", vacancy=vacancy
    )
    if role in params["deputy_roles"]:
        found["deputy"] = _timed(one, on, _has_deputy(one), _vacancy(params), "Nobody stands in")
    if role in rules.DELEGATED_ROLES:
        said = "The board’s delegation is not recorded"
        found["delegation"] = _of_holder(one, on, _is_delegated(one), _vacancy(params), said, vacancy=vacancy)
    if role in params["alert_roles"]:
        found["reachable_today"] = _reachable([*holders, *deputies], facts.away)
    ordered = {line: found[line] for line in LINES if line in found}
    return RoleStanding(role, ordered, holders, deputies, _row(facts, role, on))


def _vacancy(params: Mapping[str, Any]) -> Callable[[date], date]:
    return lambda since: since + timedelta(days=params["vacancy_days"])


def _acceptance(calendar: SchoolCalendar, params: Mapping[str, Any]) -> Callable[[date], date]:
    return lambda since: calendar.promised(since, params["accept_days"])


def _has_holder(one: Role) -> Holds:
    """A live appointment, and for a governor's role its minute, written down by then."""

    def holds(day: date) -> bool:
        return any(
            one.role not in rules.GOVERNOR_ROLES or (held.minute_at is not None and clock.local_date(held.minute_at) <= day)
            for held in one.team(day)[0]
        )

    return holds


def _has_deputy(one: Role) -> Holds:
    """Two different people: one alone is a fault even where a document asks for sole charge."""
    return lambda day: len({held.person_id for part in one.team(day) for held in part}) > 1


def _has_accepted(one: Role) -> Holds:
    """Each holder accepted the duties as they were written on that day."""

    def holds(day: date) -> bool:
        return all(_accepted(held, _version(one, held, day), day) for held in one.team(day)[0])

    return holds


def _version(one: Role, held: Appointment, day: date) -> str:
    """The version in force on a day. A role held across the trust keeps to the standard duties: they are written by schools."""
    written = [text.version for text in one.facts.duties if text.role == held.role and clock.local_date(text.written_at) <= day]
    return written[-1] if written and held.school_id else rules.STANDARD_DUTIES


def _accepted(held: Appointment, version: str, day: date) -> bool:
    return any(said.version == version and clock.local_date(said.at) <= day for said in held.acceptances.all())


def _is_delegated(one: Role) -> Holds:
    """The power, date and minute stand on each holder's own appointment, so a new holder needs a new delegation."""
    return lambda day: all(held.delegation_at is not None and clock.local_date(held.delegation_at) <= day for held in one.team(day)[0])


def failing(points: Iterable[date], holds: Holds, on: date) -> list[tuple[date, date | None]]:
    """The stretches up to a day in which something did not hold: the first day, and the day it was put right or None."""
    stretches: list[tuple[date, date | None]] = []
    since: date | None = None
    for day in (point for point in points if point <= on):
        good = holds(day)
        if not good and since is None:
            since = day
        elif good and since is not None:
            stretches.append((since, day))
            since = None
    return [*stretches, (since, None)] if since else stretches


def _timed(one: Role, on: date, holds: Holds, limit: Limit, said: str, *, first: date | None = None) -> LineStanding:
    """How a line stands that may fail for a while: due until its limit, broken after, late for late_days once put right too late."""
    points = sorted({*(day for day in one.points() if first is None or day >= first), *([first] if first else [])})
    stretches = failing(points, lambda day: not one.asked(day) or holds(day), on)
    if stretches and stretches[-1][1] is None:
        since, due_on = stretches[-1][0], limit(stretches[-1][0])
        return LineStanding(Standing.DUE if on < due_on else Standing.BROKEN, f"{said}: since {clock.in_words(since)}.", due_on)
    late = [right for since, right in stretches if right and right >= limit(since)]
    if late and on < late[-1] + timedelta(days=one.params["late_days"]):
        return LineStanding(Standing.LATE, f"{said} until {clock.in_words(late[-1])}, for too long.", put_right_on=late[-1])
    return LineStanding(Standing.GOOD)


def _of_holder(one: Role, on: date, holds: Holds, limit: Limit, said: str, *, vacancy: LineStanding) -> LineStanding:
    """A line about the holder: counted from the present holder's first day; with no holder it stands as the vacancy does."""
    holders = one.team(on)[0]
    if not holders:
        return LineStanding(vacancy.standing, "", vacancy.due_on)
    first = max(one.first, min(held.starts_on for held in holders))
    return _timed(one, on, holds, limit, said, first=first)


def _reachable(team: Iterable[Appointment], away: set[UUID]) -> LineStanding:
    """Holder or deputy can be reached. A day on which nobody could is not put right later."""
    if any(held.person_id not in away for held in team):
        return LineStanding(Standing.GOOD)
    return LineStanding(Standing.BROKEN, "Neither holder nor deputy can be reached today.")
