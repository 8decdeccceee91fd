"""The commands `schoolgate audit verify` and `schoolgate audit checkpoint`."""

import json

import pytest
from audit_lift import lifted
from typer.testing import CliRunner

from schoolgate.audit import checkpoints, commands, keys
from schoolgate.audit.models import ChainHead, Entry
from schoolgate.audit.rules import INSTALLATION
from schoolgate.common.errors import BadInput

run = CliRunner().invoke


def refused(*words: str) -> str:
    """The sentence a refused command ends with; the command line turns it into exit code 2."""
    result = run(commands.app, list(words))
    assert isinstance(result.exception, BadInput), result.output
    assert result.stdout == ""
    return result.exception.sentence


def verified(*words: str) -> tuple[int, dict]:
    result = run(commands.app, ["verify", "--json", *words])
    return result.exit_code, json.loads(result.stdout)


def test_an_empty_log_says_that_it_is_empty(db):
    result = run(commands.app, ["verify"])
    assert (result.exit_code, result.stdout) == (0, "Nothing has been recorded yet.\n")


def test_a_sound_log_is_shown_chain_by_chain_and_says_what_it_was_not_held_against(recorded, trust_id):
    recorded(trust_id, 3)
    recorded(INSTALLATION, 1)
    result = run(commands.app, ["verify"])
    assert result.exit_code == 0
    assert f"Sound   Trust {trust_id}: 3 entries" in result.stdout
    assert "Sound   The installation's own chain: 1 entry" in result.stdout
    assert "give --checkpoint" in result.stderr


def test_a_break_gives_exit_code_one_the_trust_and_the_first_bad_entry(recorded, trust_id):
    recorded(trust_id, 9)
    with lifted():
        Entry.objects.filter(number=4).update(actor_id="somebody else")
    result = run(commands.app, ["verify"])
    assert result.exit_code == 1
    assert f"BROKEN  Trust {trust_id}. First bad entry: 4. Entry 4: its searchable actor id differs" in result.stdout
    code, report = verified()
    assert (code, report["ok"], report["chains"][0]["trust"], report["chains"][0]["first_bad"]) == (1, False, str(trust_id), 4)


def test_a_checkpoint_shows_that_a_whole_chain_is_gone(recorded, trust_id, key_file, tmp_path):
    recorded(trust_id, 9)
    file = tmp_path / "checkpoint.txt"
    made = run(commands.app, ["checkpoint", str(file)])
    assert made.exit_code == 0
    public_key = checkpoints.public_bytes(keys.existing_key(key_file))
    assert made.stderr == f"Signed with the key {checkpoints.key_id(public_key)}.\n"
    code, report = verified("--checkpoint", str(file))
    assert (code, report["checkpoint"]["serial"], report["warnings"]) == (0, 1, [])
    with lifted():
        Entry.objects.filter(trust_id=trust_id).delete()
        ChainHead.objects.filter(trust_id=trust_id).delete()
    assert verified()[0] == 0
    code, report = verified("--checkpoint", str(file), "--key", public_key.hex())
    assert code == 1
    assert [chain["first_bad"] for chain in report["chains"] if chain["trust"] == str(trust_id)] == [1]


def test_a_checkpoint_can_go_through_pipes(recorded, trust_id, key_file):
    recorded(trust_id, 2)
    text = run(commands.app, ["checkpoint"]).stdout
    assert text.startswith("Schoolgate audit checkpoint 1\n")
    result = run(commands.app, ["verify", "--checkpoint", "-"], input=text)
    assert result.exit_code == 0
    assert "give --checkpoint" not in result.stderr


def test_an_older_checkpoint_still_verifies_but_says_that_a_newer_one_was_made(recorded, trust_id, key_file, tmp_path):
    recorded(trust_id, 2)
    file = tmp_path / "checkpoint.txt"
    run(commands.app, ["checkpoint", str(file)])
    run(commands.app, ["checkpoint"])
    code, report = verified("--checkpoint", str(file))
    assert code == 0
    assert "This is checkpoint 1, but 2 is known" in report["warnings"][0]


@pytest.mark.parametrize("content", [b"", b"Dear head", b"\xff\xfe\x00", b"Schoolgate audit checkpoint 1 Serial 1"])
def test_an_unreadable_checkpoint_is_refused_in_a_sentence(content, db, key_file, tmp_path):
    keys.signing_key(key_file)
    file = tmp_path / "checkpoint.txt"
    file.write_bytes(content)
    assert "cannot be read" in refused("verify", "--checkpoint", str(file))


def test_a_checkpoint_that_is_not_there_or_has_no_key_is_refused(db, key_file, tmp_path):
    assert "No such file" in refused("verify", "--checkpoint", str(tmp_path / "missing"))
    file = tmp_path / "checkpoint.txt"
    file.write_text("x")
    assert "There is no audit key" in refused("verify", "--checkpoint", str(file))
    assert "no public key" in refused("verify", "--checkpoint", str(file), "--key", "abc")


def test_a_checkpoint_that_cannot_be_written_is_refused(db, key_file, tmp_path):
    assert "cannot be written" in refused("checkpoint", str(tmp_path / "no folder" / "checkpoint.txt"))


def test_guards_that_are_gone_and_entries_of_no_trust_are_told(recorded, trust_id):
    recorded(trust_id, 1)
    with lifted():
        result = run(commands.app, ["verify"])
        assert "Note: The database no longer refuses changes to audit_entry" in result.stderr
        assert len(verified()[1]["warnings"]) == 4
