"""Ten thousand ways to tamper with a log, drawn at random, and not one may pass."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schoolgate.audit import checkpoints, rules
from schoolgate.audit.checkpoints import Checkpoint
from schoolgate.audit.rules import NO_HEAD, Draft, Head, Row, Subject
from schoolgate.common.actors import Actor
from schoolgate.common.errors import BadInput

HOW_MANY = 10_000
LENGTH = 25
SEED = 20261120
OURS, THEIRS = UUID(int=71), UUID(int=72)
AT = datetime(2026, 11, 20, 20, 40, 4, 5, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
PUBLIC = checkpoints.public_bytes(KEY)


@dataclass(frozen=True)
class Stored:
    """A row as the table holds it, every column."""

    trust_id: str
    number: int
    at: str
    payload: bytes
    previous: bytes
    hash: bytes
    verb: str
    school_id: str | None
    actor_kind: str
    actor_id: str
    subject_kind: str
    subject_id: str

    def read(self) -> Row:
        """What the database gives verification (see queries.rows)."""
        school = "null" if self.school_id is None else f'"{self.school_id}"'
        copies = (
            f'{{"actor_id":"{self.actor_id}","actor_kind":"{self.actor_kind}","at":"{self.at}","number":{self.number},'
            f'"school_id":{school},"subject_id":"{self.subject_id}","subject_kind":"{self.subject_kind}",'
            f'"trust_id":"{self.trust_id}","verb":"{self.verb}","version":1,"words":'
        )
        return Row(self.number, self.payload, self.previous, self.hash, copies.encode())


@dataclass
class Log:
    """Everything a tamperer can reach: the rows, the head, and the checkpoint lying about."""

    rows: list[Stored]
    head: Head
    checkpoint: str
    newest_serial: int = 2
    touched: int | None = field(default=None, compare=False)  # the number whose row was changed in place, to see that it is the one named


def stored(trust_id: UUID, count: int, start: Head = NO_HEAD, verb: str = "policy.approved", at: datetime = AT) -> list[Stored]:
    by = Actor("person", "p1", "headteacher")
    drafts = [Draft(verb, Subject("policies.policy", str(n), f"policy {n}"), by, UUID(int=n) if n % 3 else None) for n in range(count)]
    found = []
    for draft, row in rules.chained(drafts, trust_id=trust_id, head=start, at=at):
        school = draft.school_id.hex if draft.school_id else None
        columns = (verb, school, by.kind, by.id, draft.subject.kind, draft.subject.id)
        found.append(Stored(trust_id.hex, row.number, rules.written_time(at), row.payload, row.previous, row.hash, *columns))
    return found


def head_of(rows: list[Stored]) -> Head:
    return Head(rows[-1].number, rows[-1].hash) if rows else NO_HEAD


ROWS, FOREIGN = stored(OURS, LENGTH), stored(THEIRS, LENGTH)
OLDER, NEWER = (
    checkpoints.signed(Checkpoint(serial, AT + timedelta(days=serial), PUBLIC, {OURS: head_of(ROWS[:seen])}), KEY)
    for serial, seen in ((1, LENGTH - 12), (2, LENGTH - 4))
)


def fresh() -> Log:
    return Log(list(ROWS), head_of(ROWS), NEWER)


def is_found(log: Log) -> bool:
    """The whole check, as somebody with the checkpoint in hand makes it."""
    try:
        witness = checkpoints.verify_checkpoint(log.checkpoint, PUBLIC)
    except BadInput:
        return True
    if checkpoints.turned_back(witness, log.newest_serial):
        return True
    verdict = rules.verify((row.read() for row in log.rows), trust_id=OURS, head=log.head, checkpoint=witness.chains.get(OURS))
    assert log.touched is None or verdict.first_bad == log.touched, verdict
    return not verdict.ok


def other_bytes(value: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(value))
    changed = bytes([value[at] ^ dice.randrange(1, 256)])
    return dice.choice([value[:at] + changed + value[at + 1 :], value[:at] + value[at + 1 :], value[:at] + changed + value[at:], b""])


def other_text(value: str, dice: random.Random) -> str:
    at = dice.randrange(len(value))
    sign = chr((ord(value[at]) + dice.randrange(1, 90)) % 127)
    return dice.choice([value[:at] + sign + value[at + 1 :], value + sign, sign + value, value[1:], value.swapcase() + "\0", '","', ""])


def change_a_field(log: Log, dice: random.Random) -> None:
    at = dice.randrange(LENGTH)
    row = log.rows[at]
    name = dice.choice(list(Stored.__dataclass_fields__))
    old = getattr(row, name)
    if isinstance(old, bytes):
        new = other_bytes(old, dice)
    elif isinstance(old, int):
        new = dice.choice([old + 1, old - 1, 0, -old, old + LENGTH])
    else:
        new = dice.choice([None, UUID(int=dice.getrandbits(128)).hex]) if name == "school_id" else other_text(old, dice)
    new = UUID(int=5).hex if new is None and old is None else new
    log.rows[at] = replace(row, **{name: new})
    log.touched = row.number


def remove_rows(log: Log, dice: random.Random) -> None:
    at = dice.randrange(LENGTH)
    del log.rows[at : at + dice.randrange(1, 4)]
    log.touched = at + 1


def forge_a_row(log: Log, dice: random.Random) -> None:
    """Rightly linked to the one before: only what comes after it, or the head, can give it away."""
    at = dice.randrange(LENGTH + 1)
    verb = dice.choice(["policy.approved", "policy.withdrawn"])
    forged = stored(OURS, 1, head_of(log.rows[:at]), verb, AT + timedelta(seconds=1))
    log.rows[at : at + dice.randrange(2)] = forged


def repeat_a_row(log: Log, dice: random.Random) -> None:
    log.rows.insert(dice.randrange(LENGTH + 1), dice.choice(log.rows))


def reorder(log: Log, dice: random.Random) -> None:
    one, two = dice.sample(range(LENGTH), 2)
    first, second = log.rows[one], log.rows[two]
    if dice.random() < 0.5:  # the numbers go along, as they would when a table is read in their order
        first, second = replace(first, number=second.number), replace(second, number=first.number)
    log.rows[one], log.rows[two] = second, first


def move_between_trusts(log: Log, dice: random.Random) -> None:
    foreign = dice.choice(FOREIGN)
    here = replace(foreign, trust_id=dice.choice([OURS.hex, THEIRS.hex]))
    if dice.random() < 0.3:
        here = replace(here, number=LENGTH + 1, previous=log.rows[-1].hash)
        log.head = Head(here.number, here.hash)
    at = here.number - 1
    log.rows[at : at + dice.randrange(2)] = [here]


def swap_whole_chain(log: Log, dice: random.Random) -> None:
    log.rows = [replace(row, trust_id=OURS.hex) for row in FOREIGN] if dice.random() < 0.5 else list(FOREIGN)
    log.head = head_of(log.rows)


def cut_the_tail(log: Log, dice: random.Random) -> None:
    del log.rows[dice.randrange(LENGTH) :]


def cut_the_tail_and_turn_back_the_head(log: Log, dice: random.Random) -> None:
    """Only the checkpoint knows."""
    del log.rows[dice.randrange(LENGTH - 4) :]
    log.head = head_of(log.rows)


def edit_the_head(log: Log, dice: random.Random) -> None:
    number, digest = log.head
    log.head = dice.choice([NO_HEAD, Head(number + dice.choice([-1, 1, 9]), digest), Head(number, other_bytes(digest, dice))])


def write_the_rest_anew(log: Log, dice: random.Random) -> None:
    """All links right, the head too: only the checkpoint knows."""
    at = dice.randrange(LENGTH - 4)
    log.rows[at:] = stored(OURS, LENGTH - at, head_of(log.rows[:at]), verb="policy.withdrawn")
    log.head = head_of(log.rows)


def make_all_disappear(log: Log, _dice: random.Random) -> None:
    log.rows, log.head = [], NO_HEAD


def edit_the_checkpoint(log: Log, dice: random.Random) -> None:
    """One sign of it, but not blank for blank: those are not signed, so that mail may wrap the lines."""
    at = dice.choice([at for at, sign in enumerate(log.checkpoint) if not sign.isspace()])
    sign = dice.choice([sign for sign in "0123456789abcdefXé" if sign != log.checkpoint[at]])
    log.checkpoint = log.checkpoint[:at] + dice.choice([sign, ""]) + log.checkpoint[at + 1 :]


def sign_with_another_key(log: Log, dice: random.Random) -> None:
    key = Ed25519PrivateKey.generate()
    shown = PUBLIC if dice.random() < 0.5 else checkpoints.public_bytes(key)
    log.checkpoint = checkpoints.signed(Checkpoint(3, AT, shown, {OURS: log.head}), key)


def roll_the_checkpoint_back(log: Log, dice: random.Random) -> None:
    log.checkpoint = OLDER
    if dice.random() < 0.5:
        del log.rows[LENGTH - dice.randrange(5, 12) :]
        log.head = head_of(log.rows)


WEIGHTS: dict[Callable[[Log, random.Random], None], int] = {
    change_a_field: 12,
    remove_rows: 3,
    forge_a_row: 3,
    repeat_a_row: 2,
    reorder: 3,
    move_between_trusts: 3,
    swap_whole_chain: 1,
    cut_the_tail: 2,
    cut_the_tail_and_turn_back_the_head: 2,
    edit_the_head: 2,
    write_the_rest_anew: 2,
    make_all_disappear: 1,
    edit_the_checkpoint: 3,
    sign_with_another_key: 1,
    roll_the_checkpoint_back: 2,
}


def test_ten_thousand_mutations_are_all_found():
    assert not is_found(fresh())
    dice = random.Random(SEED)
    missed, tried = [], Counter()
    for count, mutate in enumerate(dice.choices(list(WEIGHTS), WEIGHTS.values(), k=HOW_MANY)):
        log = fresh()
        mutate(log, dice)
        tried[mutate.__name__] += 1
        assert log != fresh(), f"{mutate.__name__} changed nothing"
        if not is_found(log):
            missed.append((count, mutate.__name__))
    assert not missed
    assert set(tried) == {mutate.__name__ for mutate in WEIGHTS}
