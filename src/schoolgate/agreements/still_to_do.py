"""What people who came or changed place have still to sign."""

from collections.abc import Iterable
from datetime import date

from schoolgate.agreements import queries
from schoolgate.contracts.still_to_do import Owed, Wanted, still_to_do
from schoolgate.people.access import Scope


@still_to_do("agreements.sign")
def signatures(scope: Scope, wanted: Wanted, today: date) -> Iterable[Owed]:
    """Each form that one of these persons is asked to sign at a school and has not signed, or must sign again soon."""
    for school_id, one in queries.owed_by(scope, wanted, today):
        if one.verdict:
            yield Owed(school_id, one.place.person.id, f"Sign {one.form.title}, {one.form.edition}", one.verdict.due_on)
