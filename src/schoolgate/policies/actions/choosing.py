"""Settings are chosen by trust and schools; a school that departs from the trust tells it, or asks it first."""

from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, Replaced
from schoolgate.notify import actions as notify
from schoolgate.people.access import Scope
from schoolgate.people.models import Person, School
from schoolgate.people.permissions import Permission
from schoolgate.policies import queries, rules
from schoolgate.policies.models import SettingAnswer, SettingChoice
from schoolgate.policies.rules import choices

TOLD, ASKED, ANSWERED = "setting.departed", "setting.to_answer", "setting.answered"


@transaction.atomic
def choose_setting(*, key: str, value: Any, school: School | None = None, reason: str = "", approver: str = "", by: Scope) -> SettingChoice:
    """Record a choice for a setting, for one school or (no school) the trust. The latest row counts; the ones before stay.

    A departure whose approver is left to the trust counts only once the trust has agreed. The trust hears of either kind.
    """
    school_id = school.id if school else None
    rules.check_can_choose(school_id, by)
    trust_value = choices.resolve(key, trust=_chosen(by, key))
    choices.check_choice(
        key, value, at_school=school is not None, nation=school.nation if school else "england", reason=reason, approver=approver,
        trust_value=trust_value,
    )  # fmt: skip
    departs = school is not None and value != trust_value and choices.trust_may_approve(choices.setting(key))
    asks = departs and not approver.strip()
    row = SettingChoice.objects.create(
        trust_id=by.trust_id, school=school, key=key, value=value, reason=reason.strip()[:300], approver=approver.strip()[:200],
        asks_trust=asks, chosen_at=clock.now(), chosen_by_id=by.person_id,
    )  # fmt: skip
    audit.record(
        "setting.chosen", row, trust_id=by.trust_id, school_id=school_id, why=reason, facts={"key": key, "asks_trust": asks}, by=by.actor
    )
    if departs:
        _tell_the_trust(row, by)
    return row


def _chosen(by: Scope, key: str) -> Any:
    row = queries.setting_choices(by, []).get((None, key))
    return row.value if row else None


def _tell_the_trust(row: SettingChoice, by: Scope) -> None:
    deciders = [one for one in queries.able(by, Permission.SETTING_TRUST, None, clock.today()) if one.id != by.person_id]
    if row.asks_trust and not deciders:
        raise BadInput("Nobody at the trust can answer this. Say who approved it, such as the governing body.", "approver")
    path = reverse("policies:departure", args=[row.id]) if row.asks_trust else reverse("policies:departures")
    for person in deciders:
        _tell(row, person, ASKED if row.asks_trust else TOLD, path)


def _tell(row: SettingChoice, person: Person, template: str, path: str) -> None:
    notify.queue(
        person_id=person.id, trust_id=row.trust_id, school_id=row.school_id, template=template, path=path, address=person.email,
        by_email=bool(person.email), once=f"{template}:{row.id.hex}:{person.id.hex}",
    )  # fmt: skip


@transaction.atomic
def answer_departure(*, choice: SettingChoice, agreed: bool, why: str, by: Scope) -> SettingAnswer:
    """The trust agrees that a school departs from it, or does not, once and with a reason. Whoever asked is told."""
    found = queries.departure(by, choice.id)
    rules.check_can_answer(found.chosen_by_id, by)
    if by.person_id is None:
        raise Denied("A named person must answer this; a process cannot.")
    assert found.school_id is not None  # only schools depart from the trust
    said = rules.check_reason(why, "why")
    if queries.is_overtaken(found):
        raise Replaced("The school has chosen again since. Load the page again.")
    try:
        with transaction.atomic():
            row = SettingAnswer.objects.create(
                school_id=found.school_id, choice=found, agreed=agreed, why=said, answered_at=clock.now(), answered_by_id=by.person_id
            )
    except IntegrityError as taken:
        raise Replaced("This has been answered already. Load the page again.") from taken
    facts = {"key": found.key, "agreed": agreed}
    audit.record("setting.answered", row, trust_id=by.trust_id, school_id=found.school_id, why=said, facts=facts, by=by.actor)
    if found.chosen_by and found.school:
        _tell(found, found.chosen_by, ANSWERED, reverse("policies:departure", args=[found.id]))
    return row
