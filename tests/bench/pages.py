"""Pages and readings at trust size: how many questions a page asks, and how long it takes through the real web server.

Prints a table and the ratio to a bare page of the same server in the same run, so that a slow machine does not look like slow code.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from statistics import quantiles

ROUNDS = 60
SMALL = 6  # schools in the second, smaller trust: the same page must ask as many questions there


def timed(what: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of each round, one at a time, after five that do not count."""
    for _ in range(5):
        what()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        what()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def p95(taken: list[float]) -> float:
    return quantiles(taken, n=20)[18]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="schoolgate-bench-") as home:
        measure(home)


def measure(home: str) -> None:
    os.environ |= {
        "SCHOOLGATE_HOME": home,
        "SCHOOLGATE_DEMO": "yes",
        "DJANGO_SETTINGS_MODULE": "schoolgate.config.settings",
        "SCHOOLGATE_URL": "http://127.0.0.1:8999",
    }
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{home}/schoolgate.sqlite3")
    import django  # noqa: PLC0415  the settings read the environment, so it is set first

    django.setup()
    from tests.bench import measures  # noqa: PLC0415

    facts = measures.prepare(SMALL)
    server = subprocess.Popen([sys.executable, "-m", "schoolgate.cli", "serve", "--port", "8999", "--workers", "1"])
    try:
        measures.wait("http://127.0.0.1:8999/healthz")
        report(facts)
    finally:
        server.terminate()
        server.wait(15)


def report(facts: dict) -> None:
    bare = p95(timed(lambda: fetch("http://127.0.0.1:8999/healthz", ""), ROUNDS))
    print(f"\n{'page':34}{'queries':>9}{'at 6 schools':>14}{'p95 ms':>9}{'x bare':>8}")
    print(f"{'bare (/healthz)':34}{'':>9}{'':>14}{bare:9.1f}{1:8.1f}")
    for name, page in facts["pages"].items():
        taken = p95(timed(lambda url=page["url"]: fetch(f"http://127.0.0.1:8999{url}", facts["cookie"]), ROUNDS))
        print(f"{name:34}{page['queries']:9}{page['queries_small']:14}{taken:9.1f}{taken / bare:8.1f}")
    print("\n" + json.dumps(facts["assess"]))


def fetch(url: str, cookie: str) -> bytes:
    asked = urllib.request.Request(url, headers={"Cookie": cookie})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        assert answer.status == 200, answer.status
        assert "/account/login" not in answer.url, "signed out"
        return answer.read()


if __name__ == "__main__":
    main()
