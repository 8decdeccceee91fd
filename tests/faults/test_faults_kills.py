"""kill -9 of web server and worker while people sign and a clerk imports: nothing acknowledged is lost, nothing is half done.

A kill proves that each act is whole or absent; it does not prove that a power cut loses nothing (the settings ask for that).
SCHOOLGATE_KILLS sets how many rounds; the suite runs a few, the figure in the note comes from fifty.
"""

import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytestmark = pytest.mark.faults

KILLS = int(os.environ.get("SCHOOLGATE_KILLS", "6"))
STAFF = 60 * KILLS
HERE = Path(__file__).parent
HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|token|fingerprint|statement_\d+)"(?: value="([^"]*)")?')


@dataclass
class Storm:
    """The running product, the people who use it, and what they were told."""

    env: dict[str, str]
    port: int
    told: dict
    chance: random.Random = field(default_factory=lambda: random.Random(19))
    processes: list[subprocess.Popen] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    calm: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        for command in (["serve", "--port", str(self.port), "--workers", "2"], ["work"]):
            self.processes.append(
                subprocess.Popen([sys.executable, "-m", "schoolgate.cli", *command], env=self.env, start_new_session=True)
            )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                if self.ask("GET", "/healthz", "")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the web server did not come back")

    def kill(self) -> None:
        for process in self.processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        self.processes.clear()

    def ask(self, method: str, path: str, session: str, form: dict | None = None, csrf: str = "", raw: tuple[str, bytes] | None = None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": f"session={session}; csrf={csrf}", "Origin": f"http://127.0.0.1:{self.port}"}
        body = urllib.parse.urlencode(form).encode() if form else None
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if raw:
            headers["Content-Type"], body = raw
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def storm(tmp_path):
    port = free_port()
    inherited = {
        key: value for key, value in os.environ.items() if not key.startswith(("SCHOOLGATE_", "DJANGO_", "DATABASE_", "TEST_DATABASE"))
    }
    env = {**inherited, "SCHOOLGATE_HOME": str(tmp_path), "SCHOOLGATE_DEMO": "yes", "SCHOOLGATE_URL": f"http://127.0.0.1:{port}"}
    env["SCHOOLGATE_EMAIL_BACKEND"] = "django.core.mail.backends.dummy.EmailBackend"
    told = subprocess.run([sys.executable, HERE / "staging.py", str(STAFF)], env=env, capture_output=True, text=True, check=True).stdout
    storm = Storm(env, port, json.loads(told))
    yield storm
    storm.calm.set()
    storm.kill()


def cookie(headers, name: str) -> str:
    found = [part for part in headers.get_all("Set-Cookie") or [] if part.startswith(f"{name}=")]
    return found[0].split(";")[0].split("=", 1)[1] if found else ""


def sign_until_answered(storm: Storm, session: str, name: str) -> None:
    """Read the text and send one page until an answer comes: the same page sent twice must make one signature."""
    path, form, csrf = f"/agreements/{storm.told['form']}/", None, ""
    while not storm.calm.is_set():
        try:
            if form is None:
                status, headers, page = storm.ask("GET", path, session)
                assert status == 200, (status, page[-500:])
                csrf = cookie(headers, "csrf")
                form = {field: value or "on" for field, value in HIDDEN.findall(page)} | {"name": name}
            status, headers, page = storm.ask("POST", path, session, form, csrf)
            assert status == 302, (status, re.findall(r'govuk-error-message">(.*?)</p>', page, re.DOTALL))
            storm.acknowledged.add(headers["Location"].rstrip("/").rpartition("/")[2])
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        else:
            return


def import_until_calm(storm: Storm) -> None:
    """One policy after another, each a text of its own."""
    number = 0
    while not storm.calm.is_set():
        number += 1
        try:
            import_one(storm, number)
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)


def import_one(storm: Storm, number: int) -> None:
    session = storm.told["clerk"]
    status, headers, page = storm.ask("GET", "/policies/import/", session)
    assert status == 200, status
    csrf, hidden = cookie(headers, "csrf"), dict(HIDDEN.findall(page))
    place = re.search(r'<option value="([^"]+)"[^>]*>[^<]*Storm School|value="(school:[^"]+|[^"]*' + storm.told["school"] + ')"', page)
    assert place, "the import page offers no school"
    text = f"Phones policy {number}\n\n1. Rules\n\n" + "\n\n".join(
        f"1.{n} Staff must keep phone rule {number}.{n} here." for n in range(1, 41)
    )
    fields = {"csrfmiddlewaretoken": hidden["csrfmiddlewaretoken"], "place": place[1] or place[2], "title": f"Phones policy {number}"}
    boundary = "storm"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="phones.txt"\r\nContent-Type: text/plain\r\n\r\n{text}\r\n'
    )
    body = ("".join(parts) + f"--{boundary}--\r\n").encode()
    status, headers, page = storm.ask(
        "POST", "/policies/import/", session, csrf=csrf, raw=(f"multipart/form-data; boundary={boundary}", body)
    )
    assert status == 302, (status, re.findall(r'govuk-error-message">(.*?)</p>', page, re.DOTALL))
    found = re.search(r"versions/([0-9a-f-]{36})", headers["Location"])
    if found:
        storm.imported.add(found[1])


def crowd(storm: Storm, failures: list[BaseException]) -> list[threading.Thread]:
    waiting, lock = list(storm.told["staff"].items()), threading.Lock()

    def sign_on() -> None:
        while not storm.calm.is_set():
            with lock:
                if not waiting:
                    return
                session, name = waiting.pop()
            sign_until_answered(storm, session, name)

    def watched(work) -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)
            storm.calm.set()

    works = [sign_on, sign_on, sign_on, lambda: import_until_calm(storm)]
    return [threading.Thread(target=watched, args=(work,)) for work in works]


def account(storm: Storm) -> dict:
    return json.loads(
        subprocess.run([sys.executable, HERE / "accounting.py"], env=storm.env, capture_output=True, text=True, check=True).stdout
    )


def test_kills_lose_nothing_acknowledged_and_leave_nothing_half_done(storm):
    failures: list[BaseException] = []
    storm.start()
    threads = crowd(storm, failures)
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        storm.calm.wait(storm.chance.uniform(0.5, 3.0))
        storm.kill()
        storm.start()
    storm.calm.wait(1)
    storm.calm.set()
    for thread in threads:
        thread.join(30)
    assert not failures, failures
    storm.kill()
    found = account(storm)
    assert len(storm.acknowledged) > KILLS, "hardly anything was signed: this proves nothing"
    assert storm.imported, "nothing was imported: this proves nothing"
    assert storm.acknowledged <= set(found["signatures"])
    assert not found["without_entry"]
    assert not found["entry_without_signature"]
    assert storm.imported <= set(found["versions"])
    assert set(found["versions"].values()) <= {30, 40}, "a version holds some of its clauses only"
    assert set(found["versions"]) == set(found["imports_recorded"])
    assert len(found["rounds"]) <= 1, "a round of readings is not whole"
    verdict = subprocess.run(
        [sys.executable, "-m", "schoolgate.cli", "audit", "verify"], env=storm.env, capture_output=True, text=True, check=False
    )
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    print(f"{KILLS} kills: {len(storm.acknowledged)} signatures acknowledged, {len(storm.imported)} imports; all there, log whole")
