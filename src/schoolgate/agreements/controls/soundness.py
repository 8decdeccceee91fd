"""agreements.signatures_complete: a signature shows who, in what role, when, what was read and understood, and each thing agreed to."""

from django.urls import reverse

from schoolgate.agreements import queries, rules
from schoolgate.common import clock
from schoolgate.contracts.controls import Count, Item, Question, control
from schoolgate.people.access import process_scope
from schoolgate.people.queries import calendars

NONE = "No signature is in force."


@control("agreements.signatures_complete")
def signatures_complete(q: Question) -> Count:
    """One item a signature in force on the policy itself: good when all six lines hold. A scan has scan_days to be looked at."""
    scope = process_scope("readings", q.trust_id, [q.school_id])
    asked = queries.asked_at(scope, q.school_id, q.on)
    found = queries.proofs(scope, q.school_id, asked, q.on) if asked else []
    calendar = calendars(scope, [q.school_id])[q.school_id]
    items = []
    for signature, signed in found:
        one = rules.stood(signed, check_questions=q.params["check_questions"], scan_days=q.params["scan_days"], calendar=calendar, on=q.on)
        url = reverse("agreements:receipt", args=[signature.id])
        items.append(Item(signature.person.name, one.standing, one.why, url, due_on=one.due_on, lines=one.lines))
    return Count(items, silent=NONE, window=clock.in_words(q.on))
