"""Fetching a school's own copy, on a short lead, from a real server on loopback; and what the public page shows to anybody."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.policies.conftest import DAY, TEXT

from schoolgate import policytext
from schoolgate.common import clock, pdf
from schoolgate.policies import actions, copies, exporting, fetching, queries
from schoolgate.policies.fetching import Fetched, Unfetchable, fetch
from schoolgate.policies.models import PublicCheck


class Answers(BaseHTTPRequestHandler):
    """A school's website: what it answers at each path is put into `server.pages`."""

    def do_GET(self) -> None:
        status, headers, body = self.server.pages.get(self.path, (404, {}, b""))  # type: ignore[attr-defined]
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if callable(body):
            body(self.wfile)
        else:
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def website() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.pages, server.asked, server.daemon_threads = {}, [], True  # type: ignore[attr-defined]
    server.url = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def anywhere(_: str) -> bool:
    return True


def at(website, path: str, **more: Any) -> Fetched:
    return fetch(website.url + path, reachable=anywhere, **more)


# ------------------------------------------------------------------ the fetcher


def test_a_file_is_fetched_whole_with_its_kind(website):
    website.pages["/p.pdf"] = (200, {"Content-Type": "application/pdf", "Content-Length": "5"}, b"%PDF-")
    assert at(website, "/p.pdf") == Fetched(200, "application/pdf", b"%PDF-")
    assert at(website, "/gone").absent


def test_a_private_address_is_never_connected_to(website):
    website.pages["/"] = (200, {}, b"secret")
    port = website.server_port
    for host in ("127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433"):
        with pytest.raises(Unfetchable):
            fetch(f"http://{host}:{port}/")
    assert website.asked == []


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "127.8.9.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1",
     "fd00::1", "::ffff:10.0.0.1", "255.255.255.255", "ff02::1"],
)  # fmt: skip
def test_addresses_of_machines_and_private_networks_are_not_of_the_open_internet(address):
    assert not fetching.of_the_open_internet(address)


def test_addresses_of_the_open_internet_are(monkeypatch):
    assert fetching.of_the_open_internet("8.8.8.8")
    assert fetching.of_the_open_internet("2606:4700:4700::1111")


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    told = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: told)
    with pytest.raises(Unfetchable, match="private network"):
        fetch("http://two-faced.example/")


def test_a_redirect_is_judged_like_the_first_address(website):
    asked = []

    def first_only(address: str) -> bool:
        asked.append(address)
        return len(asked) == 1

    website.pages["/a"] = (302, {"Location": "/b"}, b"")
    website.pages["/b"] = (200, {}, b"secret")
    with pytest.raises(Unfetchable, match="private network"):
        fetch(website.url + "/a", reachable=first_only)
    assert website.asked == ["/a"]
    assert at(website, "/a").data == b"secret"
    website.pages["/f"] = (302, {"Location": "file:///etc/passwd"}, b"")
    with pytest.raises(Unfetchable, match="https://"):
        at(website, "/f")
    website.pages["/loop"] = (302, {"Location": "/loop"}, b"")
    with pytest.raises(Unfetchable, match="leads on"):
        at(website, "/loop")


def test_what_is_too_large_too_slow_or_cut_short_is_given_up(website):
    website.pages["/large"] = (200, {}, b"a" * 5000)
    with pytest.raises(Unfetchable, match="larger than"):
        at(website, "/large", most_bytes=4999)
    website.pages["/short"] = (200, {"Content-Length": "50"}, b"a" * 5)
    with pytest.raises(Unfetchable, match="broke off"):
        at(website, "/short")

    def trickle(out: Any) -> None:
        for _ in range(100):
            out.write(b"a")
            out.flush()
            time.sleep(0.05)

    website.pages["/slow"] = (200, {}, trickle)
    began = time.monotonic()
    with pytest.raises(Unfetchable, match="too long"):
        at(website, "/slow", seconds=0.5)
    assert time.monotonic() - began < 2


@contextmanager
def silent_port() -> Iterator[int]:
    """A port that takes a connection and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_server_that_says_nothing_or_is_not_there_is_given_up():
    with silent_port() as port:
        for scheme in ("http", "https"):
            began = time.monotonic()
            with pytest.raises(Unfetchable):
                fetch(f"{scheme}://127.0.0.1:{port}/", reachable=anywhere, seconds=0.4)
            assert time.monotonic() - began < 2
    with pytest.raises(Unfetchable, match="did not answer"):
        fetch(f"http://127.0.0.1:{port}/", reachable=anywhere)
    with pytest.raises(Unfetchable, match="no server"):
        fetch("http://nowhere.invalid/", reachable=anywhere)


@pytest.mark.parametrize(
    "address", ["ftp://a.example/", "http://", "http://[", "file:///etc/passwd", "gopher://x/", "http://a.example:99999/", ""]
)
def test_only_web_addresses_are_fetched(address):
    with pytest.raises(Unfetchable):
        fetch(address, reachable=anywhere)


def test_plain_http_on_a_secure_address_is_refused(website):
    with pytest.raises(Unfetchable):
        fetch(website.url.replace("http://", "https://"), reachable=anywhere, seconds=2)


# ------------------------------------------------------------------ a school's own copy


@pytest.fixture
def live(imported, in_force):
    with clock.standing_at(clock.at(DAY)):
        return in_force(imported)


@pytest.fixture
def elsewhere(cast, live, website, monkeypatch):
    """The policy is on the school's own website, which is on loopback here. `elsewhere(kind, bytes)` puts a file there and checks it."""

    def fetch_here(address: str) -> Fetched:
        return fetch(address, reachable=anywhere)

    monkeypatch.setattr("schoolgate.policies.copies.of_address", lambda address, known: _real(address, known, fetch=fetch_here))

    minutes: list[str] = []

    def put(path: str, kind: str, data: bytes) -> PublicCheck:
        website.pages[path] = (200, {"Content-Type": kind}, data)
        minutes.append(path)
        with clock.standing_at(clock.at(DAY, 9, len(minutes))):
            told = {"shown": True, "address": website.url + path, "reason": ""}
            actions.choose_place(school=cast.school, policy=live.policy, by=cast.scope("clerk"), **told)
            return actions.check_public_copy(school=cast.school, policy=live.policy, by=cast.scope("clerk"))

    return put


_real = copies.of_address


def test_the_very_file_that_was_imported_is_the_right_copy(elsewhere):
    found = elsewhere("/policy.txt", "text/plain", TEXT.encode())
    assert (found.found, found.told) == ("same", "")


def test_a_file_with_the_same_clauses_is_the_right_copy_and_one_with_others_is_not(cast, live, elsewhere):
    clauses = queries.clauses_of(cast.scope("clerk"), live.id)
    for kind in ("word", "markdown"):
        told = exporting.KINDS[kind]
        found = elsewhere(f"/policy.{told.ending}", told.media_type, exporting.written(kind, live, clauses))
        assert (found.found, found.fingerprint) == ("same", live.fingerprint), kind
    old = elsewhere("/policy.txt", "text/plain", TEXT.replace("every day", "now and then").encode())
    assert (old.found, "other words" in old.told) == ("other", True)
    assert old.fingerprint != live.fingerprint


def test_what_is_no_policy_or_not_there_is_said(cast, live, elsewhere, website):
    assert elsewhere("/policy.pdf", "application/pdf", b"%PDF-1.4 broken").found == "failed"
    assert elsewhere("/bomb.docx", exporting.WORD, b"PK\x03\x04" + b"0" * 400).found == "failed"
    del website.pages["/bomb.docx"]
    with clock.standing_at(clock.at(DAY, 10)):
        found = actions.check_public_copy(school=cast.school, policy=live.policy, by=cast.scope("clerk"))
    assert (found.found, "nothing at the address" in found.told) == ("missing", True)


def test_a_private_address_is_recorded_as_failing_without_a_request(cast, live, website):
    with clock.standing_at(clock.at(DAY)):
        told = {"shown": True, "address": website.url + "/policy.pdf", "reason": ""}
        actions.choose_place(school=cast.school, policy=live.policy, by=cast.scope("clerk"), **told)
        found = actions.check_public_copy(school=cast.school, policy=live.policy, by=cast.scope("clerk"))
    assert (found.found, "private network" in found.told, website.asked) == ("failed", True, [])


def test_the_address_of_our_own_public_file_is_fetched_without_the_network(cast, live, settings):
    path = reverse("policies:public_file", args=[cast.school.ref, live.policy_id, "word"])
    with clock.standing_at(clock.at(DAY)):
        told = {"shown": True, "address": settings.BASE_URL + path, "reason": ""}
        actions.choose_place(school=cast.school, policy=live.policy, by=cast.scope("clerk"), **told)
        found = actions.check_public_copy(school=cast.school, policy=live.policy, by=cast.scope("clerk"))
    assert (found.found, found.fingerprint) == ("same", live.fingerprint)


# ------------------------------------------------------------------ the public page


def page_of(cast, live) -> str:
    return reverse("policies:public_policy", args=[cast.school.ref, live.policy_id])


def test_anybody_reads_the_policies_in_force_and_finds_them_by_number_too(cast, live):
    listed = Client().get(reverse("policies:public_list", args=[cast.school.ref])).content.decode()
    assert "Social Media Policy" in listed
    assert page_of(cast, live) in listed
    said = Client().get(page_of(cast, live)).content.decode()
    for clause in live.clauses.all():
        assert clause.text in said
    type(cast.school).objects.filter(pk=cast.school.pk).update(urn="123456")
    assert "Social Media Policy" in Client().get(reverse("policies:public_list", args=["123456"])).content.decode()


def test_no_name_of_staff_who_handled_it_is_on_the_public_pages(cast, live):
    said = "".join(
        Client().get(path).content.decode() for path in (reverse("policies:public_list", args=[cast.school.ref]), page_of(cast, live))
    )
    assert not [person.name for person in cast.people.values() if person.name in said or person.family in said]


def test_drafts_old_versions_and_what_is_not_public_are_not_found(cast, imported, live):
    nothing = Client().get("/nothing/like/it/").content
    with clock.standing_at(clock.at(DAY)):
        text = policytext.read_text(TEXT.replace("every day", "twice a day"), "p.txt")
        draft = actions.import_version(document=text, school=cast.school, title="Secret draft", by=cast.scope("clerk"))
    paths = [page_of(cast, draft)] + [
        reverse("policies:public_file", args=[cast.school.ref, draft.policy_id, kind]) for kind in exporting.KINDS
    ]
    paths += [reverse("policies:public_policy", args=[school.ref, live.policy_id]) for school in (cast.sister, cast.other_school)]
    paths += [
        reverse("policies:public_list", args=["no-such-school"]),
        reverse("policies:public_file", args=[cast.school.ref, live.policy_id, "x"]),
    ]
    for path in paths:
        answer = Client().get(path)
        assert (answer.status_code, answer.content) == (404, nothing), path
    assert "Secret draft" not in Client().get(reverse("policies:public_list", args=[cast.school.ref])).content.decode()
    with clock.standing_at(clock.at(DAY)):
        told = {"shown": False, "address": "", "reason": "It names how the alarm is set."}
        actions.choose_place(school=cast.school, policy=live.policy, by=cast.scope("clerk"), **told)
    for path in [
        page_of(cast, live),
        *(reverse("policies:public_file", args=[cast.school.ref, live.policy_id, kind]) for kind in exporting.KINDS),
    ]:
        assert Client().get(path).content == nothing
    listed = Client().get(reverse("policies:public_list", args=[cast.school.ref])).content.decode()
    assert "Social Media Policy" not in listed
    assert "alarm" not in listed
    assert Client().post(page_of(cast, live)).status_code in (403, 405)


def test_every_file_downloads_and_a_machine_without_pdf_offers_none(cast, live, monkeypatch):
    for kind, starts in (("word", b"PK\x03\x04"), ("markdown", b"# Social"), ("pdf", b"%PDF-")):
        answer = Client().get(reverse("policies:public_file", args=[cast.school.ref, live.policy_id, kind]))
        assert answer.status_code == 200
        assert answer.content.startswith(starts)
        assert answer["Content-Disposition"] == f'attachment; filename="social-media-policy-version-1.{exporting.KINDS[kind].ending}"'
    assert "Download as PDF" in Client().get(page_of(cast, live)).content.decode()

    def absent() -> None:
        raise pdf.NoPdf(pdf.MISSING)

    monkeypatch.setattr(pdf, "_weasyprint", absent)
    assert "Download as PDF" not in Client().get(page_of(cast, live)).content.decode()
    with clock.standing_at(clock.at(DAY)):
        assert actions.check_public_copy(school=cast.school, policy=live.policy, by=cast.scope("clerk")).found == "same"


def test_the_public_pages_cost_the_same_however_many_policies(
    cast, live, in_force, django_assert_max_num_queries, django_assert_num_queries
):
    path = reverse("policies:public_list", args=[cast.school.ref])
    with django_assert_num_queries(8):
        Client().get(path)
    for number in range(3):
        with clock.standing_at(clock.at(DAY)):
            text = policytext.read_text(TEXT.replace("every day", f"{number} times a day"), "p.txt")
            in_force(actions.import_version(document=text, school=cast.school, title=f"Policy {number}", by=cast.scope("clerk")))
    with django_assert_num_queries(8):
        Client().get(path)
    with django_assert_max_num_queries(14):
        Client().get(page_of(cast, live))
