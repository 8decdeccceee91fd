"""Recording: inside a transaction, by somebody, without a gap, and gone with what it records when that is rolled back."""

import hashlib
import json
import threading
from uuid import UUID, uuid4

import pytest
from audit_lift import lifted
from django.db import IntegrityError, connection, transaction

from schoolgate.audit import actions, guards, queries, rules
from schoolgate.audit.models import ChainCheck, ChainExplanation, ChainHead, Entry
from schoolgate.audit.rules import INSTALLATION, NO_HEAD, Draft, Subject
from schoolgate.common.models import Heartbeat

POLICY = Subject("policies.policy", "7", "policy 7")


def test_an_entry_says_who_did_what_to_what_and_why(db, by, trust_id):
    school = uuid4()
    entry = actions.record("policy.approved", POLICY, trust_id=trust_id, school_id=school, why="agreed", facts={"version": 3}, by=by)
    kept = Entry.objects.get(pk=entry.pk)
    for found in (entry, kept):
        assert (found.number, found.verb, found.school_id, found.trust_id) == (1, "policy.approved", school, trust_id)
        assert (found.actor_kind, found.actor_id, found.actor_label, found.from_where) == ("person", "5f0c", "headteacher", "192.0.2.7")
        assert (found.subject_kind, found.subject_id, found.subject_label) == ("policies.policy", "7", "policy 7")
        assert (found.why, found.facts) == ("agreed", {"version": 3})
    assert kept.at == entry.at
    assert rules.written_time(kept.at) == kept.said["at"]


def test_a_record_is_named_by_its_own_label_or_by_its_kind_and_id(db, by, trust_id):
    beat = Heartbeat(process="work")
    assert actions.subject_of(beat) == Subject("common.heartbeat", "work", "heartbeat work")
    beat.audit_label = "the worker"
    assert actions.record("beat.seen", beat, trust_id=trust_id, by=by).subject_label == "the worker"


def test_a_hash_recomputed_by_hand_from_the_table_is_the_stored_one(recorded, trust_id):
    recorded(trust_id, 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload, previous, hash FROM audit_entry ORDER BY number")
        (_, _, before), (payload, previous, digest) = [[bytes(value) for value in row] for row in cursor.fetchall()]
    assert previous == before
    assert digest == hashlib.sha256(b"schoolgate audit entry 1\n" + before + payload).digest()
    assert json.dumps(json.loads(payload), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == payload


def test_each_trust_has_its_own_numbers(recorded):
    one, two = uuid4(), uuid4()
    recorded(one, 3)
    recorded(two, 2)
    recorded(one, 1)
    numbers = [list(Entry.objects.filter(trust_id=trust).order_by("number").values_list("number", flat=True)) for trust in (one, two)]
    assert numbers == [[1, 2, 3, 4], [1, 2]]
    assert all(queries.verdict(trust)[0].ok for trust in (one, two))


def test_nothing_to_record_records_nothing(db, trust_id):
    assert actions.record_many([], trust_id=trust_id) == 0
    assert queries.head_of(trust_id) == NO_HEAD


def test_recording_needs_an_actor_and_a_refused_entry_leaves_nothing(db, one_draft, trust_id):
    with pytest.raises(ValueError, match="names no actor"):
        actions.record("policy.approved", POLICY, trust_id=trust_id, by=None)
    with pytest.raises(TypeError):
        actions.record("policy.approved", POLICY, trust_id=trust_id)
    nameless = Draft(one_draft.verb, one_draft.subject, None)
    with pytest.raises(ValueError, match="names no actor"), transaction.atomic():
        actions.record_many([one_draft, nameless], trust_id=trust_id)
    assert not Entry.objects.exists()
    assert not ChainHead.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused(by, one_draft, trust_id):
    with pytest.raises(RuntimeError, match="outside a transaction"):
        actions.record("policy.approved", POLICY, trust_id=trust_id, by=by)
    with pytest.raises(RuntimeError, match="outside a transaction"):
        actions.record_many([one_draft], trust_id=trust_id)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_entry_and_no_gap(by, trust_id):
    def record():
        return actions.record("policy.approved", POLICY, trust_id=trust_id, by=by)

    def record_and_fail():
        with transaction.atomic():
            Heartbeat.objects.create(process="x", at=record().at)
            raise ZeroDivisionError

    with transaction.atomic():
        record()
    with pytest.raises(ZeroDivisionError):
        record_and_fail()
    assert not Heartbeat.objects.exists()
    assert queries.head_of(trust_id).number == 1
    with transaction.atomic():
        assert record().number == 2
    assert queries.verdict(trust_id)[0] == rules.Verdict(True, 2)


@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_at_once_leave_no_gap(by):
    trusts = [uuid4(), uuid4()]
    start, faults = threading.Barrier(16), []

    def write(name: int) -> None:
        try:
            start.wait()
            for turn in range(8):
                with transaction.atomic():
                    actions.record("policy.read", Subject("policies.policy", f"{name}-{turn}", "policy"), trust_id=trusts[turn % 2], by=by)
        except Exception as fault:  # shown by the assertion below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[name]) for name in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert [queries.verdict(trust)[0] for trust in trusts] == [rules.Verdict(True, 64)] * 2
    assert len(set(Entry.objects.values_list("subject_id", flat=True))) == 128


CHANGES = {
    "audit_entry keeps history: its rows are never changed": lambda: Entry.objects.update(verb="policy.withdrawn"),
    "audit_entry keeps history: its rows are never deleted": lambda: Entry.objects.all().delete(),
    "audit_chaincheck keeps history: its rows are never changed": lambda: ChainCheck.objects.update(fault=""),
    "audit_chaincheck keeps history: its rows are never deleted": lambda: ChainCheck.objects.all().delete(),
    "audit_chainexplanation keeps history: its rows are never changed": lambda: ChainExplanation.objects.update(text=""),
    "audit_chainexplanation keeps history: its rows are never deleted": lambda: ChainExplanation.objects.all().delete(),
    "audit_chainhead only goes forward: number never stays or falls": lambda: ChainHead.objects.update(number=0),
    "audit_chainhead keeps history: its rows are never deleted": lambda: ChainHead.objects.all().delete(),
}


@pytest.mark.parametrize("sentence", CHANGES)
def test_the_database_itself_refuses_to_change_history(sentence, recorded, by, trust_id):
    recorded(trust_id, 1)
    ChainCheck.objects.create(trust_id=trust_id, at="2026-01-01T00:00Z", first=1, last=1, entries=0, ok=False, fault="x")
    ChainExplanation.objects.create(check_id=1, at="2026-01-01T00:00Z", text="A test.")
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        CHANGES[sentence]()
    assert ChainCheck.objects.get().fault == "x"
    assert queries.head_of(trust_id).number == Entry.objects.get(trust_id=trust_id).number == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_a_table_of_history_cannot_be_emptied_at_once(recorded, trust_id):
    recorded(trust_id, 1)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_entry")


def test_guards_that_are_gone_are_noticed(db):
    assert queries.unguarded() == []
    with lifted():
        assert queries.unguarded() == list(queries.GUARDED)
    assert queries.unguarded() == []


def test_a_guard_can_be_put_on_any_table_and_taken_off_again(db):
    operation = guards.append_only("common_heartbeat")
    beat = Heartbeat.objects.create(process="work", at="2026-01-01T00:00Z")
    editor = connection.schema_editor(atomic=False)  # not entered: on SQLite it would refuse to within a test's transaction
    operation.code(None, editor)
    operation.code(None, editor)  # as after a migration that rebuilt the table
    with pytest.raises(IntegrityError, match="common_heartbeat keeps history"), transaction.atomic():
        beat.delete()
    assert guards.unguarded(connection, ["common_heartbeat"]) == []
    operation.reverse_code(None, editor)
    assert guards.unguarded(connection, ["common_heartbeat"]) == ["common_heartbeat"]
    beat.delete()


@pytest.mark.django_db(transaction=True)
def test_a_long_chain_compared_on_a_second_connection_gives_the_same_verdict(recorded, trust_id, monkeypatch):
    monkeypatch.setattr(queries, "WORTH_A_THREAD", 10)
    with transaction.atomic():
        recorded(trust_id, 50)
    assert queries.verdict(trust_id)[0] == rules.Verdict(True, 50)
    with lifted():
        Entry.objects.filter(number=30).update(actor_id="somebody else")
    assert queries.verdict(trust_id)[0] == rules.Verdict(False, 29, 30, "Entry 30: its searchable actor id differs from what was recorded.")
    with lifted():
        Entry.objects.filter(number=31).update(hash=bytes(32))
    assert queries.verdict(trust_id)[0].first_bad == 30
    with lifted():
        Entry.objects.filter(number=29).update(hash=bytes(32))
    assert queries.verdict(trust_id)[0].first_bad == 29


def test_the_log_of_the_schools_in_reach_newest_first(recorded, by, trust_id):
    near, far, elsewhere = uuid4(), uuid4(), uuid4()
    for school in (near, far, None):
        recorded(trust_id, 2, school)
    recorded(elsewhere, 2, near)
    scope = Reach(trust_id, [near])
    assert [entry.number for entry in queries.entries_for(scope)] == [2, 1]
    assert [entry.number for entry in queries.entries_for(scope, whole_trust=True)] == [6, 5, 2, 1]
    assert [entry.number for entry in queries.entries_about(scope, Subject("policies.policy", "1", ""))] == [2]
    assert [entry.number for entry in queries.page_of(queries.entries_for(scope, whole_trust=True), before=6, size=2)] == [5, 2]


class Reach:
    def __init__(self, trust_id: UUID, school_ids: list[UUID]) -> None:
        self.trust_id, self.school_ids = trust_id, school_ids


def test_the_installation_has_a_chain_of_its_own(db, by):
    assert actions.record("machine.started", Subject("common.machine", "1", "machine"), trust_id=INSTALLATION, by=by).number == 1
    assert queries.chains() == ([INSTALLATION], [])
