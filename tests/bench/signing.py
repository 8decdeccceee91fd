"""3,500 staff sign a policy within minutes: real HTTP against the real web server, people coming at an even pace.

    PYTHONPATH=. .venv/bin/python tests/bench/signing.py [minutes] [staff]

Each person opens the text and sends the page, signed in or by a one-time link (one in seven). A time runs from the moment the person was
to come, so waiting behind others is counted. Afterwards every signature that was acknowledged is looked for in the records and in the log.
Prints lost, errors and the 50th, 95th and 99th percentile. SQLite in a folder of its own, or the database that DATABASE_URL names.
"""

import html
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from statistics import quantiles
from urllib.parse import urlencode

MINUTES, STAFF, SCHOOLS, WORKERS, PORT = 15.0, 3500, 60, 32, 8998
URL = f"http://127.0.0.1:{PORT}"
HIDDEN = re.compile(r'name="(token|fingerprint|csrfmiddlewaretoken)" value="([^"]+)"')


def main(minutes: float, staff: int) -> None:
    with tempfile.TemporaryDirectory(prefix="schoolgate-signing-") as home:
        os.environ |= {
            "SCHOOLGATE_HOME": home, "SCHOOLGATE_DEMO": "yes", "DJANGO_SETTINGS_MODULE": "schoolgate.config.settings",
            "SCHOOLGATE_URL": URL,
        }  # fmt: skip
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{home}/schoolgate.sqlite3")
        import django  # noqa: PLC0415  the settings read the environment, so it is set first

        django.setup()
        from tests.bench import measures, signing_crowd  # noqa: PLC0415

        crowd = signing_crowd.gather(SCHOOLS, staff)
        server = subprocess.Popen([sys.executable, "-m", "schoolgate.cli", "serve", "--port", str(PORT), "--workers", "2"])
        try:
            measures.wait(f"{URL}/healthz")
            storm = Storm(crowd, minutes * 60)
            storm.run()
        finally:
            server.terminate()
            server.wait(15)
        print(json.dumps({**storm.told(), **signing_crowd.account(storm.acknowledged)}, indent=1))


class Storm:
    """Everybody comes at an even pace; as many at once as there are workers."""

    def __init__(self, crowd: list[dict[str, str]], seconds: float) -> None:
        self.waiting = [(place * seconds / len(crowd), person) for place, person in enumerate(crowd)][::-1]
        self.acknowledged: set[str] = set()
        self.taken: list[float] = []
        self.requests: list[float] = []
        self.errors: list[str] = []
        self.lock = threading.Lock()

    def run(self) -> None:
        self.began = time.monotonic()
        threads = [threading.Thread(target=self.work) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.lasted = time.monotonic() - self.began

    def work(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        while True:
            with self.lock:
                if not self.waiting:
                    return
                due, person = self.waiting.pop()
            time.sleep(max(0.0, self.began + due - time.monotonic()))
            try:
                done = self.sign(line, person)
            except (OSError, http.client.HTTPException, AssertionError) as error:
                line.close()
                with self.lock:
                    self.errors.append(f"{type(error).__name__}: {error}"[:300])
            else:
                with self.lock:
                    self.acknowledged.add(done)
                    self.taken.append((time.monotonic() - self.began - due) * 1000)

    def sign(self, line: http.client.HTTPConnection, person: dict[str, str]) -> str:
        """Open the text, send the page; which signature was acknowledged."""
        status, headers, page = self.ask(line, "GET", person["path"], person["cookie"])
        assert status == 200, (status, page[:200])
        form = {name: html.unescape(value) for name, value in HIDDEN.findall(page)} | {"name": person["name"]}
        form |= dict.fromkeys(re.findall(r'name="(statement_\d+)"', page), "on") | dict(json.loads(person["answers"]))
        csrf = next(part.split(";")[0] for part in headers.get_all("Set-Cookie") if part.startswith("csrf="))
        cookies = "; ".join(one for one in (person["cookie"], csrf) if one)
        status, headers, page = self.ask(line, "POST", person["path"], cookies, form)
        if person["cookie"]:
            assert status == 302, (status, re.findall(r'error-message">(.*?)</p>', page, re.DOTALL))
            return headers["Location"].rstrip("/").rpartition("/")[2]
        assert status == 200, (status, page[:200])
        assert "Signed:" in page, re.findall(r'error-message">(.*?)</p>', page, re.DOTALL)
        return person["name"]

    def ask(self, line: http.client.HTTPConnection, method: str, path: str, cookie: str, form: dict[str, str] | None = None):
        began = time.monotonic()
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Referer": URL}
        line.request(method, path, urlencode(form) if form else None, headers)
        answer = line.getresponse()
        body = answer.read().decode()
        with self.lock:
            self.requests.append((time.monotonic() - began) * 1000)
        return answer.status, answer.headers, body

    def told(self) -> dict[str, object]:
        return {
            "people": len(self.acknowledged) + len(self.errors), "minutes": round(self.lasted / 60, 2), "errors": len(self.errors),
            "first_errors": self.errors[:3], "request_ms": _percentiles(self.requests), "person_ms": _percentiles(self.taken),
        }  # fmt: skip


def _percentiles(taken: list[float]) -> dict[str, float]:
    cut = quantiles(taken, n=100)
    return {"p50": round(cut[49], 1), "p95": round(cut[94], 1), "p99": round(cut[98], 1), "most": round(max(taken), 1)}


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES, int(sys.argv[2]) if len(sys.argv) > 2 else STAFF)
