"""The continuing-duties letter to somebody who leaves."""

from django.db import transaction

from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, NotFound
from schoolgate.people import rules
from schoolgate.people.access import Scope
from schoolgate.people.models import Engagement, LeaverLetter

SIGNED, REFUSED = "signed", "refused"


@transaction.atomic
def send_leaver_letter(*, engagement: Engagement, by: Scope) -> LeaverLetter:
    """Write down that the letter, in its present wording, was given or sent to the leaver today."""
    row = Engagement.objects.select_for_update().filter(pk=engagement.pk, school_id__in=by.school_ids).first()
    if row is None:
        raise NotFound("There is no such place in your reach")
    rules.check_can_send_letter(by, row, LeaverLetter.objects.filter(engagement=row).exists())
    letter = LeaverLetter.objects.create(school_id=row.school_id, engagement=row, version=rules.LETTER_VERSION, sent_at=clock.now())
    facts = {"version": letter.version, "person": row.person_id}
    audit.record("leaver_letter.sent", letter, trust_id=by.trust_id, school_id=row.school_id, facts=facts, by=by.actor)
    return letter


@transaction.atomic
def answer_leaver_letter(*, letter: LeaverLetter, answer: str, by: Scope) -> LeaverLetter:
    """Record the leaver's answer, `signed` or `refused`: by themselves, or by the office that had it on paper."""
    if answer not in (SIGNED, REFUSED):
        raise BadInput("Say whether the letter was signed or refused.", "answer")
    row = LeaverLetter.objects.select_for_update(of=("self",)).select_related("engagement__person").filter(pk=letter.pk).first()
    if row is None or row.engagement.person.trust_id != by.trust_id:
        raise NotFound("There is no such letter in your reach")
    rules.check_can_answer_letter(by, row, row.engagement.person_id)
    field = "signed_at" if answer == SIGNED else "refused_at"
    setattr(row, field, clock.now())
    row.save(update_fields=[field])
    audit.record(f"leaver_letter.{answer}", row, trust_id=by.trust_id, school_id=row.school_id, by=by.actor)
    return row
