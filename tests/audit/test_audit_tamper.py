"""The same tampering done to the real tables, with the database's own refusal lifted."""

import random
from uuid import UUID, uuid4

import pytest
from audit_lift import lifted
from django.db import connection, transaction

from schoolgate.audit import actions, checkpoints, keys, queries, rules
from schoolgate.audit.models import Entry

HOW_MANY = 75
SEED = 20261121
OURS, THEIRS = UUID(int=71), UUID(int=72)
LENGTH = 12
TEXTS = ("verb", "actor_kind", "actor_id", "subject_kind", "subject_id")


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0, statement


def change_text(dice: random.Random, name: str) -> None:
    value = dice.choice(["x", "", "person ", "POLICY.approved", '","', "\\", "0"])
    sql(f"UPDATE audit_entry SET {name} = %s WHERE trust_id = %s AND number = %s", value, OURS.hex, dice.randint(1, LENGTH))


def change_school(dice: random.Random) -> None:
    value = dice.choice([None, uuid4().hex])
    sql("UPDATE audit_entry SET school_id = %s WHERE trust_id = %s AND number = %s", value, OURS.hex, dice.randint(1, LENGTH))


def change_time(dice: random.Random) -> None:
    entry = Entry.objects.get(trust_id=OURS, number=dice.randint(1, LENGTH))
    Entry.objects.filter(pk=entry.pk).update(at=entry.at.replace(microsecond=(entry.at.microsecond + 1) % 1_000_000))


def change_bytes(dice: random.Random, name: str) -> None:
    entry = Entry.objects.get(trust_id=OURS, number=dice.randint(1, LENGTH))
    old = bytes(getattr(entry, name))
    at = dice.randrange(len(old))
    Entry.objects.filter(pk=entry.pk).update(**{name: old[:at] + bytes([old[at] ^ 1]) + old[at + 1 :]})


def change_number(dice: random.Random) -> None:
    number = dice.choice([0, -1, LENGTH + 1, LENGTH + 50])
    sql("UPDATE audit_entry SET number = %s WHERE trust_id = %s AND number = %s", number, OURS.hex, dice.randint(1, LENGTH))


def delete_rows(dice: random.Random) -> None:
    sql("DELETE FROM audit_entry WHERE trust_id = %s AND number = %s", OURS.hex, dice.randint(1, LENGTH))


def cut_tail(dice: random.Random) -> None:
    sql("DELETE FROM audit_entry WHERE trust_id = %s AND number >= %s", OURS.hex, dice.randint(1, LENGTH))


def cut_tail_and_head(dice: random.Random) -> None:
    last = Entry.objects.get(trust_id=OURS, number=dice.randint(1, LENGTH - 1))
    sql("DELETE FROM audit_entry WHERE trust_id = %s AND number > %s", OURS.hex, last.number)
    sql("UPDATE audit_chainhead SET number = %s, hash = %s WHERE trust_id = %s", last.number, last.hash, OURS.hex)


def swap_rows(dice: random.Random) -> None:
    one, two = dice.sample(range(1, LENGTH + 1), 2)
    for old, new in ((one, -5), (two, one), (-5, two)):
        sql("UPDATE audit_entry SET number = %s WHERE trust_id = %s AND number = %s", new, OURS.hex, old)


def move_to_trust(dice: random.Random, trust_id: UUID) -> None:
    sql("UPDATE audit_entry SET trust_id = %s, number = number + 500 WHERE trust_id = %s AND number = %s", trust_id.hex, OURS.hex, LENGTH)


def swap_trusts(_dice: random.Random) -> None:
    between = uuid4().hex
    for table in ("audit_entry", "audit_chainhead"):
        for old, new in ((OURS.hex, between), (THEIRS.hex, OURS.hex), (between, THEIRS.hex)):
            sql(f"UPDATE {table} SET trust_id = %s WHERE trust_id = %s", new, old)


def add_row(dice: random.Random) -> None:
    last = Entry.objects.get(trust_id=OURS, number=LENGTH)
    draft = rules.Draft("policy.withdrawn", rules.Subject("policies.policy", "1", "p"), actions.Actor("person", "p1", "head"))
    ((_, row),) = rules.chained([draft], trust_id=OURS, head=rules.Head(last.number, bytes(last.hash)), at=last.at)
    copies = {name: getattr(last, name) for name in ("trust_id", "at", "actor_kind", "subject_kind")} | {"verb": draft.verb}
    Entry.objects.create(
        number=row.number, payload=row.payload, previous=row.previous, hash=row.hash, actor_id="p1", subject_id="1", **copies
    )


def edit_head(dice: random.Random) -> None:
    column, value = dice.choice([("number", LENGTH + 1), ("number", LENGTH - 1), ("number", 0), ("hash", bytes(32))])
    sql(f"UPDATE audit_chainhead SET {column} = %s WHERE trust_id = %s", value, OURS.hex)


def delete_head(_dice: random.Random) -> None:
    sql("DELETE FROM audit_chainhead WHERE trust_id = %s", OURS.hex)


def delete_all(_dice: random.Random) -> None:
    delete_head(_dice)
    sql("DELETE FROM audit_entry WHERE trust_id = %s", OURS.hex)


WAYS = {
    **{f"the {name} changed": lambda dice, name=name: change_text(dice, name) for name in TEXTS},
    **{f"a byte of the {name} changed": lambda dice, name=name: change_bytes(dice, name) for name in ("payload", "previous", "hash")},
    "the school changed": change_school,
    "the time changed": change_time,
    "the number changed": change_number,
    "a row deleted": delete_rows,
    "the tail cut": cut_tail,
    "the tail cut and the head turned back": cut_tail_and_head,
    "two rows swapped": swap_rows,
    "a row moved to a trust we know": lambda dice: move_to_trust(dice, THEIRS),
    "a row moved to a trust nobody knows": lambda dice: move_to_trust(dice, uuid4()),
    "two trusts' chains swapped": swap_trusts,
    "a row added": add_row,
    "the head edited": edit_head,
    "the head deleted": delete_head,
    "a whole chain deleted": delete_all,
}


@pytest.fixture
def witness(recorded, by, key_file):
    """Two chains, and the checkpoint made of them."""
    recorded(OURS, LENGTH, uuid4())
    recorded(THEIRS, LENGTH - 3)
    text = actions.export_checkpoint(by=by)
    return checkpoints.verify_checkpoint(text, checkpoints.public_bytes(keys.existing_key(key_file)))


def broken(witness: checkpoints.Checkpoint) -> list[str]:
    trusts, strangers = queries.chains()
    verdicts = [queries.verdict(trust, witness)[0] for trust in {*trusts, *witness.chains}]
    return [verdict.fault for verdict in verdicts if not verdict.ok] + strangers


def test_every_way_of_tampering_with_the_tables_is_found(witness):
    assert broken(witness) == []
    dice = random.Random(SEED)
    missed = []
    with lifted():
        for turn in range(HOW_MANY):
            name = list(WAYS)[turn % len(WAYS)]
            with transaction.atomic():
                WAYS[name](dice)
                if not broken(witness):
                    missed.append(name)
                transaction.set_rollback(True)
    assert missed == []
    assert broken(witness) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL holds a column to its type")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("trust_id", "nonsense"),
        ("payload", "text"),
        ("number", "nonsense"),
        ("actor_id", b"\xff\xfe"),
        ("hash", 5),
        ("at", "soon"),
        ("actor_id", "5f0c\0"),
        ("verb", "policy.approved\0x"),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_break_and_no_crash(column, value, witness):
    with lifted():
        sql(f"UPDATE audit_entry SET {column} = %s WHERE trust_id = %s AND number = 5", value, OURS.hex)
    assert broken(witness)


def test_entries_without_a_head_are_found_without_any_checkpoint(recorded, trust_id):
    recorded(trust_id, 3)
    with lifted():
        sql("DELETE FROM audit_chainhead WHERE trust_id = %s", trust_id.hex)
    assert queries.chains() == ([trust_id], [])
    assert queries.verdict(trust_id)[0].first_bad == 1


def test_a_chain_of_more_than_one_batch_is_read_whole(recorded, trust_id):
    recorded(trust_id, 12_000)
    assert queries.verdict(trust_id)[0] == rules.Verdict(True, 12_000)
    with lifted():
        sql("UPDATE audit_entry SET verb = 'x' WHERE trust_id = %s AND number = %s", trust_id.hex, 11_111)
    assert queries.verdict(trust_id)[0].first_bad == 11_111
