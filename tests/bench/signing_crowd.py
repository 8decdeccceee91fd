"""The crowd of the signing bench: schools with a policy to sign, staff with sessions or one-time links, and the account afterwards."""

import json
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import transaction
from tests.bench.trust_size import _clauses, _people, _version

from schoolgate.agreements.models import Agreement, Signature, SigningLink
from schoolgate.agreements.rules import KEY_ALPHABET, KEY_LENGTH, STATEMENTS, key_hash, key_in_groups
from schoolgate.audit.models import Entry
from schoolgate.common import clock
from schoolgate.people.models import Person, Phase, School, Trust, User
from schoolgate.policies.models import Clause, Policy

LINK_EACH = 7
QUESTIONS = [
    {"ask": f"Question {number}", "options": ["Right", "Wrong", "Neither"], "right": 0, "clause": f"1.{number}"} for number in (1, 2, 3)
]
ANSWERS = {f"question_{number}": "0" for number in range(3)}


def gather(schools: int, staff: int) -> list[dict[str, str]]:
    """Everybody who will sign: where, as whom, and with what."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    now = clock.now()
    with transaction.atomic():
        trust = Trust.objects.create(ref="crowd", name="Crowd Trust", created_at=now)
        sites = School.objects.bulk_create(
            School(trust=trust, ref=f"crowd-{n}", name=f"School {n:02}", phase=Phase.PRIMARY) for n in range(schools)
        )
        by_site = _people(trust, sites, staff)
        crowd = [_comer(number, form, person) for form, persons in _forms(trust, by_site) for number, person in enumerate(persons)]
    return [crowd[at] for start in range(61) for at in range(start, len(crowd), 61)]  # mixed: no school comes all at once


def _forms(trust: Trust, by_site: dict[School, list[Person]]) -> list[tuple[Agreement, list[Person]]]:
    made = []
    for site, persons in by_site.items():
        policy = Policy.objects.create(trust=trust, school=site, title="Social media", owner_role="headteacher", created_at=clock.now())
        version = _version(policy, 3, clock.today())
        version.save()
        Clause.objects.bulk_create(_clauses(version))
        form = Agreement.objects.create(
            school=site, policy=policy, version=version, categories=["employee", "governor"], statements=list(STATEMENTS),
            questions=QUESTIONS, published_at=clock.now(),
        )  # fmt: skip
        made.append((form, persons))
    return made


def _comer(number: int, form: Agreement, person: Person) -> dict[str, str]:
    told = {"name": person.name, "answers": json.dumps(ANSWERS)}
    if number % LINK_EACH == LINK_EACH - 1:
        value, key = person.id.int, ""
        while len(key) < KEY_LENGTH:
            value, sign = divmod(value, len(KEY_ALPHABET))
            key += KEY_ALPHABET[sign]
        now = clock.now()
        SigningLink.objects.create(
            school=form.school, agreement=form, person=person, token_hash=key_hash(key), made_at=now, ends_at=now + timedelta(days=14)
        )
        return {**told, "path": f"/agreements/link/{key_in_groups(key)}/", "cookie": ""}
    user = User.objects.filter(person=person).first() or User.objects.create(email=person.email, person=person, password="!")
    store = SessionStore()
    store["_auth_user_id"], store["_auth_user_backend"] = str(user.pk), "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return {**told, "path": f"/agreements/{form.id}/", "cookie": f"{settings.SESSION_COOKIE_NAME}={store.session_key}"}


def account(acknowledged: set[str]) -> dict[str, int]:
    """What the records say of those that were acknowledged."""
    kept = {str(one): name for one, name in Signature.objects.values_list("id", "name_signed")}
    lost = [one for one in acknowledged if one not in kept and one not in kept.values()]
    return {"signatures": len(kept), "in_the_log": Entry.objects.filter(verb="agreement.signed").count(), "lost": len(lost)}
