"""What this package still waits for from people who came or changed place: the duties of their roles, read and accepted."""

from collections.abc import Iterable
from datetime import date

from schoolgate.common import clock
from schoolgate.contracts.still_to_do import Owed, Wanted, still_to_do
from schoolgate.people import queries, rules
from schoolgate.people.access import Scope


@still_to_do("people.accept_duties")
def duties(scope: Scope, wanted: Wanted, today: date) -> Iterable[Owed]:
    """Each live role at these schools whose duties, as they are written now, its holder has not accepted."""
    days = rules.catalogue_number("people.key_roles_filled", "accept_days")
    waiting = queries.duties_waiting(scope, wanted, today)
    calendars = queries.calendars(scope, list(wanted)) if waiting else {}
    for held in waiting:
        since = max(held.starts_on, clock.local_date(held.made_at))
        due_on = calendars[held.school_id].promised(since, days)  # type: ignore[index]
        yield Owed(held.school_id, held.person_id, f"Accept the duties of {rules.title_of(held.role).lower()}", due_on)  # type: ignore[arg-type]
