"""Forms published, and people told and reminded of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from schoolgate.agreements import queries, rules
from schoolgate.agreements.models import Agreement, Code, Kind, Sheet
from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied
from schoolgate.contracts.controls import Standing
from schoolgate.notify import actions as notify
from schoolgate.notify import queries as told
from schoolgate.people.access import Scope
from schoolgate.people.models import Person, School
from schoolgate.people.permissions import Permission
from schoolgate.people.rules import known_roles
from schoolgate.policies import queries as policies
from schoolgate.policies.models import Policy, PolicyVersion

FIRST, REMINDER, OVERDUE, TO_LEADERS = "agreement.to_sign", "agreement.reminder", "agreement.overdue", "agreement.unsigned"
REMINDERS = (REMINDER, OVERDUE)
MAY_PUBLISH = "Only someone who edits policies at this school may publish a form to sign"


@transaction.atomic
def publish(
    *, version: PolicyVersion, school: School, categories: Sequence[str], statements: Sequence[str], roles: Sequence[str] = (),
    one_by_one: bool = True, questions: Sequence[Mapping[str, Any]] = (), kind: str = Kind.POLICY, code: str = "", notice: str = "",
    minor_change: str = "", by: Scope,
) -> Agreement:  # fmt: skip
    """Ask these people at one school to sign a version in force there. Closes the form of the version before.

    `minor_change` is the reason why earlier signatures still stand; without one everybody signs again and is told so. `roles` narrows the
    categories to the holders of one of them. The acceptable-use rules carry a `notice` of what is monitored and a statement accepting it.
    """
    by.require(Permission.POLICY_EDIT, school.id, MAY_PUBLISH)
    lines = [line.strip() for line in statements]
    if code == Code.ACCEPTABLE_USE and rules.NOTICE_ACCEPTED not in lines:
        lines.append(rules.NOTICE_ACCEPTED)
    rules.check_form(categories, lines)
    rules.check_code(kind, code, notice)
    if set(roles) - known_roles():
        raise BadInput("One of the roles is not known.", "roles")
    # The policy is locked before its versions, as policies.actions does.
    Policy.objects.select_for_update(no_key=True).get(id=version.policy_id)
    locked = PolicyVersion.objects.select_for_update(no_key=True).order_by().get(id=version.id)
    rules.check_questions(questions, {clause.ref for clause in policies.clauses_in_force(by, [locked.id])} if questions else set())
    former = list(Agreement.objects.select_for_update(no_key=True).filter(school=school, policy_id=locked.policy_id, sheet=None))
    rules.check_can_publish(
        in_force=any(one.id == locked.id for one in policies.versions_in_force(by, school.id)),
        published=any(one.version_id == locked.id for one in former),
        earlier=bool(former),
        minor_change=minor_change,
    )
    made = _replacing(
        former, school=school, kind=kind, code=code, policy_id=locked.policy_id, version=version, categories=list(categories),
        roles=list(roles), statements=lines, one_by_one=one_by_one, notice=notice.strip(), questions=[dict(one) for one in questions],
        minor_change=minor_change.strip(),
    )  # fmt: skip
    return _published(made, by)


@transaction.atomic
def publish_private_rules(*, school: School, categories: Sequence[str] = (), by: Scope) -> Agreement:
    """Make the private-use rules a sheet as policies and settings stand now, and ask everybody to sign it."""
    by.require(Permission.POLICY_EDIT, school.id, MAY_PUBLISH)
    School.objects.select_for_update().get(id=school.id)
    today = queries.private_rules(by, school.id, clock.today())
    if today is None:
        raise Denied("No clause of a policy in force here is joined to the private-use rules, so there is nothing to put on the sheet.")
    return _publish_sheet(
        school, Kind.PRIVATE_RULES, rules.PRIVATE_TITLE, today.parts, today.answers, rules.PRIVATE_STATEMENTS, categories, "", by
    )


@transaction.atomic
def publish_undertaking(
    *, school: School, lines: Sequence[str], categories: Sequence[str] = (), minor_change: str = "", by: Scope
) -> Agreement:
    """Ask everybody to undertake to keep the school's confidences, in these words. `minor_change`: why earlier signatures still stand."""
    by.require(Permission.POLICY_EDIT, school.id, MAY_PUBLISH)
    School.objects.select_for_update().get(id=school.id)
    rules.check_lines([line.strip() for line in lines])
    parts = [{"title": "", "lines": [{"ref": str(number), "text": line.strip()} for number, line in enumerate(lines, 1)]}]
    statements = rules.UNDERTAKING_STATEMENTS
    return _publish_sheet(school, Kind.UNDERTAKING, rules.UNDERTAKING_TITLE, parts, [], statements, categories, minor_change, by)


def _publish_sheet(
    school: School, kind: Kind, title: str, parts: list[dict[str, Any]], answers: list[dict[str, str]], statements: Sequence[str],
    categories: Sequence[str], minor_change: str, by: Scope,
) -> Agreement:  # fmt: skip
    """A new sheet with its form, in the place of the one before."""
    locked = Agreement.objects.select_for_update(no_key=True, of=("self",))  # the sheet is on the nullable side
    former = list(locked.filter(school=school, kind=kind).select_related("sheet"))
    mark = rules.fingerprint_of(parts, answers)
    if any(one.open and one.fingerprint == mark for one in former):
        raise Denied("These very words are published already.")
    if minor_change and not former:
        raise BadInput("Nothing was signed here before, so there are no signatures that could still stand.", "minor_change")
    sheet = Sheet.objects.create(school=school, kind=kind, title=title, parts=parts, answers=answers, fingerprint=mark, made_at=clock.now())
    audit.record("sheet.made", sheet, trust_id=by.trust_id, school_id=school.id, facts={"fingerprint": mark}, by=by.actor)
    made = _replacing(
        former, school=school, kind=kind, sheet=sheet, categories=list(categories) or sorted(rules.EVERYBODY), statements=list(statements),
        minor_change=minor_change.strip(),
    )  # fmt: skip
    return _published(made, by)


def _replacing(former: Sequence[Agreement], **fields: Any) -> Agreement:
    now = clock.now()
    Agreement.objects.filter(id__in=[one.id for one in former], closed_at__isnull=True).update(closed_at=now)
    return Agreement.objects.create(published_at=now, **fields)


def _published(made: Agreement, by: Scope) -> Agreement:
    """Write it down and tell everybody who has to sign."""
    facts = {"categories": list(made.categories), "statements": len(made.statements), "minor": bool(made.minor_change)}
    more = {"kind": str(made.kind), "questions": len(made.questions), "roles": list(made.roles)}
    audit.record(
        "agreement.published", made, trust_id=by.trust_id, school_id=made.school_id, why=made.minor_change, facts={**facts, **more},
        by=by.actor,
    )  # fmt: skip
    for place in queries.owing(queries.places_for(by, made, clock.today())):
        _tell(place.person, made, FIRST, f"{FIRST}:{made.id}:{place.person.id}")
    return made


# ------------------------------------------------------------------ reminders


@transaction.atomic
def remind(*, agreement: Agreement, by: Scope) -> int:
    """Remind everybody who has not signed, once a day; how many were reminded."""
    by.require(Permission.AGREEMENT_CHASE, agreement.school_id, "Only someone who sees who has signed may send reminders")
    return _remind(agreement, 1, by)


@transaction.atomic
def remind_when_due(*, agreement: Agreement, by: Scope) -> int:
    """Remind those whose last message is agree.reminder_days old or older, and tell the heads when some are late: for the daily job.

    Who is back from long leave and unsigned was last told before the leave, and so is asked again on the day of return.
    """
    days = queries.terms(by, agreement.school_id).reminder_days
    count = _remind(agreement, days, by)
    late = [place for place in _chased(agreement, by) if place.verdict and place.verdict.standing == Standing.BROKEN]
    path, today = reverse("agreements:people", args=[agreement.id]), clock.today()
    last = told.last_told(by, TO_LEADERS, path)
    for head in queries.heads(agreement.school_id, today) if late else []:
        if head.id not in last or (today - clock.local_date(last[head.id])).days >= days:
            _tell(head, agreement, TO_LEADERS, f"{TO_LEADERS}:{agreement.id}:{head.id}:{today}", path)
    return count


def _chased(agreement: Agreement, by: Scope) -> list[queries.Place]:
    owing = queries.owing(queries.places_for(by, agreement, clock.today()))
    return [place for place in owing if place.verdict and place.verdict.standing != Standing.LAPSING]


def _remind(agreement: Agreement, days: int, by: Scope) -> int:
    """One message each to those not told for so many days: a reminder while there is time, a plainer one after it."""
    today, chased = clock.today(), _chased(agreement, by)
    last = _last_told(agreement, by)
    due = [one for one in chased if one.person.id not in last or (today - last[one.person.id]).days >= days]
    if not due:
        if by.person_id and chased:
            raise Denied("Everyone who has not signed was sent a message today. You can remind them again tomorrow.")
        return 0
    for place in due:
        template = OVERDUE if place.verdict and place.verdict.standing == Standing.BROKEN else REMINDER
        _tell(place.person, agreement, template, f"{template}:{agreement.id}:{place.person.id}:{today}")
    audit.record(
        "agreement.reminded", agreement, trust_id=by.trust_id, school_id=agreement.school_id, facts={"people": len(due)}, by=by.actor
    )
    return len(due)


def _last_told(agreement: Agreement, by: Scope) -> dict[UUID, date]:
    """The day each person was last told of this form, by the first message or by a reminder."""
    path = reverse("agreements:read", args=[agreement.id])
    last: dict[UUID, date] = {}
    for template in (FIRST, *REMINDERS):
        for person_id, at in told.last_told(by, template, path).items():
            last[person_id] = max(clock.local_date(at), last.get(person_id, date.min))
    return last


def _tell(person: Person, agreement: Agreement, template: str, once: str, path: str = "") -> None:
    notify.queue(
        person_id=person.id, trust_id=person.trust_id, school_id=agreement.school_id, template=template,
        path=path or reverse("agreements:read", args=[agreement.id]), address=person.email, by_email=bool(person.email), once=once,
    )  # fmt: skip
