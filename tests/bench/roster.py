"""A roster of a whole trust: first import and the same again, as the command a person runs, beside a plain bulk_create of the same rows.

20,000 pupils, 40,000 guardians and 3,500 staff of 60 schools, written as OneRoster 1.1. The peer makes the records with Django's
bulk_create and nothing else: no reading, no comparison, no preview, no log.
"""

import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCHOOLS, PUPILS, STAFF = 60, 20_000, 3_500
USERS = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,"
    "email,sms,phone,agentSourcedIds,grades,password"
)
PEER = """
import os, sys, time
import django
django.setup()
from django.db import transaction
from schoolgate.common import clock
from schoolgate.people.models import Engagement, Guardian, Guardianship, Person, Pupil, School, Trust
trust = Trust.objects.get()
schools = list(School.objects.all())
now = clock.now()
names = {"given": "Given", "family": "Family"}
began = time.perf_counter()
with transaction.atomic():
    pupils = [Pupil(trust=trust, school=schools[n % len(schools)], external_id=f"B{n}", added_at=now, **names) for n in range(PUPILS)]
    guardians = [Guardian(trust=trust, external_id=f"C{n}", added_at=now, **names) for n in range(2 * PUPILS)]
    persons = [Person(trust=trust, external_id=f"D{n}", created_at=now, **names) for n in range(STAFF)]
    Pupil.objects.bulk_create(pupils, batch_size=2000)
    Guardian.objects.bulk_create(guardians, batch_size=2000)
    Person.objects.bulk_create(persons, batch_size=2000)
    Engagement.objects.bulk_create(
        [Engagement(school=schools[n % len(schools)], person=one, category="employee", added_at=now) for n, one in enumerate(persons)],
        batch_size=2000,
    )
    Guardianship.objects.bulk_create(
        [Guardianship(pupil=pupils[n // 2], guardian=one, added_at=now) for n, one in enumerate(guardians)], batch_size=2000
    )
print(time.perf_counter() - began)
"""
FOUND = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from schoolgate.common.actors import system
from schoolgate.people import actions
trust = actions.found_trust(ref="bench", name="Bench Trust", by=system("bench"))
for n in range(SCHOOLS):
    actions.open_school(trust=trust, ref=f"school-{n}", name=f"School {n}", phase="primary", urn=f"{100000 + n}", by=system("bench"))
"""


def write(folder: Path) -> None:
    """The roster: invented names, two guardians a pupil."""
    luck = random.Random(4)
    folder.mkdir()
    with (folder / "orgs.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["sourcedId", "status", "name", "type", "identifier"])
        rows.writerows([f"S{n}", "active", f"School {n}", "school", str(100000 + n)] for n in range(SCHOOLS))
    with (folder / "users.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(USERS.split(","))
        for n in range(PUPILS):
            school = f"S{luck.randrange(SCHOOLS)}"
            agents = f"G{2 * n},G{2 * n + 1}"
            rows.writerow([f"P{n}", "active", "", "true", school, "student", "", "", *_name(luck), *[""] * 5, agents, n % 12, ""])
            for key in agents.split(","):
                rows.writerow([key, "active", "", "true", school, "parent", "", "", *_name(luck), "", "", f"{key}@home.example", *[""] * 5])
        for n in range(STAFF):
            rows.writerow([f"A{n}", "active", "", "true", f"S{n % SCHOOLS}", "teacher", "", "", *_name(luck), *[""] * 8])


def _name(luck: random.Random) -> list[str]:
    return [f"Given{luck.randrange(900)}", f"Family{luck.randrange(5000)}"]


def run(command: list[str]) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, done.stdout


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="schoolgate-bench-") as home:
        os.environ |= {"SCHOOLGATE_HOME": home, "DJANGO_SETTINGS_MODULE": "schoolgate.config.settings"}
        numbers = f"SCHOOLS, PUPILS, STAFF = {SCHOOLS}, {PUPILS}, {STAFF}\n"
        folder = Path(home, "roster")
        write(folder)
        run([sys.executable, "-c", numbers + FOUND])
        command = [str(Path(sys.executable).with_name("schoolgate")), "people", "import", str(folder)]
        first, told = run(command)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        again, _ = run(command)
        plain = float(run([sys.executable, "-c", numbers + PEER])[1])
    print(told)
    print(f"{'first import, whole command':34} {first:7.2f} s   {first / plain:5.2f} of bulk_create")
    print(f"{'the same again, whole command':34} {again:7.2f} s   {again / plain:5.2f} of bulk_create")
    print(f"{'plain bulk_create of the rows':34} {plain:7.2f} s")
    print(f"{'most memory of the first import':34} {peak:7} MiB")


if __name__ == "__main__":
    main()
