"""agreements.signed_by_everyone: every adult the policy covers has signed the version now in force."""

from django.urls import reverse

from schoolgate.agreements import queries, rules
from schoolgate.common import clock
from schoolgate.contracts.controls import Count, Item, Question, control
from schoolgate.people.access import process_scope

NO_FORM = "No agreement form is published for the version in force."
NOBODY = "The register has no active adults in the categories that sign."


@control(rules.CONTROL)
def signed_by_everyone(q: Question) -> Count:
    """Every covered adult, good when their latest signature is on the current material version and has not run out.

    Contractors are counted elsewhere. People on long leave are set aside. A refusal is unsigned. One person is one item, judged by
    the worst of the lines and forms that fit them. The first day to sign a version is the later of its coming into force and its
    form being published: nobody could sign before.
    """
    scope = process_scope("readings", q.trust_id, [q.school_id])
    asked = queries.asked_at(scope, q.school_id, q.on)
    if not asked:
        return Count(silent=NO_FORM, window=_window(q))
    found = queries.rows(scope, q.school_id, asked, q.on)
    places = queries.places(found, asked, rules.terms_of(q.params), q.on)
    url = reverse("agreements:people", args=[asked[0].form.id])
    items = [_item(place, url) for place in places if place.verdict]
    measured = {
        "set_aside": sum(1 for place in places if place.set_aside),
        "refused": sum(1 for one in places if one.refusal and one.refusal.is_refusal and one.owes),
    }
    return Count(items, silent=NOBODY, window=_window(q), measured=measured)


def _window(q: Question) -> str:
    return clock.in_words(q.on)


def _item(place: queries.Place, url: str) -> Item:
    verdict = place.verdict or rules.worst(place.lines.values())
    lines = {line: one.standing for line, one in place.lines.items()}
    return Item(label=place.person.name, standing=verdict.standing, why=_why(place, verdict), url=url, due_on=verdict.due_on, lines=lines)


def _why(place: queries.Place, verdict: rules.Verdict) -> str:
    """In words, with a refusal and whether the head has answered it."""
    if not (place.refusal and place.refusal.is_refusal and place.owes):
        return verdict.why
    refused = f"Refused on {clock.in_words(clock.local_date(place.refusal.refused_at))}"
    answered = place.refusal.decided_at
    return (
        f"{refused}; the head answered on {clock.in_words(clock.local_date(answered))}"
        if answered
        else f"{refused}; the head has not answered"
    )
