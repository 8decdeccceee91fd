"""What the front desk and the daily round write down: who arrived, and who left without having signed."""

from datetime import timedelta

from django.db import transaction

from schoolgate.agreements import queries
from schoolgate.agreements.models import ADULT_KINDS, Arrival, LeftUnsigned
from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Engagement
from schoolgate.people.permissions import Permission

LOOK_BACK = timedelta(days=30)
"""A leaver written down late is still noted when the job finds the last day within this time."""


@transaction.atomic
def note_arrival(*, engagement: Engagement, by: Scope) -> Arrival:
    """Somebody came in on the first day of a short engagement. Noted once: a second press changes nothing."""
    by.require(Permission.AGREEMENT_CHASE, engagement.school_id, "Only someone who sees who has signed may note who arrived")
    Engagement.objects.select_for_update(no_key=True).get(id=engagement.id)
    there = Arrival.objects.filter(engagement=engagement).first()
    if there:
        return there
    made = Arrival.objects.create(engagement=engagement, school_id=engagement.school_id, at=clock.now(), by_person_id=by.person_id)
    audit.record("arrival.noted", made, trust_id=by.trust_id, school_id=engagement.school_id, by=by.actor)
    return made


@transaction.atomic
def note_who_left_unsigned(*, by: Scope) -> int:
    """Note everybody of the last 30 days whose last day came with a form unsigned; how many notes are new. For the daily job."""
    today, count = clock.today(), 0
    for place in people.leavers(by, by.school_ids, today - LOOK_BACK, today - timedelta(days=1)):
        last = place.ends_on or today
        asked = queries.asked_at(by, place.school_id, last, ADULT_KINDS)
        for one in asked:
            there = queries.place_of(by, one.form, place.person_id, last)
            if there and there.owes and there.set_aside is None and there.verdict and there.verdict.standing != "lapsing":
                made, new = LeftUnsigned.objects.get_or_create(
                    agreement=one.form, person_id=place.person_id, left_on=last,
                    defaults={"school_id": place.school_id, "noted_at": clock.now()},
                )  # fmt: skip
                if new:
                    audit.record("agreement.left_unsigned", made, trust_id=by.trust_id, school_id=place.school_id, by=by.actor)
                count += new
    return count
