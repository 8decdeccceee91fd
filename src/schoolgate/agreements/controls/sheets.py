"""Two sheets of the school's own making: the private-use rules and the confidentiality undertaking."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from schoolgate.agreements import queries, rules
from schoolgate.agreements.models import Agreement, Kind
from schoolgate.agreements.queries import PrivateRules
from schoolgate.agreements.rules import Terms, Verdict
from schoolgate.agreements.rules.standing import EVERYBODY
from schoolgate.common import clock
from schoolgate.contracts.controls import Count, Item, Question, Standing, control
from schoolgate.people.access import Scope, process_scope
from schoolgate.people.models import Engagement, Person

NO_SHEET = "No rule sheet has been published."
NO_RULES = "The policies in force hold no rule for private use."
NO_UNDERTAKING = "No undertaking is published."
NOBODY = "The register has no active adults."


def _scope(q: Question) -> Scope:
    return process_scope("readings", q.trust_id, [q.school_id])


def _here(engaged: Iterable[Engagement], on: date) -> dict[Person, list[Engagement]]:
    """Every adult who is not on long leave, with their places."""
    found: dict[Person, list[Engagement]] = {}
    for one in engaged:
        if not one.away(on):
            found.setdefault(one.person, []).append(one)
    return found


@control(rules.PRIVATE)
def personal_rules_signed(q: Question) -> Count:
    """Every covered adult, good when they signed a sheet with the fingerprint of the one that would be made today.

    A rule for private use is a clause in force that is joined to this control and says must, must not or should not.
    """
    scope = _scope(q)
    today = queries.private_rules(scope, q.school_id, q.on)
    if today is None:
        return Count(not_applicable=NO_RULES)
    form = queries.open_sheet_form(scope, q.school_id, Kind.PRIVATE_RULES, q.on)
    if form is None or form.sheet is None:
        return Count(silent=NO_SHEET)
    left_out = today.must_carry - rules.lines_in(form.sheet.parts)
    found = queries.rows(scope, q.school_id, [], q.on)
    signed = queries.fingerprints_signed(q.school_id, Kind.PRIVATE_RULES, q.on)
    since = _changed(today, form, scope, q)
    url, items = reverse("agreements:people", args=[form.id]), []
    for person, places in _here(found.engaged, q.on).items():
        joined = min(queries.joined([one], one.category) for one in places)
        verdict = _private(today.fingerprint in signed.get(person.id, set()), joined, since, len(left_out), q)
        items.append(Item(person.name, verdict.standing, verdict.why, url, due_on=verdict.due_on))
    return Count(items, silent=NOBODY, window=clock.in_words(q.on), measured={"left_out": len(left_out)})


def _changed(today: PrivateRules, form: Agreement, scope: Scope, q: Question) -> date:
    """Since when the sheet says what it says: published so, or changed underneath and not published again yet."""
    same = queries.same_sheet_since(scope, q.school_id, form.kind, today.fingerprint)
    return same if same and same <= q.on else today.changed_on


def _private(signed: bool, joined: date, since: date, left_out: int, q: Question) -> Verdict:
    if left_out:
        rest = "a rule" if left_out == 1 else f"{left_out} rules"
        return Verdict(Standing.BROKEN, None, f"The published sheet leaves out {rest} of the policy")
    if signed:
        return Verdict(Standing.GOOD, None, "Signed the sheet as it is today")
    last = max(rules.last_day(joined, q.params["sign_days"]), rules.last_day(since, q.params["resign_days"]))
    return Verdict(Standing.DUE if q.on <= last else Standing.BROKEN, last, f"Has not signed the sheet of {clock.in_words(since)}")


@control("agreements.confidentiality_signed")
def confidentiality_signed(q: Question) -> Count:
    """Every covered adult, contractors' named workers included, good when they signed the undertaking as it is worded now."""
    scope = _scope(q)
    asked = queries.asked_at(scope, q.school_id, q.on, [Kind.UNDERTAKING])
    if not asked:
        return Count(silent=NO_UNDERTAKING)
    found = queries.rows(scope, q.school_id, asked, q.on)
    terms = Terms(EVERYBODY, q.params["sign_days"], q.params["resign_days"], None, 0, 0)
    places = queries.places(found, asked, terms, q.on)
    url = reverse("agreements:people", args=[asked[0].form.id])
    items = []
    for place in places:
        if place.verdict and place.set_aside is None:
            firms = {one.employer for one in place.engagements if one.category == "contractor" and one.employer}
            label = f"{place.person.name} ({', '.join(sorted(firms))})" if firms else place.person.name
            items.append(Item(label, place.verdict.standing, place.verdict.why, url, due_on=place.verdict.due_on))
    return Count(items, silent=NOBODY, window=clock.in_words(q.on), measured={"away": sum(1 for one in places if one.set_aside)})
