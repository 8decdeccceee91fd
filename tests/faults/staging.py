"""Make a school with a policy in force, people with open sessions to sign it, and print who they are. Run as its own process."""

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolgate.config.settings")

import django

django.setup()

from datetime import timedelta  # noqa: E402

from django.contrib.auth import HASH_SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from schoolgate import policytext  # noqa: E402
from schoolgate.agreements import actions as agreements  # noqa: E402
from schoolgate.common import clock  # noqa: E402
from schoolgate.common.actors import system  # noqa: E402
from schoolgate.people import actions as people  # noqa: E402
from schoolgate.people import queries  # noqa: E402
from schoolgate.people.models import Person  # noqa: E402
from schoolgate.policies import actions as policies  # noqa: E402

TEXT = "Staff social media policy\n\n1. Conduct\n\n" + "\n\n".join(
    f"1.{n} Staff must keep rule number {n} of this policy." for n in range(1, 31)
)


def main(staff: int) -> None:
    """Print a JSON object: the form to sign, the session and name of each member of staff, the session of the clerk."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    today = clock.today()
    with transaction.atomic():
        trust = people.found_trust(ref="storm", name="Storm Trust", by=system("staging"))
        school = people.open_school(trust=trust, ref="storm-school", name="Storm School", phase="primary", by=system("staging"))
        office = queries.scope_of_process("staging", trust)
        started = today - timedelta(days=30)
        crew = [_place(office, school, f"Given{n}", started) for n in range(staff)]
        head, clerk = _place(office, school, "Head", started, "headteacher"), _place(office, school, "Clerk", started, "clerk")
        by_clerk, by_head = queries.scope_of(clerk, today), queries.scope_of(head, today)
        version = policies.import_version(
            document=policytext.read_text(TEXT, "storm.txt"), school=school, title="Staff social media policy", by=by_clerk
        )
        policies.submit(version=version, by=by_clerk)
        policies.approve(version=version, body="Governing body", minute="1", met_on=today, by=by_head)
        policies.bring_into_force(
            version=version, from_day=today, review_on=today + timedelta(days=365), change_summary="First", by=by_clerk
        )
        form = agreements.publish(
            version=version, school=school, categories=["employee"], statements=["I have read it", "I will keep it"], by=by_clerk
        )
        sessions = {_session(office, person): person.name for person in crew}
        told = {"form": str(form.id), "school": str(school.id), "staff": sessions, "clerk": _session(office, clerk)}
    sys.stdout.write(json.dumps(told))


def _place(office, school, given: str, started, role: str | None = None) -> Person:
    person = people.add_person(given=given, family="Storm", email=f"{given.lower()}@storm.example", by=office)
    people.engage(person=person, school=school, category="employee", starts_on=started, employer="Storm Trust", by=office)
    if role:
        people.appoint(person=person, role=role, school=school, starts_on=started, by=office)
    return person


def _session(office, person: Person) -> str:
    """A session as the sign-in page would have made it."""
    user = people.give_sign_in(person=person, email=person.email, by=office)
    store = SessionStore()
    store["_auth_user_id"], store["_auth_user_backend"] = str(user.pk), "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return store.session_key


if __name__ == "__main__":
    main(int(sys.argv[1]))
