"""Questions to the log. Verification reads it in one pass over the stored bytes; pages read it newest first."""

import re
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from schoolgate.audit import guards, rules
from schoolgate.audit.checkpoints import Checkpoint
from schoolgate.audit.models import ChainCheck, ChainExplanation, ChainHead, Entry
from schoolgate.audit.rules import INSTALLATION, NO_HEAD, Head, Resumption, Row, Subject, Verdict

GUARDED = ("audit_entry", "audit_chaincheck", "audit_chainexplanation", "audit_chainhead")
CHECKPOINT_KIND = "audit.checkpoint"
CHAIN_KIND = "audit.chain"
EXPLAINED_VERB = "audit.break_explained"

_FETCH = 1_000
WORTH_A_THREAD = 20_000
"""Entries from which a second connection pays for itself."""

_COPIES = """'{"actor_id":"' || actor_id || '","actor_kind":"' || actor_kind || '","at":"' || AT || '","number":' || number
    || ',"school_id":' || COALESCE('"' || SCHOOL || '"', 'null') || ',"subject_id":"' || subject_id || '","subject_kind":"'
    || subject_kind || '","trust_id":"' || TRUST || '","verb":"' || verb || '","version":1,"words":'"""
"""What rules.copies_of gives, written by the database from the columns. A column emptied by force makes it NULL, then '?'."""

_SQLITE = {
    "AT": "replace(at, ' ', 'T') || CASE length(at) WHEN 19 THEN '.000000Z' ELSE 'Z' END",
    "SCHOOL": "school_id",
    "TRUST": "trust_id",
}
_POSTGRESQL = {
    "AT": "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
    "SCHOOL": "replace(school_id::text, '-', '')",
    "TRUST": "replace(trust_id::text, '-', '')",
}


def _filled(columns: dict[str, str]) -> str:
    return re.sub("AT|SCHOOL|TRUST", lambda word: columns[word[0]], _COPIES)


_BEGINNING = {
    "sqlite": f"CAST(COALESCE({_filled(_SQLITE)}, '?') AS BLOB)",
    "postgresql": f"convert_to(COALESCE({_filled(_POSTGRESQL)}, '?'), 'UTF8')",
}
_NO_COPIES = {"sqlite": "x''", "postgresql": "''::bytea"}
_DIFFERS = {
    "sqlite": f"instr(payload, {_BEGINNING['sqlite']}) <> 1",
    "postgresql": f"position({_BEGINNING['postgresql']} in payload) <> 1",
}


class Reach(Protocol):
    """What of a scope the log needs: a trust and the schools in reach."""

    @property
    def trust_id(self) -> UUID: ...

    @property
    def school_ids(self) -> Sequence[UUID]: ...


class Explained(NamedTuple):
    """One explanation: when, of the break at which entry (None: the head's), and where the chain goes on from."""

    at: datetime
    first_bad: int | None
    resumes: Resumption | None


def entries_for(scope: Reach, *, whole_trust: bool = False) -> QuerySet[Entry]:
    """The log of the schools in reach, newest first; with `whole_trust` also what belongs to no school."""
    mine = Q(school_id__in=scope.school_ids)
    if whole_trust:
        mine |= Q(school_id=None)
    return Entry.objects.filter(mine, trust_id=scope.trust_id).order_by("-number")


def entries_about(scope: Reach, subject: Subject, *, whole_trust: bool = False) -> QuerySet[Entry]:
    """The history of one record, newest first."""
    return entries_for(scope, whole_trust=whole_trust).filter(subject_kind=subject.kind, subject_id=subject.id)


def page_of(entries: QuerySet[Entry], *, before: int | None = None, size: int = 50) -> list[Entry]:
    """The next `size` entries older than the number `before`: a page deep in the log costs no more than the first."""
    return list((entries.filter(number__lt=before) if before is not None else entries)[:size])


def head_of(trust_id: UUID) -> Head:
    """Where a chain says it ends; NO_HEAD when it was never begun."""
    found = ChainHead.objects.filter(trust_id=trust_id).values_list("number", "hash").first()
    return Head(found[0], bytes(found[1])) if found else NO_HEAD


def heads() -> dict[UUID, Head]:
    """Where every chain ends, all seen at one moment."""
    found = ChainHead.objects.values_list("trust_id", "number", "hash")
    return {trust_id: Head(number, bytes(digest)) for trust_id, number, digest in found}


def chains() -> tuple[list[UUID], list[str]]:
    """Every trust that has a chain, or entries without one; and, apart, what stands for a trust but cannot be one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT trust_id FROM audit_chainhead UNION SELECT trust_id FROM audit_entry")
        found = [value for (value,) in cursor.fetchall()]
    trusts, strangers = [], []
    for value in found:
        try:
            trusts.append(value if isinstance(value, UUID) else UUID(value))
        except (ValueError, AttributeError, TypeError):
            strangers.append(str(value))
    return sorted(trusts, key=lambda trust: trust.int), sorted(strangers)


def verdict(trust_id: UUID, checkpoint: Checkpoint | None = None) -> tuple[Verdict, Head]:
    """Recompute one chain against its head and, when given, a checkpoint; with the head it was held against.

    This process hashes the payloads; the database meanwhile compares each with the columns kept beside it.
    """
    head = head_of(trust_id)
    witness = checkpoint.chains.get(trust_id) if checkpoint else None
    excused = {said.resumes for said in explanations(trust_id) if said.resumes}
    with ThreadPoolExecutor(1) as beside:
        worth_it = head.number > WORTH_A_THREAD and not connection.in_atomic_block
        comparing = beside.submit(_apart, trust_id, excused) if worth_it else None
        found = rules.verify(_rows(trust_id, head), trust_id=trust_id, head=head, checkpoint=witness, resumptions=excused)
        differing = comparing.result() if comparing else _first_differing(trust_id, excused)
    if differing and (found.first_bad is None or differing.number < found.first_bad):
        number = differing.number
        found = Verdict(
            False, number - 1, number, rules.copy_fault(differing, trust_id), rules.resumption(differing, number), found.explained
        )
    return found, head


def explanations(trust_id: UUID) -> list[Explained]:
    """What people said about breaks of a chain. Read from the installation's own chain, where nobody can slip one in unseen."""
    entries = Entry.objects.filter(trust_id=INSTALLATION, subject_kind=CHAIN_KIND, subject_id=trust_id.hex).order_by("number")
    found = []
    for entry in entries:
        if (entry.said["verb"], entry.said["subject_id"]) == (EXPLAINED_VERB, trust_id.hex):
            facts, at = entry.facts, datetime.fromisoformat(entry.said["at"])
            found.append(Explained(at, facts["first_bad"], _resumption_in(facts)))
    return found


def _resumption_in(facts: dict[str, Any]) -> Resumption | None:
    if not facts["resumes_at"]:
        return None
    digests = (bytes.fromhex(facts[name]) for name in ("resumes_hash", "resumes_payload"))
    return Resumption(facts["first_bad"], facts["resumes_at"], *digests)


def explained(check: ChainCheck) -> bool:
    """Whether a person has said what this break is."""
    return any(said.first_bad == check.first_bad for said in explanations(check.trust_id))


def newest_serial() -> int:
    """The serial of the last checkpoint made here, 0 when there was none."""
    made = Entry.objects.filter(trust_id=INSTALLATION, subject_kind=CHECKPOINT_KIND).order_by("-number").first()
    return int(made.subject_id) if made else 0


def last_checks() -> list[ChainCheck]:
    """The latest check of every chain."""
    latest = {check.trust_id: check for check in ChainCheck.objects.order_by("at", "pk")}
    return sorted(latest.values(), key=lambda check: check.trust_id.int)


def explanations_of(check: ChainCheck) -> QuerySet[ChainExplanation]:
    """What was found out about a break, oldest first."""
    return ChainExplanation.objects.filter(check_id=check.pk).order_by("at", "pk")


def troubles() -> list[str]:
    """What is wrong with the log beside its chains: entries in the name of what is no trust."""
    return [f"Entries stand in the name of {name!r}, which is no trust." for name in chains()[1]]


def openings() -> list[str]:
    """What would let somebody change the log without the database objecting."""
    return [f"The database no longer refuses changes to {table}; see that every migration has run, then ask why." for table in unguarded()]


def unguarded() -> list[str]:
    """Tables of the log that the database would let someone change."""
    return guards.unguarded(connection, list(GUARDED))


def _rows(trust_id: UUID, head: Head) -> Iterator[Row]:
    """A chain up to `head`, then whatever stands beyond the head of now, which should be nothing.

    Entries added honestly meanwhile are in neither part. A tuple in the order of Row stands for one: making each a Row costs a third.
    """
    beyond = "number > COALESCE((SELECT number FROM audit_chainhead WHERE trust_id = %s), 0)"
    return chain(_select(trust_id, "number <= %s", head.number), _select(trust_id, beyond, trust_id.hex))


def _select(trust_id: UUID, condition: str, value: int | str, copies: str = "") -> Iterator[Row]:
    copies = copies or _NO_COPIES[connection.vendor]
    sql = f"SELECT number, payload, previous, hash, {copies} FROM audit_entry WHERE trust_id = %s AND {condition} ORDER BY number"  # noqa: S608
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [trust_id.hex, value])
        while fetched := cursor.fetchmany(_FETCH):
            yield from fetched


def _first_differing(trust_id: UUID, excused: Collection[Resumption] = ()) -> Row | None:
    """The first entry whose columns do not say what its payload says. An entry without a number is for the other half to find."""
    found = _select(trust_id, f"{_DIFFERS[connection.vendor]} AND number > %s", 0, _BEGINNING[connection.vendor])
    numbered = (Row(*row) for row in found if isinstance(row[0], int))
    return next((row for row in numbered if rules.resumption(row, row.number) not in excused), None)


def _apart(trust_id: UUID, excused: Collection[Resumption]) -> Row | None:
    try:
        return _first_differing(trust_id, excused)
    finally:
        connection.close()  # this thread's own
