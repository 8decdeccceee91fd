"""The door, the upload gate and the headers: one answer for missing and forbidden, files only where a row allows them."""

import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.config import urls as real
from schoolgate.config.sign_in import identity_providers
from schoolgate.contracts import routes
from schoolgate.contracts.routes import DataClass, Tenant, route
from schoolgate.people.access import process_scope
from schoolgate.people.entrance import sign_in
from schoolgate.people.permissions import Permission

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.urls(__name__)


def answers(kind: str):
    def view(request):
        if kind == "files":
            return HttpResponse(str(sum(file.size for file in request.FILES.values())))
        if kind == "scope":
            return HttpResponse(f"{request.scope is None} {request.POST.get('note', '')}")
        raise {"denied": Denied("Only the head can do this"), "bad": BadInput("The date is not a date"), "missing": NotFound("x")}[kind]

    return view


ABOUT = {"resource": "trial", "action": "try", "data": DataClass.RECORD, "tenant": Tenant.SELF}
urlpatterns = [
    route("trial/files/", answers("files"), "trial_files", **{**ABOUT, "public": True}, uploads=True),
    route("trial/none/", answers("files"), "trial_none", **{**ABOUT, "public": True}),
    route("trial/scope/", answers("scope"), "trial_scope", **{**ABOUT, "data": DataClass.OPEN, "public": True}),
    route("trial/denied/", answers("denied"), "trial_denied", **ABOUT),
    route("trial/bad/", answers("bad"), "trial_bad", **ABOUT),
    route("trial/missing/", answers("missing"), "trial_missing", **ABOUT),
    route("trial/needs/", answers("scope"), "trial_needs", **ABOUT, needs=Permission.AUDIT_READ),
    path("trial/rowless/", answers("scope"), name="trial_rowless"),
    *real.urlpatterns,
]
handler400, handler403, handler404 = real.handler400, real.handler403, real.handler404


@pytest.fixture(autouse=True)
def leave_no_rows():
    """The rows of this file's trial routes are gone again for the tests that look at every row."""
    yield
    for name in [name for name in routes.rows() if name.startswith("trial_")]:
        KEPT[name] = routes._rows.pop(name)


KEPT: dict[str, routes.Row] = {name: routes._rows.pop(name) for name in list(routes._rows) if name.startswith("trial_")}


@pytest.fixture(autouse=True)
def with_rows(leave_no_rows):
    routes._rows.update(KEPT)


def test_missing_and_forbidden_are_the_same_bytes_and_the_same_headers(signed_in):
    client = signed_in("teacher")
    client.get("/")
    asked = ["/trial/needs/", "/trial/missing/", "/trial/rowless/", "/nothing/like/it/", f"/people/{uuid4()}/", "/account/signup/"]
    seen = {where: client.get(where) for where in asked}
    assert {answer.status_code for answer in seen.values()} == {404}
    assert len({answer.content for answer in seen.values()}) == 1
    headers = ("Cache-Control", "Content-Type", "Vary", "Content-Security-Policy")
    unlike = {name: {answer.get(name) for answer in seen.values()} for name in headers}
    assert not {name: values for name, values in unlike.items() if len(values) > 1}
    assert b"csrf" not in seen["/trial/needs/"].content
    assert b"Teacher" not in seen["/trial/needs/"].content
    assert client.get("/trial/missing/").content == signed_in("head").get("/trial/needs/").content


def test_a_waiting_message_stays_out_of_the_not_found_page(with_sign_in, signed_in):
    client = signed_in("head")
    before = client.get("/trial/missing/").content
    client.post("/account/logout/")  # leaves the message that says so
    assert Client().get("/nothing/").content == before == client.get("/nothing/").content
    assert "You have signed out" in client.get("/account/login/").content.decode()


def test_refused_and_unusable_are_told_in_their_own_sentence(signed_in):
    client = signed_in("head")
    denied, bad = client.get("/trial/denied/"), client.get("/trial/bad/")
    assert (denied.status_code, bad.status_code) == (403, 400)
    assert "Only the head can do this" in denied.content.decode()
    assert "The date is not a date" in bad.content.decode()
    assert "You cannot do this" not in bad.content.decode()


def test_a_public_page_has_no_scope_even_for_somebody_signed_in(signed_in):
    assert signed_in("head").get("/trial/scope/").content.decode().startswith("True")


def test_signed_out_a_page_leads_to_signing_in_and_back():
    assert Client().get("/trial/needs/?a=b").url == "/account/login/?next=/trial/needs/%3Fa%3Db"
    assert Client().post("/trial/needs/").url == "/account/login/?next=/"


FILE = {"note": "words", "paper": SimpleUploadedFile("secret.txt", b"x" * 5000)}


@pytest.mark.parametrize("where", ["/trial/none/", "/trial/scope/", "/trial/rowless/", "/nothing/like/it/", "/account/login/", "/"])
def test_a_file_is_refused_unread_where_no_row_takes_files(where, monkeypatch, db):
    def landed(*args, **kwargs):
        raise AssertionError("A byte of the file reached an upload handler")

    monkeypatch.setattr("django.http.multipartparser.MultiPartParser.parse", landed)
    for csrf in (False, True):
        answer = Client(enforce_csrf_checks=csrf).post(where, {**FILE, "paper": SimpleUploadedFile("secret.txt", b"x" * 5000)})
        assert answer.status_code == 415
        assert "takes no files" in answer.content.decode()
        assert "frame-ancestors" in answer["Content-Security-Policy"]


def test_words_without_a_file_are_taken_in_either_encoding(db):
    assert Client().post("/trial/scope/", {"note": "words"}).content == b"True words"
    assert Client().post("/trial/scope/", "note=words", content_type="application/x-www-form-urlencoded").content == b"True words"


@pytest.mark.parametrize("head", ['filename="a.png"', "filename*=utf-8''a.png", 'FileName="a.png"', "filename=a"])
def test_every_way_to_name_a_file_is_seen(head, db):
    body = f'--cut\r\nContent-Disposition: form-data; name="note"; {head}\r\n\r\nbytes\r\n--cut--\r\n'
    assert Client().generic("POST", "/trial/none/", body, content_type="multipart/form-data; boundary=cut").status_code == 415


def test_a_body_in_parts_too_large_to_look_at_is_refused_unread(db, settings):
    body = b"--cut\r\n" + b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert Client().generic("POST", "/trial/none/", body, content_type="Multipart/Form-Data; boundary=cut").status_code == 415


def test_a_file_is_held_in_memory_where_a_row_takes_files(db, monkeypatch, settings):
    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", lambda *a, **k: pytest.fail("A file landed on disk"))
    answer = Client().post("/trial/files/", {"paper": SimpleUploadedFile("policy.docx", b"x" * 4_000_000)})
    assert answer.content == b"4000000"


def test_a_file_that_is_too_large_is_refused_with_a_sentence(db, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = Client().post("/trial/files/", {"paper": SimpleUploadedFile("policy.docx", b"x" * 2000)})
    assert answer.status_code == 413
    assert "larger than 25 MB" in answer.content.decode()


def test_every_answer_carries_the_headers_that_protect_it(signed_in):
    client = signed_in("head")
    for where in ("/", "/account/login/", "/nothing/", "/account/2fa/"):
        answer = client.get(where)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy + ";"
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("roles", "queries"), [("teacher", 5), ("head", 5), ("trust_comms", 6)])
def test_the_door_asks_the_database_the_same_few_questions_however_many_schools(signed_in, django_assert_num_queries, roles, queries):
    client = signed_in(roles)
    client.get("/trial/denied/")
    with django_assert_num_queries(queries):  # session, user, person, appointments, engagements, and the schools of a trust role
        client.get("/trial/denied/")


def test_outside_the_demo_the_second_step_costs_one_question_more(signed_in, cast, settings, django_assert_num_queries):
    client = signed_in("head")
    settings.DEMO = False
    Authenticator.objects.create(user=cast.head.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
    session["account_authentication_methods_user"] = str(cast.head.user.pk)
    session.save()
    with django_assert_num_queries(6):
        assert client.get("/trial/denied/").status_code == 403


def in_a_new_process(*words: str, **environment: str) -> subprocess.CompletedProcess:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCHOOLGATE_", "DJANGO_", "TEST_"))}
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
        env={**kept, "PYTHONPATH": "src", "DJANGO_SETTINGS_MODULE": "schoolgate.config.settings", **environment},
    )  # fmt: skip


TRIAL = {"DJANGO_SETTINGS_MODULE": "schoolgate.config.settings_test"}  # static files need not be gathered


def test_the_check_for_deployment_is_clean(tmp_path):
    found = in_a_new_process(
        "-m", "django", "check", "--deploy", "--fail-level", "WARNING",
        SCHOOLGATE_HOME=str(tmp_path), SCHOOLGATE_URL="https://gate.example.org",
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert "no issues" in found.stdout
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_over_https_cookies_and_addresses_are_kept_to_https(tmp_path):
    ask = (
        "import django; django.setup()\n"
        "from django.conf import settings as s; from django.test import Client\n"
        "c = Client(); a = c.get('/account/inactive/', secure=True, headers={'host': 'gate.example.org'})\n"
        "print(a.status_code, a['Strict-Transport-Security'], s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE)\n"
        "print(c.get('/account/inactive/', headers={'host': 'gate.example.org'})['Location'])\n"
        "print(c.get('/account/inactive/', secure=True, headers={'host': 'evil.example'}).status_code)\n"
    )
    found = in_a_new_process("-c", ask, **TRIAL, SCHOOLGATE_HOME=str(tmp_path), SCHOOLGATE_URL="https://gate.example.org")
    lines = found.stdout.splitlines()
    assert lines[0] == "200 max-age=31536000; includeSubDomains; preload __Host-session __Host-csrf True", found.stderr
    assert lines[1:] == ["https://gate.example.org/account/inactive/", "400"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SCHOOLGATE_MICROSOFT_ID": "a", "SCHOOLGATE_MICROSOFT_SECRET": "b"}, "SCHOOLGATE_MICROSOFT_TENANT must be"),
        ({"SCHOOLGATE_MICROSOFT_ID": "a", "SCHOOLGATE_MICROSOFT_SECRET": "b", "SCHOOLGATE_MICROSOFT_TENANT": "common"}, "proves nothing"),
        ({"SCHOOLGATE_GOOGLE_ID": "a"}, "Give both SCHOOLGATE_GOOGLE_ID and SCHOOLGATE_GOOGLE_SECRET"),
        ({"SCHOOLGATE_OIDC_URL": "https://id.example.org"}, "SCHOOLGATE_OIDC_ID and SCHOOLGATE_OIDC_SECRET must be too"),
    ],
    ids=["no tenant", "any tenant", "half a provider", "no client"],
)
def test_an_outside_identity_set_up_by_half_stops_the_start(monkeypatch, given, said):
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=said):
        identity_providers()


def test_the_button_of_each_outside_identity_leads_to_it_with_proof_keys(tmp_path):
    ask = (
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from django.test import Client; c = Client()\n"
        "page = c.get('/account/login/').content.decode(); import re; print(sorted(re.findall('>Use ([A-Z].*?)<', page)))\n"
        "for p in ('google', 'microsoft'): print(c.get(f'/account/{p}/login/')['Location'])\n"
    )
    found = in_a_new_process(
        "-c", ask, **TRIAL, SCHOOLGATE_HOME=str(tmp_path), SCHOOLGATE_HOSTS="testserver",
        SCHOOLGATE_GOOGLE_ID="gid", SCHOOLGATE_GOOGLE_SECRET="s",
        SCHOOLGATE_MICROSOFT_ID="mid", SCHOOLGATE_MICROSOFT_SECRET="s", SCHOOLGATE_MICROSOFT_TENANT="our-own-tenant",
    )  # fmt: skip
    buttons, google, microsoft = found.stdout.splitlines() or [found.stderr] * 3
    assert buttons == "['Google', 'Microsoft']"
    assert google.startswith("https://accounts.google.com/")
    assert microsoft.startswith("https://login.microsoftonline.com/our-own-tenant/")
    for place in (google, microsoft):
        assert re.search(r"code_challenge=.+S256|S256.+code_challenge=", place)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.7", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        (2, "198.51.100.7, 10.0.0.1", "198.51.100.7"),
    ],
)
def test_an_address_that_anyone_can_write_is_not_believed(rf, settings, proxies, forwarded, address):
    settings.PROXIES = proxies
    assert sign_in.from_where(rf.get("/", headers={"x-forwarded-for": forwarded} if forwarded else {})) == address


def test_the_scope_of_a_process_reaches_only_its_own_trust(cast):
    scope = process_scope("trial", cast.trust.id, [cast.school.id])
    with pytest.raises(NotFound):
        scope.require(Permission.POLICY_EDIT, cast.other_school.id, "no")
    assert scope.schools_where(Permission.POLICY_EDIT) == [cast.school.id]
    with pytest.raises(NotFound):
        cast.scope("head").require(Permission.POLICY_READ, cast.sister.id, "no")
    with pytest.raises(Denied):
        cast.scope("teacher").require(Permission.POLICY_EDIT, cast.school.id, "no")
