"""Who joined, moved and left, and what is left to do about each of them: a constant number of queries, however many people there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from schoolgate.common import clock
from schoolgate.common.deadlines import SchoolCalendar
from schoolgate.contracts import still_to_do
from schoolgate.contracts.still_to_do import Owed
from schoolgate.people import movements, rules
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, Engagement
from schoolgate.people.movements import Movement
from schoolgate.people.queries.calendar import calendars


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement and what is still to be done about it today."""

    it: Movement
    owed: Sequence[Owed]


def moved_between(scope: Scope, school_ids: Sequence[UUID], first: date, last: date, today: date) -> list[Moved]:
    """Joiners, movers and leavers of these schools between two days, with what each has still to do: three queries, and those of the
    packages that registered a question."""
    reach = [one for one in school_ids if one in scope.schools]
    found = movements.movements(_places(scope, reach, first, last), _roles(reach, first, last), reach, first, last)
    here: dict[UUID, set[UUID]] = defaultdict(set)
    for one in found:
        if not one.out:
            here[one.school.id].add(one.person.id)
    owed: dict[tuple[UUID, UUID], list[Owed]] = defaultdict(list)
    for ask in still_to_do.questions().values() if here else ():
        for thing in ask(scope, here, today):
            owed[thing.school_id, thing.person_id].append(thing)
    known = calendars(scope, reach)
    told: set[tuple[UUID, UUID]] = set()
    made = []
    for one in found:
        key = one.school.id, one.person.id
        mine = _letter(one, known[one.school.id]) if one.out else [*_row(one), *([] if key in told else owed[key])]
        told |= set() if one.out else {key}  # told once, beside the first of their movements
        made.append(Moved(one, mine))
    return made


def _places(scope: Scope, reach: Sequence[UUID], first: date, last: date) -> QuerySet[Engagement]:
    """Every place in the trust of whoever began or ended one at these schools in that time, or took or gave up a role there."""
    unsaid = Q(starts_on=None, added_at__gte=clock.at(first, 0), added_at__date__lte=last)
    inside = Q(starts_on__range=(first, last)) | Q(ends_on__range=(first, last)) | unsaid
    began = Engagement.objects.filter(inside, school_id__in=reach).values("person_id")
    roles = _roles(reach, first, last).order_by().values("person_id")
    rows = Engagement.objects.filter(Q(person_id__in=began) | Q(person_id__in=roles), school__trust_id=scope.trust_id)
    return rows.select_related("person", "school", "leaver_letter").order_by("id")


def _roles(reach: Sequence[UUID], first: date, last: date) -> QuerySet[Appointment]:
    changed = Q(starts_on__range=(first, last)) | Q(ends_on__range=(first, last))
    return Appointment.objects.filter(changed, school_id__in=reach).select_related("person", "school").order_by("id")


def _row(one: Movement) -> list[Owed]:
    """What the register lacks."""
    lacks = one.place is not None and not one.place.complete
    return [Owed(one.school.id, one.person.id, "Give the row its employer and first day")] if lacks else []


def _letter(one: Movement, calendar: SchoolCalendar) -> list[Owed]:
    """The leaver's letter to send, or its answer to record."""
    letter = getattr(one.place, "leaver_letter", None)
    if letter and letter.answered_at:
        return []
    due_on = calendar.promised(one.on, rules.catalogue_number("people.leaver_reminders_sent", "letter_days"))
    words = "Record the answer to the leaver’s letter" if letter else "Send the leaver’s letter"
    return [Owed(one.school.id, one.person.id, words, due_on)]
