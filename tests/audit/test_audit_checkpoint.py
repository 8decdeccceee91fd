"""Checkpoints on paper, the key that signs them, the nightly check, and explaining a break."""

import stat
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from audit_lift import lifted
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from schoolgate.audit import actions, checkpoints, jobs, keys, queries
from schoolgate.audit.checkpoints import Checkpoint
from schoolgate.audit.models import ChainCheck, ChainExplanation, ChainHead, Entry
from schoolgate.audit.rules import INSTALLATION, Head, Verdict
from schoolgate.common.errors import BadInput, Denied
from schoolgate.contracts.jobs import jobs as all_jobs

KEY = Ed25519PrivateKey.generate()
PUBLIC = checkpoints.public_bytes(KEY)
MADE = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
POINT = Checkpoint(12, MADE, PUBLIC, {UUID(int=0): Head(40, b"a" * 32), UUID(int=9): Head(0, bytes(32))})
TEXT = checkpoints.signed(POINT, KEY)


def test_a_checkpoint_is_plain_lines_no_longer_than_a_printed_page_allows():
    assert TEXT.isascii()
    lines = TEXT.splitlines()
    assert lines[:4] == ["Schoolgate audit checkpoint 1", "Serial 12", "Made 2026-11-20T06:00:00.000000Z", f"Key {PUBLIC.hex()}"]
    assert lines[4] == f"Chain {'0' * 32} 40 {'61' * 32}"
    assert max(map(len, lines)) < 125


def test_a_checkpoint_reads_back_also_as_mail_wraps_it():
    assert checkpoints.verify_checkpoint(TEXT, PUBLIC) == POINT
    assert checkpoints.verify_checkpoint(TEXT.replace(" ", "\r\n   ").replace("\n", "\n\n"), PUBLIC) == POINT
    empty = Checkpoint(1, MADE, PUBLIC, {})
    assert checkpoints.verify_checkpoint(checkpoints.signed(empty, KEY), PUBLIC) == empty


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "cannot be read as an audit checkpoint"),
        ("Dear head, please find", "cannot be read as an audit checkpoint"),
        (TEXT[:-70], "cannot be read as an audit checkpoint"),
        (TEXT.replace("Serial 12", "Serial twelve"), "cannot be read as an audit checkpoint"),
        (TEXT.replace(" 40 ", " 39 "), "signature does not fit"),
        (TEXT.replace("Serial 12", "Serial 13"), "signature does not fit"),
        (TEXT.replace("2026-11-20T06", "2026-11-21T06"), "signature does not fit"),
        ("x" * (checkpoints.LONGEST + 1), "far too long"),
        (checkpoints.signed(POINT, Ed25519PrivateKey.generate()), "signature does not fit"),
    ],
)
def test_what_is_no_checkpoint_or_was_changed_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(BadInput, match=sentence):
        checkpoints.verify_checkpoint(text, PUBLIC)


def test_a_checkpoint_of_another_key_names_both_keys():
    other = checkpoints.public_bytes(Ed25519PrivateKey.generate())
    with pytest.raises(BadInput, match=f"{checkpoints.key_id(PUBLIC)}.*{checkpoints.key_id(other)}"):
        checkpoints.verify_checkpoint(TEXT, other)


def test_a_time_that_is_none_is_refused_though_signed():
    text = checkpoints.signed(POINT, KEY).replace("2026-11-20T06", "2026-13-20T06")
    body = " ".join(text.split()).partition(" Signature ")[0]
    with pytest.raises(BadInput, match="which is no time"):
        checkpoints.verify_checkpoint(f"{body} Signature {KEY.sign(body.encode()).hex()}", PUBLIC)


def test_an_older_checkpoint_than_the_newest_known_is_noticed():
    assert checkpoints.turned_back(POINT, 12) == ""
    assert "This is checkpoint 12, but 14 is known" in checkpoints.turned_back(POINT, 14)


def test_the_key_is_made_once_and_for_its_owner_only(key_file):
    made = keys.signing_key(key_file)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert checkpoints.public_bytes(keys.signing_key(key_file)) == checkpoints.public_bytes(made)
    assert [file.name for file in key_file.parent.iterdir()] == ["audit_key"]


def test_a_key_made_by_many_at_once_is_one_key(key_file):
    found = []
    threads = [threading.Thread(target=lambda: found.append(checkpoints.public_bytes(keys.signing_key(key_file)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_key_that_is_missing_damaged_or_open_to_others_is_refused(key_file):
    with pytest.raises(BadInput, match="no audit key"):
        keys.existing_key(key_file)
    keys.signing_key(key_file)
    key_file.chmod(0o640)
    with pytest.raises(BadInput, match="can be read by others"):
        keys.signing_key(key_file)
    key_file.chmod(0o600)
    key_file.write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    with pytest.raises(BadInput, match="cannot be read"):
        keys.signing_key(key_file)


def test_an_exported_checkpoint_covers_its_own_record(recorded, by, trust_id, key_file):
    recorded(trust_id, 3)
    text = actions.export_checkpoint(by=by)
    point = checkpoints.verify_checkpoint(text, checkpoints.public_bytes(keys.existing_key(key_file)))
    assert (point.serial, queries.newest_serial()) == (1, 1)
    assert point.chains == {trust_id: queries.head_of(trust_id), INSTALLATION: queries.head_of(INSTALLATION)}
    entry = Entry.objects.get(trust_id=INSTALLATION)
    assert (entry.verb, entry.subject_id, entry.facts) == ("audit.checkpoint_made", "1", {"key": checkpoints.key_id(point.public_key)})
    actions.export_checkpoint(by=by)
    assert queries.newest_serial() == 2


def cut(trust_id: UUID, to: int) -> None:
    """As somebody does who can write to the database and knows how it works."""
    with lifted():
        Entry.objects.filter(trust_id=trust_id, number__gt=to).delete()
        last = Entry.objects.get(trust_id=trust_id, number=to)
        ChainHead.objects.filter(trust_id=trust_id).update(number=to, hash=last.hash)


def test_a_check_keeps_what_it_found(recorded, by, trust_id):
    recorded(trust_id, 4)
    check = actions.check_chain(trust_id, by=by)
    assert (check.ok, check.first, check.last, check.entries, check.fault, check.actor_id) == (True, 1, 4, 4, "", "5f0c")
    assert queries.last_checks() == [check]
    assert not Entry.objects.filter(trust_id=INSTALLATION).exists()
    nothing = actions.check_chain(uuid4(), by=by)
    assert (nothing.ok, nothing.first, nothing.last, nothing.entries) == (True, 0, 0, 0)


def test_a_break_is_recorded_once_and_stays_on_record_when_explained(recorded, by, trust_id):
    recorded(trust_id, 4)
    with lifted():
        Entry.objects.filter(trust_id=trust_id, number=3).update(verb="policy.withdrawn")
    check = actions.check_chain(trust_id, by=by)
    actions.check_chain(trust_id, by=by)
    assert (check.ok, check.first_bad, check.entries) == (False, 3, 2)
    assert [entry.verb for entry in Entry.objects.filter(trust_id=INSTALLATION)] == ["audit.break_found"]
    assert not queries.explained(check)
    with pytest.raises(BadInput, match="found out"):
        actions.explain_break(check, text=" ", by=by)
    explanation = actions.explain_break(check, text="A test of the restore went wrong.", by=by)
    assert list(queries.explanations_of(check)) == [explanation]
    assert queries.explained(check)
    again = queries.verdict(trust_id)[0]
    assert again.ok, "the columns beside entry 3 are passed over, its payload is sound"
    with pytest.raises(Denied, match="nothing to explain"):
        actions.explain_break(check, text="The same again.", by=by)


def test_explained_breaks_hide_no_others(recorded, by, trust_id):
    recorded(trust_id, 6)
    with lifted():
        Entry.objects.filter(trust_id=trust_id, number=2).update(hash=bytes(32))
    hash_gone = actions.check_chain(trust_id, by=by)
    actions.explain_break(hash_gone, text="Disk fault.", by=by)
    follows = actions.check_chain(trust_id, by=by)
    assert (hash_gone.first_bad, follows.first_bad) == (2, 3), "entry 3 followed from the hash that is gone"
    with pytest.raises(Denied, match="broken elsewhere"):
        actions.explain_break(hash_gone, text="The same again.", by=by)
    actions.explain_break(follows, text="Disk fault.", by=by)
    assert queries.verdict(trust_id)[0] == Verdict(True, 6, explained=(2, 3))
    for number in (2, 3, 5):
        with lifted(), transaction.atomic():
            Entry.objects.filter(trust_id=trust_id, number=number).update(payload=b"{}")
            assert queries.verdict(trust_id)[0].first_bad == number
            transaction.set_rollback(True)
    assert queries.verdict(INSTALLATION)[0].ok


def test_an_explanation_slipped_into_the_table_excuses_nothing(recorded, by, trust_id):
    recorded(trust_id, 4)
    with lifted():
        Entry.objects.filter(trust_id=trust_id, number=3).delete()
    check = actions.check_chain(trust_id, by=by)
    ChainExplanation.objects.create(check_id=check.pk, at=MADE, text="Nothing to see here.")
    assert not queries.explained(check)
    assert not queries.verdict(trust_id)[0].ok


def nightly() -> dict[UUID, ChainCheck]:
    all_jobs()["audit.check_chains"].run(MADE)
    return {check.trust_id: check for check in queries.last_checks()}


def test_the_nightly_check_remembers_outside_the_database_what_it_saw(recorded, by, trust_id, key_file):
    assert jobs.check_chains
    assert all_jobs()["audit.check_chains"].every == timedelta(days=1)
    recorded(trust_id, 6)
    assert nightly()[trust_id].ok
    recorded(trust_id, 2)
    cut(trust_id, 5)
    assert queries.verdict(trust_id)[0].ok, "head and rows agree: only the kept checkpoint can tell"
    first = nightly()[trust_id]
    assert (first.ok, first.first_bad) == (False, 6)
    recorded(trust_id, 4)
    found = nightly()[trust_id]
    assert (found.ok, found.first_bad, found.fault[:31]) == (False, 6, "Entry 6 is not the one the chec")
    actions.explain_break(found, text="The backup of Friday was put back.", by=by)
    assert nightly()[trust_id].ok
    cut(trust_id, 3)
    assert not nightly()[trust_id].ok


def test_a_chain_that_vanished_altogether_is_found_by_night(recorded, trust_id, key_file):
    recorded(trust_id, 6)
    nightly()
    with lifted():
        Entry.objects.filter(trust_id=trust_id).delete()
        ChainHead.objects.filter(trust_id=trust_id).delete()
    assert nightly()[trust_id].first_bad == 1


def test_a_spoilt_kept_checkpoint_stops_nothing_but_is_told(recorded, trust_id, key_file):
    recorded(trust_id, 6)
    nightly()
    kept = key_file.with_name("audit_checkpoint")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    kept.write_text(kept.read_text().replace(" 6 ", " 5 "))
    with pytest.raises(BadInput, match="signature does not fit"):
        nightly()
    assert ChainCheck.objects.filter(trust_id=trust_id).count() == 2


def test_a_log_no_longer_guarded_is_told_by_night(recorded, trust_id, key_file):
    recorded(trust_id, 6)
    with lifted(), pytest.raises(BadInput, match="no longer refuses changes to audit_entry"):
        nightly()
    assert ChainCheck.objects.get().ok
