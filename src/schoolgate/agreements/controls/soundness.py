"""agreements.signatures_complete: a signature shows who, in what role, when, what was read and understood, and each thing agreed to."""

from django.urls import reverse

from schoolgate.agreements import queries, rules
from schoolgate.contracts.controls import Count, Item, Question, control
from schoolgate.people.access import process_scope
from schoolgate.people.queries import school

NONE = "No signature is in force."


@control("agreements.signatures_complete")
def signatures_complete(q: Question) -> Count:
    """One item a signature in force on the policy itself: good when all five lines hold. A scan has scan_days to be looked at."""
    scope = process_scope("readings", q.trust_id, [q.school_id])
    asked = queries.asked_at(scope, q.school_id, q.on)
    found = queries.proofs(scope, q.school_id, asked, q.on) if asked else []
    nation = school(scope, q.school_id).nation
    items = []
    for signature, signed in found:
        one = rules.stood(signed, scan_days=q.params["scan_days"], nation=nation, on=q.on)
        url = reverse("agreements:receipt", args=[signature.id])
        items.append(Item(signature.person.name, one.standing, one.why, url, due_on=one.due_on, lines=one.lines))
    return Count(items, silent=NONE, window=rules.plain(q.on))
