"""What the page bench prepares: records at trust size, how many questions each page asks, how long readings take."""

import time
import urllib.error
import urllib.request

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.bench.trust_size import SCHOOLS, STAFF, build

from schoolgate.assurance import actions as assurance
from schoolgate.common import clock
from schoolgate.people import queries as people
from schoolgate.people.models import School, Trust, User
from schoolgate.policies.models import Lineage, PolicyVersion, VersionState


def prepare(small: int) -> dict:
    """Both trusts written and read; for each page its address and the number of queries at either size."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    settings.ALLOWED_HOSTS.append("testserver")
    with transaction.atomic():
        big, little = build(), build(small, small * STAFF // SCHOOLS)
    took = [_assess(trust) for trust in (little, big)][1]
    client, small_client = _signed_in(big), _signed_in(little)
    pages = {
        name: {"url": url, "queries": _questions(client, url), "queries_small": _questions(small_client, other)}
        for (name, url), other in zip(_pages(big).items(), _pages(little).values(), strict=True)
    }
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return {"pages": pages, "cookie": f"{cookie.key}={cookie.value}", "assess": took}


def _assess(trust: Trust) -> dict[str, float]:
    scope = people.scope_of_process("bench", trust)
    taken = []
    for school in trust.schools.all():
        began = time.perf_counter()
        assurance.assess(school=school, on=clock.today(), by=scope)
        taken.append(time.perf_counter() - began)
    return {"assess_one_s": round(max(taken), 2), "assess_all_s": round(sum(taken), 1), "schools": len(taken)}


def _signed_in(trust: Trust) -> Client:
    client = Client()
    client.force_login(User.objects.get(person__trust=trust), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _pages(trust: Trust) -> dict[str, str]:
    school = trust.schools.order_by("name").first()
    assert school
    version = PolicyVersion.objects.filter(policy__school=school, state=VersionState.IN_FORCE).order_by("policy__title").first()
    assert version
    form = version.agreements.get()
    return {
        "home": reverse("home:home"),
        "living policy": reverse("assurance:living", args=[school.ref, version.id]),
        "school": reverse("assurance:school", args=[school.ref]),
        "trust": reverse("assurance:trust"),
        "policies": reverse("policies:list"),
        "agreements": reverse("agreements:mine"),
        "who has signed": reverse("agreements:forms"),
        "one form": reverse("agreements:people", args=[form.id]),
        "read and sign": reverse("agreements:read", args=[form.id]),
        "settings of the trust": reverse("policies:settings_trust", args=[trust.id]),
        "settings of a school": reverse("policies:settings_school", args=[school.ref]) + "?show=all",
        "one setting": reverse("policies:setting_school", args=[school.ref, "profile.employer_named"]),
        "departures": reverse("policies:departures"),
        "reviews": reverse("policies:reviews", args=[school.ref]),
        "companions": reverse("policies:companions", args=[school.ref]),
        "front desk": reverse("agreements:desk", args=[school.id]),
        "schools by principles": reverse("policies:principle_map", args=[trust.id]),
        "a school's principles": reverse("policies:principles", args=[_answering(school).id]),
        "readers": reverse("policies:readers", args=[school.ref]),
        "public page": reverse("policies:public_list", args=[school.ref]),
        "joiners and leavers": reverse("people:movements_trust"),
    }


def _answering(school: School) -> PolicyVersion:
    """The version that answers the trust's text."""
    return PolicyVersion.objects.get(state=VersionState.IN_FORCE, policy=Lineage.objects.get(school=school).policy)


def _questions(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200, url
    return len(asked)


def wait(url: str, seconds: float = 60) -> None:
    """Until the web server answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
    raise SystemExit(f"{url} did not answer in {seconds} s")
