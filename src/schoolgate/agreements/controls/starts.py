"""agreements.signed_before_start: supply staff, volunteers, trainees and contractors accept the rules before they start."""

from django.urls import reverse

from schoolgate.agreements import queries
from schoolgate.agreements.rules import starts
from schoolgate.common import clock
from schoolgate.contracts.controls import Count, Item, Question, control
from schoolgate.people.access import process_scope

NO_START = "Nobody of these categories started in the last 12 months, and the office has not stated so."


@control(starts.CONTROL)
def signed_before_start(q: Question) -> Count:
    """One item a start: each booking, placement, volunteer, contractor's worker and firm of the last 12 months, and those to come."""
    scope = process_scope("readings", q.trust_id, [q.school_id])
    url = reverse("agreements:desk", args=[q.school_id])
    items = []
    for one in queries.starters(scope, q.school_id, q.on, q.params):
        verdict = one.verdict
        standing = verdict.standing
        label = f"{one.name} ({one.about}), {clock.in_words(one.start.first_day)}"
        lines = {one.start.line: standing}
        items.append(Item(label, standing, verdict.why, url, verdict.due_on, verdict.put_right_on, lines=lines))
    nil = "The office has stated that nobody started." if not items and q.nil_until is not None and q.nil_until >= q.on else ""
    return Count(items, silent=NO_START, nil_stands=nil, window=f"12 months to {clock.in_words(q.on)}")
