"""What certain persons have still to sign at many schools at once: six queries, however many schools and persons there are."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from schoolgate.agreements import rules
from schoolgate.agreements.models import ADULT_KINDS, Agreement, Signature
from schoolgate.agreements.queries.places import Rows, ToSign, known_by, of_form, owing
from schoolgate.agreements.queries.published import Asked, chain_asked, in_reach, is_current
from schoolgate.agreements.rules import Terms
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, Engagement
from schoolgate.policies import queries as policies


def owed_by(scope: Scope, wanted: Mapping[UUID, Collection[UUID]], today: date) -> Iterator[tuple[UUID, ToSign]]:
    """Each form that one of these persons, asked about by school, is asked to sign there today and owes."""
    asked = _asked(scope, list(wanted))
    persons = {person for school_id in asked for person in wanted[school_id]}
    rows = _rows(asked, persons, today)
    terms = _terms(scope, list(asked))
    for school_id, forms in asked.items():
        for one in forms:
            for place in owing(of_form(rows[school_id], one, terms[school_id], today)):
                if place.person.id in wanted[school_id]:
                    yield school_id, ToSign(one.form, place)


def _asked(scope: Scope, school_ids: Sequence[UUID]) -> dict[UUID, list[Asked]]:
    """The forms that stand today at each school that has any."""
    chains: dict[tuple[UUID, str], list[Agreement]] = defaultdict(list)
    for one in in_reach(scope).filter(school_id__in=school_ids, kind__in=ADULT_KINDS).order_by("published_at", "version__number", "id"):
        chains[one.school_id, one.subject].append(one)
    found: dict[UUID, list[Asked]] = defaultdict(list)
    for (school_id, _), chain in chains.items():
        if is_current(chain[-1]):
            found[school_id].append(chain_asked(chain))
    return {key: sorted(forms, key=lambda one: one.form.title) for key, forms in found.items()}


def _rows(asked: Mapping[UUID, Sequence[Asked]], persons: Collection[UUID], today: date) -> dict[UUID, Rows]:
    """What the register, the roles and the signatures say of these persons, school by school. Refusals are left out: they still owe."""
    made = {school_id: Rows([], {}, {}, defaultdict(set)) for school_id in asked}
    engaged = Engagement.objects.filter(people.live(today), school_id__in=made, person_id__in=persons).select_related("person")
    for one in engaged.order_by("person__family", "person__given", "person_id", "id"):
        made[one.school_id].engaged.append(one)
    subject_of = {form_id: (school_id, one.form.subject) for school_id, forms in asked.items() for one in forms for form_id in one.stands}
    signed = Signature.objects.filter(known_by(today), agreement_id__in=subject_of, person_id__in=persons).order_by("signed_at", "id")
    for person_id, form_id, at in signed.values_list("person_id", "agreement_id", "signed_at"):
        school_id, subject = subject_of[form_id]
        made[school_id].signed[person_id, subject] = at
    held = Appointment.objects.filter(people.live(today), Q(school_id__in=made) | Q(school=None), person_id__in=persons)
    for person_id, role, at_school in held.values_list("person_id", "role", "school_id"):
        for school_id in [at_school] if at_school else made:
            made[school_id].roles[person_id].add(role)
    return made


def _terms(scope: Scope, school_ids: Sequence[UUID]) -> dict[UUID, Terms]:
    """Each school's own numbers."""
    settings: Mapping[UUID, Mapping[str, Any]] = policies.settings_of_schools(scope, school_ids)
    return {school_id: rules.terms_of(rules.params_from(settings[school_id])) for school_id in school_ids}
