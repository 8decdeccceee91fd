"""What makes the log tamper-evident. Pure: no database, no clock.

Each trust has its own chain of entries, numbered from 1 without a gap. An entry is stored as the exact bytes that were
hashed (its payload) and carries the hash of the entry before it, so a change anywhere breaks every later link:

    hash = SHA-256(PREFIX + hash of the entry before + payload)

The trust, the number, the time and the actor are inside the payload, so an entry cannot be moved to another chain or
another place. A chain alone cannot show that its end was cut off; the chain's head and the signed checkpoints
(checkpoints.py) can.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from schoolgate.common.actors import Actor
from schoolgate.common.errors import BadInput, Denied

INSTALLATION = UUID(int=0)
"""The chain of what belongs to no trust: jobs, settings of the machine, checkpoints."""

PREFIX = b"schoolgate audit entry 1\n"
"""Names the format, so that a hash made for anything else can never be passed off as one of an entry."""

GENESIS = bytes(32)
"""What the first entry of a chain names as the hash before it."""

LENGTHS = {"verb": 80, "actor_kind": 16, "actor_id": 100, "subject_kind": 100, "subject_id": 100}
"""Longest value, in characters, of each searchable copy."""

_LONGEST = tuple(LENGTHS.values())

LONGEST_FACT = 500
LONGEST_WHY = 2000
ACTOR_KINDS = ("person", "system", "link")
NEVER_KEPT = frozenset({"password", "passphrase", "secret", "token", "content", "body"})
"""Names of facts that are refused: the log holds ids, hashes and reasons, never what was said or a secret."""

_VERB = re.compile(r"[a-z][a-z0-9_.]*\Z")
_NOT_PLAIN = re.compile(r'["\\\x00-\x1f\x7f]')


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about, where there is no model instance to pass."""

    kind: str
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One entry before it has a place in a chain."""

    verb: str
    subject: Subject
    by: Actor
    school_id: UUID | None = None
    why: str = ""
    facts: Mapping[str, Any] | None = None


class Head(NamedTuple):
    """Where a chain ends: the number and the hash of its last entry. Number 0 means nothing was recorded."""

    number: int
    hash: bytes


NO_HEAD = Head(0, GENESIS)


class Row(NamedTuple):
    """A stored entry as verification reads it.

    `copies` are its searchable columns written as a payload would begin with them; empty where the database compares them itself.
    """

    number: int
    payload: bytes
    previous: bytes
    hash: bytes
    copies: bytes


class Resumption(NamedTuple):
    """A break somebody explained: verification that fails where entry `due` should be may go on from that very row.

    `payload` is the SHA-256 of what the row said when it was explained: an excused row may not be changed again.
    """

    due: int
    number: int
    hash: bytes
    payload: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found: how many `entries` are sound up to the first bad one, its number, and what is wrong with it.

    `resumes` is where the chain could go on if a person explains this break; `explained` are the breaks passed over because
    a person did.
    """

    ok: bool
    entries: int
    first_bad: int | None = None
    fault: str = ""
    resumes: Resumption | None = field(default=None, compare=False)
    explained: tuple[int, ...] = ()


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one way to write a payload as bytes: sorted keys, no spaces, UTF-8, dates as ISO 8601. NaN and bytes are refused."""
    return _ENCODER.encode(value).encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return written_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"An audit entry cannot hold a {type(value).__name__}; pass its id or a hash of it.")


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain)


def written_time(at: datetime) -> str:
    """UTC to the microsecond, always 27 characters. A time without a zone is refused."""
    if at.tzinfo is None:
        raise ValueError("An audit entry needs a time with a zone.")
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def link(previous: bytes, payload: bytes) -> bytes:
    """The hash of an entry, 32 bytes, that binds it to the one before."""
    return sha256(PREFIX + previous + payload).digest()


def copies_of(draft: Draft, *, trust_id: UUID, number: int, at: str) -> bytes:
    """How a payload begins: everything kept beside it to search by. check_draft has made sure that nothing needs escaping.

    Verification leans on this order: what the columns say must give the beginning of the payload, so no payload is parsed.
    queries.py writes the same from the columns.
    """
    school = f'"{draft.school_id.hex}"' if draft.school_id else "null"
    by, subject = draft.by, draft.subject
    return (
        f'{{"actor_id":"{by.id}","actor_kind":"{by.kind}","at":"{at}","number":{number},"school_id":{school},'
        f'"subject_id":"{subject.id}","subject_kind":"{subject.kind}","trust_id":"{trust_id.hex}","verb":"{draft.verb}",'
        f'"version":1,"words":'
    ).encode()


def words_of(draft: Draft) -> dict[str, Any]:
    """The rest of a payload, which is only read, never searched by."""
    return {
        "actor": draft.by.label,
        "facts": draft.facts or {},
        "from": draft.by.from_where,
        "subject": draft.subject.label,
        "why": draft.why,
    }


def check_draft(draft: Draft) -> None:
    """Refuse what may not go into the log: BadInput for what a person typed too long, ValueError for a fault in our own code."""
    by, subject, verb = draft.by, draft.subject, draft.verb
    if not isinstance(by, Actor) or by.kind not in ACTOR_KINDS or not by.id:
        raise ValueError(f"The audit entry {verb!r} names no actor; every entry needs one.")
    if not _VERB.match(verb):
        raise ValueError(f"{verb!r} is no audit verb; write it like 'policy.approved'.")
    copies = (verb, by.kind, by.id, subject.kind, subject.id)
    for value, longest in zip(copies, _LONGEST, strict=True):
        if not 0 < len(value) <= longest:
            raise ValueError(f"The audit entry {verb!r} has an empty or overlong value to search by: {value!r}.")
    if _NOT_PLAIN.search("".join(copies)):
        raise ValueError(f"The audit entry {verb!r} has a quote, backslash or control character in {copies!r}.")
    if len(draft.why) > LONGEST_WHY:
        raise BadInput(f"The reason is {len(draft.why):,} characters long; say it in {LONGEST_WHY:,}.")
    for name, value in (draft.facts or {}).items():
        if name.lower() in NEVER_KEPT:
            raise ValueError(f"The audit entry {verb!r} may not hold the fact {name!r}: the log keeps no content and no secrets.")
        if isinstance(value, str) and len(value) > LONGEST_FACT:
            raise BadInput(f"The {name.replace('_', ' ')} is {len(value):,} characters long; the log takes {LONGEST_FACT}.")


def check_can_explain(first_bad: int | None, now: Verdict, text: str) -> None:
    """Only a break that still stands can be explained, and an explanation says something."""
    if now.ok:
        raise Denied("Nothing is wrong with this chain, so there is nothing to explain.")
    if now.first_bad != first_bad:
        raise Denied("The chain is now broken elsewhere than this check found; check it again and explain what that finds.")
    if not text.strip():
        raise BadInput("Say what you found out about the break.", field="text")


def chained(drafts: Iterable[Draft], *, trust_id: UUID, head: Head, at: datetime) -> Iterator[tuple[Draft, Row]]:
    """Each draft with the row it becomes, following on from `head`."""
    number, previous = head
    written = written_time(at)
    for draft in drafts:
        check_draft(draft)
        number += 1
        copies = copies_of(draft, trust_id=trust_id, number=number, at=written)
        payload = copies + canonical(words_of(draft)) + b"}"
        digest = link(previous, payload)
        yield draft, Row(number, payload, previous, digest, copies)
        previous = digest


def verify(
    entries: Iterable[Row],
    *,
    trust_id: UUID,
    head: Head | None = None,
    checkpoint: Head | None = None,
    resumptions: Collection[Resumption] = (),
) -> Verdict:
    """Recompute a chain, its entries given in order, and say the first that is wrong.

    `head` is what the chain says its end is (NO_HEAD when it has none), `checkpoint` what a signed checkpoint said it was.
    """
    seen, previous, hash_of, prefix = 0, GENESIS, sha256, PREFIX  # local names: a million entries pass here
    passed: list[int] = []
    chain = f'"trust_id":"{trust_id.hex}"'.encode()
    watched, expected = checkpoint or (-1, b"")
    for row in entries:
        number, payload, before, digest, copies = row
        if not (
            number == seen + 1
            and before == previous
            and type(payload) is bytes
            and hash_of(prefix + previous + payload).digest() == digest
            and (not copies or (payload.startswith(copies) and chain in copies))
        ):
            if resumption(Row(*row), seen + 1) not in resumptions:
                return replace(_bad(Row(*row), seen, previous, trust_id), explained=tuple(passed))
            passed.append(seen + 1)
        seen, previous = number, digest
        if seen == watched and digest != expected:
            return Verdict(False, seen - 1, seen, f"Entry {seen} is not the one the checkpoint saw: the chain was written anew.")
    return replace(_end(Head(seen, previous), head, checkpoint), explained=tuple(passed))


def _bad(row: Row, seen: int, previous: bytes, trust_id: UUID) -> Verdict:
    """Which of the many ways to be wrong this is, in a sentence."""
    due = seen + 1
    if isinstance(row.number, int) and row.number > due:
        fault = f"Entry {due} is missing; the next one found is {row.number}."
    elif row.number != due:
        fault = f"Entry {row.number} stands where entry {due} should: it is there twice or out of order."
    elif type(row.payload) is not bytes:
        fault = f"Entry {due} is not stored as bytes any more."
    elif row.previous != previous:
        fault = f"Entry {due} does not follow from the entry before it."
    elif link(previous, row.payload) != row.hash:
        fault = f"Entry {due} was changed: its hash does not fit what it says."
    else:
        fault = copy_fault(row, trust_id)
    return Verdict(False, seen, due, fault, resumption(row, due))


def resumption(row: Row, due: int) -> Resumption | None:
    """Where a chain could go on after this row, unless the row is too broken to say."""
    if not isinstance(row.number, int) or type(row.hash) is not bytes or type(row.payload) is not bytes:
        return None
    return Resumption(due, row.number, row.hash, sha256(row.payload).digest())


def copy_fault(row: Row, trust_id: UUID) -> str:
    """The payload is sound, so something kept beside it, or the chain it stands in, was changed."""
    try:
        said, beside = json.loads(row.payload), json.loads(row.copies + b"0}")
    except ValueError:
        return f"Entry {row.number}: what is kept to search by cannot be what was recorded."
    if said.get("trust_id") != trust_id.hex:
        return f"Entry {row.number} was moved here from the chain of trust {said.get('trust_id')}."
    changed = [name.replace("_", " ") for name in beside if name != "words" and beside[name] != said.get(name)]
    return f"Entry {row.number}: its searchable {' and '.join(changed)} differs from what was recorded."


def _end(last: Head, head: Head | None, checkpoint: Head | None) -> Verdict:
    """Whether the chain ends where its head, and a checkpoint, say it does."""
    seen = last.number
    if head and head.number > seen:
        return Verdict(False, seen, seen + 1, f"The chain stops at entry {seen} but had {head.number}: its end was cut off.")
    if head and head.number < seen:
        fault = f"Entries after {head.number} were put in without the chain's head knowing, or the head was turned back."
        return Verdict(False, seen, head.number + 1, fault)
    if head and head.hash != last.hash:
        return Verdict(False, seen, seen or None, f"The chain's head does not fit entry {seen}: one of the two was changed.")
    if checkpoint and checkpoint.number > seen:
        fault = f"The chain stops at entry {seen} but the checkpoint saw {checkpoint.number}: its end, or all of it, is gone."
        return Verdict(False, seen, seen + 1, fault)
    return Verdict(True, seen)
