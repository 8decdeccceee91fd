"""Settings nobody has decided, for whoever decides them, and schools that wait for the trust's answer."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse

from schoolgate.common import clock
from schoolgate.contracts.todo import Task, todo
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission
from schoolgate.policies import queries, rules
from schoolgate.policies.rules import choices

CONTROL = "policies.settings_decided"


@todo("policies.settings")
def settings_to_decide(scope: Scope, today: date) -> Iterable[Task]:
    """How many settings wait for a decision: one task for each school of its head's, one for the trust's leaders."""
    days = timedelta(days=rules.parameter(CONTROL, "decide_days"))
    schools = [one for one in scope.schools_where(Permission.SETTING_SCHOOL) if Permission.SETTING_SCHOOL not in scope.across_trust]
    for one in queries.undecided_at(scope, schools, today) if schools else ():
        url = reverse("policies:settings_school", args=[one.school.ref])
        yield _task(one.count, one.school.name, url, one.since + days if one.since else None)
    if scope.may(Permission.SETTING_TRUST, None):
        count, since = queries.undecided_by_trust(scope)
        if count:
            url = reverse("policies:settings_trust", args=[scope.trust_id])
            yield _task(count, "the trust", url, since + days if since else None)


def _task(count: int, where: str, url: str, due_on: date | None) -> Task:
    why = "Until you decide, the default counts and the policy page says so."
    return Task(f"Decide {count} {'setting' if count == 1 else 'settings'} of {where}", url, due_on, why, count)


@todo("policies.departures")
def departures_to_answer(scope: Scope, today: date) -> Iterable[Task]:
    """Schools that asked to depart from the trust, for whoever answers them: by the time in which a setting is to be decided."""
    if not scope.may(Permission.SETTING_TRUST, None):
        return
    days = timedelta(days=rules.parameter(CONTROL, "decide_days"))
    for row in queries.departures_waiting(scope):
        if row.school and row.chosen_by_id != scope.person_id:
            question = choices.setting(row.key)["question"]
            yield Task(
                f"Answer {row.school.name}, which asks to depart from the trust", reverse("policies:departure", args=[row.id]),
                clock.local_date(row.chosen_at) + days, f"{question} Until you answer, the trust's answer counts there.",
            )  # fmt: skip
