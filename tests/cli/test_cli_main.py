"""The console script as a person types it: one sentence and exit code 2 for what they can put right, never a traceback."""

import socket
import subprocess
import sys

import pytest


def run(*words: str, home: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "schoolgate.cli", *words]
    env = {"PATH": "/usr/bin:/bin", "SCHOOLGATE_HOME": home, "LANG": "C.UTF-8"}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["frob"], "No such command 'frob'"),
        (["policy", "read"], "Missing argument 'FILE'"),
        (["policy", "read", "x.txt", "--jsn"], "No such option"),
        (["policy", "read", "not-there.txt"], "not-there.txt does not exist"),
        (["audit", "verify"], "The database could not be used"),
        (["assess"], "Missing option '--school'"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_two(words, told, tmp_path):
    done = run(*words, home=str(tmp_path))
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("words", [[], ["policy"], ["policy", "read", "--help"]])
def test_asking_for_nothing_shows_what_there_is(words, tmp_path):
    done = run(*words, home=str(tmp_path))
    assert done.returncode == 0
    assert "Usage: schoolgate" in done.stdout


def test_reading_a_file_does_not_set_up_a_database(tmp_path):
    policy = tmp_path / "p.txt"
    policy.write_text("Phones policy\n\n1. Rules\n\n1.1 Staff must keep phones away.\n")
    home = tmp_path / "home"
    assert run("policy", "read", str(policy), "--json", home=str(home)).returncode == 0
    assert not home.exists()


def test_a_port_in_use_is_said_before_anything_is_made(tmp_path):
    """Two web servers can share a port without a word; the second must not start."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for command in ("serve", "demo"):
            done = run(command, "--port", str(port), home=str(tmp_path / command))
            assert done.returncode == 2
            assert f"Port {port} is in use" in done.stderr
            assert not (tmp_path / command / "schoolgate.sqlite3").exists()


def test_the_demo_never_throws_away_records_it_did_not_make(tmp_path):
    """A school's own folder named by mistake: one sentence, and the records stay as they are."""
    kept = tmp_path / "schoolgate.sqlite3"
    kept.write_bytes(b"a school's own records")
    command = [sys.executable, "-m", "schoolgate.cli", "demo", "--no-serve"]
    env = {"PATH": "/usr/bin:/bin", "SCHOOLGATE_DEMO_HOME": str(tmp_path), "LANG": "C.UTF-8"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "holds records that no demo made" in done.stderr
    assert kept.read_bytes() == b"a school's own records"
