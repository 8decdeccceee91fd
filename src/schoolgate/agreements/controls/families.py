"""Families know and accept their part, and pupils have gone through their own rules."""

from datetime import date

from django.urls import reverse

from schoolgate.agreements import queries
from schoolgate.agreements.queries import SchoolClass
from schoolgate.agreements.rules import families as family_rules
from schoolgate.common import clock
from schoolgate.contracts.controls import Count, Item, Question, Standing, control
from schoolgate.people.access import process_scope

NO_FORM, NO_FAMILY = "No form for families is published.", "No family is on the register."
NOTHING = "The policies in force place nothing on families."
NO_RULES, NO_CLASS = "No rules for pupils are published.", "No class is on the register."
NO_PUPILS = "The school has no pupils on roll yet."


@control(family_rules.FAMILIES)
def families_agreed(q: Question) -> Count:
    """One item a family with a pupil on roll: good when it accepted, or declined with a conversation, this school year.

    When enough families have answered after collect_by, the rest are listed and not failed.
    """
    scope = process_scope("readings", q.trust_id, [q.school_id])
    if not queries.places_on(scope, q.school_id, "parents", family_rules.FAMILIES, q.on):
        return Count(not_applicable=NOTHING)
    if queries.family_form(scope, q.school_id, q.on) is None:
        return Count(silent=NO_FORM)
    found = queries.families(scope, q.school_id, q.on)
    by = family_rules.collect_by(q.params["collect_by"], q.on)
    start = family_rules.school_year_start(q.on)
    terms = family_rules.FamilyTerms(start, by, q.params["new_family_days"], q.params["enough_percent"])
    share = 100 * sum(one.answered for one in found) / len(found) if found else 0
    url, items = reverse("agreements:families", args=[q.school_id]), []
    for one in found:
        standing, why, due_on = family_rules.judge_family(admitted=one.admitted, said=one.said, share=share, terms=terms, on=q.on)
        listed = date.min if standing == Standing.LATE else None  # long put right: stays out of the numerator and decides nothing
        items.append(Item(one.label, standing, why, url, due_on=None if listed else due_on, put_right_on=listed))
    return Count(items, silent=NO_FAMILY, window=f"the school year from {clock.in_words(start)}", measured={"share": round(share, 1)})


@control(family_rules.PUPILS)
def pupils_agreed(q: Question) -> Count:
    """One item a class on roll: good when its teacher recorded this school year that the rules were explained and agreed, and where each
    pupil signs singly when all present have."""
    scope = process_scope("readings", q.trust_id, [q.school_id])
    found = queries.classes(scope, q.school_id, q.on)
    if not found:
        yet = queries.ever_had_pupils(scope, q.school_id, q.on)
        return Count(not_applicable=NO_PUPILS) if yet else Count(silent=NO_CLASS)
    if not queries.pupil_forms(scope, q.school_id, q.on):
        return Count(silent=NO_RULES)
    by = family_rules.collect_by(q.params["collect_by"], q.on)
    url = reverse("agreements:classes", args=[q.school_id])
    items = [_class(one, q.params["sign_singly_from_year"], by, q.on, url) for one in found]
    return Count(items, silent=NO_CLASS, window=f"the school year from {clock.in_words(family_rules.school_year_start(q.on))}")


def _class(one: SchoolClass, from_year: int, by: date, on: date, url: str) -> Item:
    missing = one.missing(from_year)
    if one.rounds and not missing:
        last = one.rounds[-1]
        absent = f"; {one.absent} absent, not caught up yet" if one.absent else ""
        return Item(one.name, Standing.GOOD, f"Taken through the rules on {clock.in_words(last.taken_on)}{absent}", url)
    why = f"{missing} have not signed" if one.rounds else "Not taken through the rules this school year"
    return Item(one.name, Standing.DUE if on <= by else Standing.BROKEN, why, url, due_on=by)
