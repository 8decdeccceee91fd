"""`schoolgate policy import` and the texts of the demo."""

import csv
import json
from datetime import date, timedelta

import pytest
from tests.policies.conftest import TEXT
from typer.testing import CliRunner

import schoolgate.cli.policy  # noqa: F401  the other commands of the group
from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.common.errors import BadInput
from schoolgate.contracts.commands import groups
from schoolgate.contracts.demo import Stage, events
from schoolgate.people import queries as people
from schoolgate.policies import commands, demo, queries, rules
from schoolgate.policies.models import Policy, PolicyVersion

TODAY = date(2026, 11, 20)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "policy.txt"
    path.write_text(TEXT)
    return path


def run(*words):
    return CliRunner().invoke(groups()["policy"], [str(word) for word in words])


def test_a_file_becomes_a_draft_of_the_school(cast, file):
    done = run("import", file, "--school", "alder-park", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    version = PolicyVersion.objects.get()
    assert (told["version"], told["number"], told["state"], told["clauses"]) == (str(version.id), 1, "draft", 10)
    assert told["fingerprint"] == version.fingerprint
    assert (version.policy.school, version.imported_by) == (cast.school, None)


def test_a_trusts_reference_makes_a_policy_of_the_trust_and_an_id_the_next_version(cast, file):
    assert run("import", file, "--school", "alder", "--title", "Trust text").exit_code == 0
    policy = Policy.objects.get()
    assert (policy.school, policy.title) == (None, "Trust text")
    file.write_text(TEXT.replace("every day", "twice a day"))
    done = run("import", file, "--school", "alder", "--policy", policy.id)
    assert "version 2" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--school", "nowhere"], "no school or trust with the reference nowhere"),
        (["--school", "alder-park", "--policy", "7"], "not the id of a policy"),
        (["--school", "alder-park", "--policy", "00000000-0000-4000-8000-000000000000"], "no policy with the id"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_nothing_is_stored(cast, file, words, sentence):
    done = run("import", file, *words)
    assert isinstance(done.exception, BadInput)
    assert sentence in done.exception.sentence
    assert not Policy.objects.exists()


def test_an_unreadable_file_is_one_sentence(cast, tmp_path):
    done = run("import", tmp_path / "missing.docx", "--school", "alder-park")
    assert isinstance(done.exception, BadInput)
    assert "does not exist" in done.exception.sentence


def test_the_command_stands_in_the_group_of_policy_commands():
    assert "import" in {command.name for command in commands.app.registered_commands}


# ------------------------------------------------------------------ the demo's texts

TEXTS = ("larkfield-trust-1.md", "larkfield-trust-2.md", "mossbank-academy.txt", "quarry-hill-draft.txt")


@pytest.mark.parametrize("name", TEXTS)
def test_each_demo_text_reads_whole_with_the_facts_of_its_cover(name):
    read = demo.document(name, TODAY, TODAY + timedelta(days=365))
    assert 35 <= len(read.clauses) <= 95
    assert read.title
    assert read.review_on == "2027-11-20"
    assert read.version
    assert (read.approved_on == TODAY.isoformat()) == (name != "quarry-hill-draft.txt")
    assert not any("$" in clause.text for clause in read.clauses)


def test_the_check_has_old_law_to_find_in_the_first_texts_and_less_in_the_second_version():
    found = {name: {row.rule for row in policytext.check(demo.document(name, TODAY, TODAY), on=TODAY).findings} for name in TEXTS}
    assert {"L01", "G01", "G03"} <= found["larkfield-trust-1.md"]
    assert not {"L01", "G01", "G03"} & found["larkfield-trust-2.md"]
    assert "L10" in found["mossbank-academy.txt"]
    assert "L01" in found["quarry-hill-draft.txt"]


def test_every_join_of_the_demo_names_a_clause_and_a_control_that_exist():
    rows = list(csv.DictReader((demo.TEXTS / "joins.csv").read_text(encoding="utf-8").splitlines()))
    refs = {name: {clause.ref for clause in demo.document(name, TODAY, TODAY).clauses} for name in TEXTS}
    of = {
        "larkfield-trust": refs["larkfield-trust-1.md"] | refs["larkfield-trust-2.md"],
        "larkfield-trust-2": refs["larkfield-trust-2.md"],
        "mossbank-academy": refs["mossbank-academy.txt"],
        "quarry-hill-draft": refs["quarry-hill-draft.txt"],
    }
    assert [row for row in rows if row["ref"] not in of[row["text"]]] == []
    assert [control for row in rows for control in row["controls"].split() if control not in rules.catalogue()] == []
    assert all(bool(row["controls"]) == (row["kind"] == "control") and bool(row["reason"]) == (row["kind"] != "control") for row in rows)


@pytest.fixture
def stage(db) -> Stage:
    """The demo year as people and policies tell it."""
    told = Stage()
    for event in events():
        if event.name.split(".")[1] in ("people", "policies"):
            with clock.standing_at(clock.at(TODAY + timedelta(days=event.day), event.hour)):
                event.happen(told)
    return told


def test_the_demo_year_leaves_three_schools_in_three_states(stage):
    with clock.standing_at(clock.at(TODAY, 12)):
        office = people.scope_of_process("test", stage["trust"])
        in_force = {name: queries.versions_in_force(office, stage[name].id) for name in ("harbour", "moss", "quarry")}
        assert [row.number for row in in_force["harbour"]] == [2]
        assert in_force["moss"] == [stage["policy.moss.1"]]
        assert in_force["quarry"] == []
        ids = {name: stage[f"policy.{name}"].id for name in ("trust.2", "moss.1", "quarry.1")}
        open_clauses = {name: queries.progress(office, [key])[key].unjoined for name, key in ids.items()}
        assert (open_clauses["trust.2"], open_clauses["moss.1"]) == (0, 2)
        assert 15 <= open_clauses["quarry.1"] <= 25
        assert len(queries.switched_on(office, stage["harbour"].id)) > 60
