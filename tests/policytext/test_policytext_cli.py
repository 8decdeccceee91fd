"""The commands about one document: JSON alone on standard output, exit codes 0, 1 and 2, one sentence when refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import schoolgate
from schoolgate.cli.policy import app

SOUND = (
    "Phone policy\nVersion\t2\nPolicy owner\tThe bursar\nApproved\tMay 2026\nNext review\tMay 2027\n\n1. Use\n"
    "1.1 Staff must ask the designated safeguarding lead first.\n1.2 Staff tell the local authority designated officer.\n"
)
STALE = SOUND + "1.3 Records are kept under the Data Protection Act 1998.\n"


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def file(tmp_path):
    def make(words: str = SOUND, name: str = "policy.txt") -> Path:
        path = tmp_path / name
        path.write_text(words)
        return path

    return make


def test_read_prints_one_object_in_the_agreed_shape(file):
    result = run("read", file(), "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    head = ["source", "title", "organisation", "version", "owner", "approved_on", "approved_by", "review_on", "clauses", "warnings"]
    assert [name for name in told if name in head] == head
    assert set(told["source"]) == {"name", "sha256", "media_type", "pages"}
    assert set(told["clauses"][0]) == {"ref", "path", "text", "modality", "actors", "page", "places"}
    assert all(set(warning) == {"code", "message", "ref"} for warning in told["warnings"])
    assert (told["approved_on"], told["review_on"], told["owner"]) == ("2026-05", "2027-05", "The bursar")


def test_read_for_people_names_what_is_not_stated(file):
    result = run("read", file("1. Use\n1.1 Staff must ask [first].\n"))
    assert result.exit_code == 0
    assert "Owner: not stated" in result.stdout
    assert "[first]" in result.stdout


def test_check_leaves_with_nought_when_nothing_is_wrong(file):
    result = run("check", file(), "--on", "2026-11-20", "--json")
    told = json.loads(result.stdout)
    assert told["summary"]["error"] == 0
    assert result.exit_code == 0


def test_check_leaves_with_one_when_there_are_errors(file):
    result = run("check", file(STALE), "--on", "2026-11-20", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert {"source", "on", "nation", "findings", "summary"} <= set(told)
    finding = next(row for row in told["findings"] if row["rule"] == "L01")
    assert set(finding) == {"rule", "severity", "ref", "quote", "message", "replaced_by", "effective_from", "sources"}
    assert (finding["ref"], finding["quote"], finding["effective_from"]) == ("1.3", "Data Protection Act 1998", "2018-05-25")


def test_check_asks_about_the_day_and_the_nation_it_is_told(file):
    told = json.loads(run("check", file(STALE), "--on", "2018-01-01", "--nation", "wales", "--json").stdout)
    assert (told["on"], told["nation"]) == ("2018-01-01", "wales")
    assert "L01" not in {row["rule"] for row in told["findings"]}


def test_check_for_people_prints_a_table(file):
    result = run("check", file(STALE), "--on", "2026-11-20")
    assert result.exit_code == 1
    assert "L01" in result.stdout


def test_match_prints_at_most_what_was_asked_for(file):
    result = run("match", file(), "--top", "2", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert set(told) == {"source", "clauses"}
    assert all(set(clause) == {"ref", "text", "kind", "suggestions", "engine"} for clause in told["clauses"])
    assert all(len(clause["suggestions"]) <= 2 for clause in told["clauses"])
    assert any(clause["suggestions"] for clause in told["clauses"])


def test_match_for_people_prints_a_table(file):
    result = run("match", file())
    assert result.exit_code == 0
    assert "informational" in result.stdout or "." in result.stdout


@pytest.mark.parametrize("command", ["read", "check", "match"])
def test_a_file_that_cannot_be_read_leaves_with_two_and_one_sentence(file, command):
    result = run(command, file("%PDF-1.7", "policy.docx"), "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip() == (
        "policy.docx says it is a Word document but its content is a PDF. Save it again in the right format, or correct its ending."
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["check", "{file}", "--on", "yesterday"], "--on yesterday is not a date"),
        (["check", "{file}", "--nation", "cornwall"], "no rules for the nation cornwall"),
        (["match", "{file}", "--top", "0"], "top"),
        (["read"], "FILE"),
        (["read", "{file}.none"], "does not exist"),
    ],
)
def test_bad_usage_leaves_with_two_and_says_what_is_wrong(file, words, sentence):
    result = run(*(word.format(file=file()) for word in words))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert sentence in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_the_commands_load_no_django():
    words = "import sys, schoolgate.cli.policy; sys.exit('django' in sys.modules)"
    root = str(Path(schoolgate.__file__).parents[1])
    assert subprocess.run([sys.executable, "-c", words], env={"PYTHONPATH": root}, timeout=60, check=False).returncode == 0
