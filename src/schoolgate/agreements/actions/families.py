"""The plain words for families and pupils published, families asked and their answers kept, classes taken through their rules."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from schoolgate.agreements import queries, readability, rules
from schoolgate.agreements.actions.publishing import MAY_PUBLISH
from schoolgate.agreements.models import Agreement, Answer, ClassRound, FamilyAnswer, Kind, PupilMark, Sheet
from schoolgate.agreements.rules import families as family_rules
from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import Denied, NotFound
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Pupil, School
from schoolgate.people.permissions import Permission
from schoolgate.people.rules import can_see_pupils, check_can_see_pupils
from schoolgate.policies import queries as policies
from schoolgate.policies.models import PolicyVersion


@transaction.atomic
def publish_plain_words(*, version: PolicyVersion, school: School, kind: str, lines: Sequence[str], band: str = "", by: Scope) -> Agreement:
    """Publish the plain words of a version in force for families, or for the pupils of one age band. Closes the form before.

    The reading age of the words is measured and kept with them.
    """
    by.require(Permission.POLICY_EDIT, school.id, MAY_PUBLISH)
    School.objects.select_for_update().get(id=school.id)
    words = [line.strip() for line in lines]
    rules.check_lines(words)
    if not any(one.id == version.id for one in policies.versions_in_force(by, school.id)):
        raise Denied("Only a version in force at this school can be put into plain words.")
    family = kind == Kind.FAMILY
    title = f"Home and school: {version.policy.title}" if family else f"My rules online ({family_rules.BANDS[band].lower()})"
    parts = [{"title": "", "lines": [{"ref": str(number), "text": line} for number, line in enumerate(words, 1)]}]
    now = clock.now()
    sheet = Sheet.objects.create(
        school=school, kind=kind, title=title, parts=parts, version=version, band=band, made_at=now,
        fingerprint=rules.fingerprint_of(parts, []), reading_age=readability.reading_age("\n".join(words)),
    )  # fmt: skip
    former = Agreement.objects.filter(school=school, kind=kind, sheet__band=band, closed_at__isnull=True)
    Agreement.objects.filter(id__in=list(former.values_list("id", flat=True))).update(closed_at=now)
    statements = family_rules.FAMILY_STATEMENTS if family else family_rules.PUPIL_STATEMENTS
    made = Agreement.objects.create(
        school=school, kind=kind, sheet=sheet, policy_id=version.policy_id, version=version, statements=list(statements), published_at=now
    )
    facts = {"kind": kind, "band": band, "fingerprint": sheet.fingerprint}
    audit.record("agreement.published", made, trust_id=by.trust_id, school_id=school.id, facts=facts, by=by.actor)
    return made


def open_family_form(agreement: Agreement, by: Scope) -> Agreement:
    """The form, held until the transaction is over, for somebody who may keep what families say. Denied when it is not the open one."""
    by.require(Permission.AGREEMENT_CHASE, agreement.school_id, "Only someone who sees who has signed may keep what families say")
    check_can_see_pupils(by, agreement.school_id)
    form = Agreement.objects.select_for_update(no_key=True).get(id=agreement.id)
    if form.kind != Kind.FAMILY or not form.open:
        raise Denied("A newer form for families has taken this one's place.")
    return form


@transaction.atomic
def ask_families(*, agreement: Agreement, by: Scope) -> int:
    """Write down that every family that has not been asked this school year was given the form today; how many."""
    form = open_family_form(agreement, by)
    now = clock.now()
    waiting = [one for one in queries.families(by, form.school_id, clock.today()) if not one.said]
    FamilyAnswer.objects.bulk_create(
        [
            FamilyAnswer(
                school_id=form.school_id, agreement=form, pupil=one.pupils[0], answer=Answer.ASKED, at=now, by_person_id=by.person_id
            )
            for one in waiting
        ],
        batch_size=500,
    )
    facts = {"families": len(waiting)}
    audit.record("families.asked", form, trust_id=by.trust_id, school_id=form.school_id, facts=facts, by=by.actor)
    return len(waiting)


@transaction.atomic
def keep_family_answer(*, agreement: Agreement, pupil_id: UUID, answer: str, conversation: str = "", by: Scope) -> FamilyAnswer:
    """What a family said, told through one of its pupils. A later answer adds a row and keeps this one."""
    form = open_family_form(agreement, by)
    family_rules.check_family_answer(answer, conversation)
    pupil = people.pupil(by, pupil_id)
    if pupil.school_id != form.school_id or not pupil.on_roll(clock.today()):
        raise NotFound("There is no such pupil in your reach")
    made = FamilyAnswer.objects.create(
        school_id=form.school_id, agreement=form, pupil=pupil, answer=answer, conversation=conversation.strip(), at=clock.now(),
        by_person_id=by.person_id,
    )  # fmt: skip
    audit.record("family.answered", made, trust_id=by.trust_id, school_id=form.school_id, facts={"answer": answer}, by=by.actor)
    return made


@transaction.atomic
def record_class(*, agreement: Agreement, year: str, taken_on: date, marks: Mapping[UUID, bool] | None = None, by: Scope) -> ClassRound:
    """A class was taken through its rules and agreed them. `marks`: who signed (True) or was absent (False), where each signs singly."""
    if not (queries.teaches(by, agreement.school_id, clock.today()) or can_see_pupils(by, agreement.school_id)):
        raise Denied("A class is recorded by its teacher or by the office.")
    form = Agreement.objects.select_for_update(no_key=True).get(id=agreement.id)
    band = agreement.sheet.band if agreement.sheet else ""
    family_rules.check_round(
        is_open=form.open and form.kind == Kind.PUPIL, band=band, year=year, taken_on=taken_on,
        since=clock.local_date(form.published_at), today=clock.today(),
    )  # fmt: skip
    own = set(Pupil.objects.filter(school_id=form.school_id, year=year).values_list("id", flat=True))
    if not own or set(marks or {}) - own:
        raise NotFound("There is no such class in your reach")
    made = ClassRound.objects.create(
        school_id=form.school_id, agreement=form, year=year, taken_on=taken_on, at=clock.now(), by_person_id=by.person_id
    )
    PupilMark.objects.bulk_create(
        PupilMark(school_id=form.school_id, round=made, pupil_id=pupil, signed=signed) for pupil, signed in (marks or {}).items()
    )
    facts = {"year": year, "signed": sum((marks or {}).values()), "absent": len(marks or {}) - sum((marks or {}).values())}
    audit.record("class.agreed", made, trust_id=by.trust_id, school_id=form.school_id, facts=facts, by=by.actor)
    return made
