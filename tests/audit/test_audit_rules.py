"""Chains without a database: what is written, what verification finds, and ten thousand ways to tamper."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest

from schoolgate.audit import rules
from schoolgate.audit.rules import NO_HEAD, Draft, Head, Subject
from schoolgate.common.actors import Actor, system
from schoolgate.common.errors import BadInput, Denied

TRUST = UUID(int=7)
AT = datetime(2026, 11, 20, 20, 40, 4, tzinfo=UTC)
BY = Actor("person", "p1", "headteacher")
DRAFT = Draft("policy.approved", Subject("policies.policy", "7", "Böhme’s policy"), BY, UUID(int=9), "why", {"b": 1, "a": date(2026, 1, 2)})


def rows(*drafts: Draft, trust_id: UUID = TRUST) -> list[rules.Row]:
    return [row for _, row in rules.chained(drafts, trust_id=trust_id, head=NO_HEAD, at=AT)]


def test_the_payload_is_one_canonical_json_object_that_says_everything():
    (row,) = rows(DRAFT)
    said = json.loads(row.payload)
    assert said == {
        "actor_id": "p1",
        "actor_kind": "person",
        "at": "2026-11-20T20:40:04.000000Z",
        "number": 1,
        "school_id": UUID(int=9).hex,
        "subject_id": "7",
        "subject_kind": "policies.policy",
        "trust_id": TRUST.hex,
        "verb": "policy.approved",
        "version": 1,
        "words": {
            "actor": "headteacher",
            "facts": {"a": "2026-01-02", "b": 1},
            "from": "",
            "subject": "Böhme’s policy",
            "why": "why",
        },
    }
    assert row.payload == json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_anyone_can_recompute_a_hash_with_the_standard_library_alone():
    first, second = rows(DRAFT, DRAFT)
    assert first.previous == bytes(32)
    assert second.previous == first.hash
    for row in (first, second):
        assert row.hash == hashlib.sha256(b"schoolgate audit entry 1\n" + row.previous + row.payload).digest()


def test_ids_decimals_choices_and_sets_are_written_plainly():
    class Colour(Enum):
        RED = "red"

    facts = {"id": UUID(int=1), "sum": Decimal("1.50"), "c": Colour.RED, "s": {2, 1}, "at": AT}
    text = rules.canonical(facts).decode()
    assert text == f'{{"at":"2026-11-20T20:40:04.000000Z","c":"red","id":"{UUID(int=1)}","s":[1,2],"sum":"1.50"}}'


@pytest.mark.parametrize("value", [float("nan"), b"bytes", object()])
def test_what_has_no_single_written_form_is_refused(value):
    with pytest.raises((ValueError, TypeError)):
        rules.canonical({"x": value})


@pytest.mark.parametrize(
    "wrong",
    [
        {"by": None},
        {"by": Actor("person", "", "head")},
        {"by": Actor("robot", "1", "head")},
        {"by": Actor("person", 'a"b', "head")},
        {"by": Actor("person", "a\\b", "head")},
        {"by": Actor("person", "x" * 101, "head")},
        {"verb": "Approved!"},
        {"verb": "x" * 81},
        {"subject": Subject("", "7", "policy")},
        {"subject": Subject("policies.policy", "a\x00b", "policy")},
        {"facts": {"password": "1234"}},
        {"facts": {"Token": "1234"}},
    ],
)
def test_a_draft_without_an_actor_or_with_content_is_refused(wrong):
    with pytest.raises(ValueError, match="audit"):
        rows(replace(DRAFT, **wrong))


@pytest.mark.parametrize("wrong", [{"why": "x" * 2001}, {"facts": {"file_name": "x" * 501}}])
def test_what_a_person_typed_too_long_is_refused_in_a_sentence(wrong):
    with pytest.raises(BadInput, match="characters long"):
        rows(replace(DRAFT, **wrong))


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        rules.written_time(datetime(2026, 1, 1))  # noqa: DTZ001  that is the point


def test_a_sound_chain_is_sound_with_and_without_head_and_checkpoint():
    chain = rows(*[DRAFT] * 5)
    head = Head(5, chain[-1].hash)
    assert rules.verify(chain, trust_id=TRUST) == rules.Verdict(True, 5)
    assert rules.verify(iter(chain), trust_id=TRUST, head=head, checkpoint=Head(3, chain[2].hash)).ok
    assert rules.verify(chain, trust_id=TRUST, head=head, checkpoint=head).ok
    assert rules.verify([], trust_id=TRUST, head=NO_HEAD).ok


def fault(chain, **held_against) -> tuple[int | None, str]:
    verdict = rules.verify(chain, trust_id=TRUST, **held_against)
    assert not verdict.ok
    return verdict.first_bad, verdict.fault


def test_each_break_is_told_in_a_sentence_with_the_first_bad_entry():
    chain = rows(*[DRAFT] * 5)
    head = Head(5, chain[-1].hash)
    assert fault(chain[:2] + chain[3:]) == (3, "Entry 3 is missing; the next one found is 4.")
    assert fault([*chain[:3], chain[2]]) == (4, "Entry 3 stands where entry 4 should: it is there twice or out of order.")
    assert fault([chain[0]._replace(payload=chain[0].payload.decode())]) == (1, "Entry 1 is not stored as bytes any more.")
    assert fault([chain[0]._replace(payload=chain[0].payload + b" ")]) == (1, "Entry 1 was changed: its hash does not fit what it says.")
    assert fault([chain[0], chain[1]._replace(previous=bytes(32))]) == (2, "Entry 2 does not follow from the entry before it.")
    verb = chain[1].copies.replace(b"policy.approved", b"policy.opened")
    assert fault([chain[0], chain[1]._replace(copies=verb)]) == (2, "Entry 2: its searchable verb differs from what was recorded.")
    assert fault(chain[:4], head=head) == (5, "The chain stops at entry 4 but had 5: its end was cut off.")
    assert fault(chain, head=NO_HEAD)[0] == 1
    assert fault(chain, head=Head(5, bytes(32))) == (5, "The chain's head does not fit entry 5: one of the two was changed.")
    assert fault([], head=NO_HEAD, checkpoint=head)[1].endswith("its end, or all of it, is gone.")
    assert fault(chain, checkpoint=Head(2, bytes(32))) == (2, "Entry 2 is not the one the checkpoint saw: the chain was written anew.")


def test_an_entry_of_another_trust_is_named_as_such_though_its_hash_is_right():
    foreign = rows(DRAFT, trust_id=UUID(int=8))
    assert fault(foreign) == (1, f"Entry 1 was moved here from the chain of trust {UUID(int=8).hex}.")


def test_a_number_left_out_is_found_though_every_link_is_right():
    """As a writer could do who skips a number, to put something there later."""
    chain = rows(*[DRAFT] * 2)
    skipped = rules.chained([DRAFT], trust_id=TRUST, head=Head(3, chain[1].hash), at=AT)
    assert fault([*chain, *(row for _, row in skipped)]) == (3, "Entry 3 is missing; the next one found is 4.")


def test_after_an_explained_break_the_rest_is_still_verified():
    chain = rows(*[DRAFT] * 6)
    gap = chain[:2] + chain[3:]
    first = rules.verify(gap, trust_id=TRUST)
    assert first.resumes == rules.Resumption(3, 4, chain[3].hash, hashlib.sha256(chain[3].payload).digest())
    head = Head(6, chain[5].hash)
    assert rules.verify(gap, trust_id=TRUST, head=head, resumptions=[first.resumes]) == rules.Verdict(True, 6, explained=(3,))
    worse = [*gap[:4], gap[4]._replace(payload=b"{}")]
    second = rules.verify(worse, trust_id=TRUST, resumptions=[first.resumes])
    assert (second.ok, second.first_bad, second.explained) == (False, 6, (3,))
    for change in ({"hash": bytes(32)}, {"payload": b"{}"}):
        other = [*chain[:2], chain[3]._replace(**change), *chain[4:]]
        assert rules.verify(other, trust_id=TRUST, resumptions=[first.resumes]).first_bad == 3


def test_only_a_break_that_still_stands_can_be_explained_and_only_in_words():
    broken = rules.Verdict(False, 2, 3, "x")
    rules.check_can_explain(3, broken, "A disk was restored.")
    with pytest.raises(Denied, match="nothing to explain"):
        rules.check_can_explain(3, rules.Verdict(True, 9), "A disk was restored.")
    with pytest.raises(Denied, match="broken elsewhere"):
        rules.check_can_explain(4, broken, "A disk was restored.")
    with pytest.raises(BadInput, match="found out"):
        rules.check_can_explain(3, broken, "  ")


def test_a_system_process_is_an_actor():
    assert len(rows(replace(DRAFT, by=system("nightly readings")))) == 1
