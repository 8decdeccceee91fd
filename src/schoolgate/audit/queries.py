"""Questions to the log. Verification reads it in one pass over the stored bytes; pages read it newest first."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Protocol
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from schoolgate.audit import guards, rules
from schoolgate.audit.checkpoints import Checkpoint
from schoolgate.audit.models import ChainCheck, ChainExplanation, ChainHead, Entry
from schoolgate.audit.rules import INSTALLATION, NO_HEAD, Head, Row, Subject, Verdict

GUARDED = ("audit_entry", "audit_chaincheck", "audit_chainexplanation", "audit_chainhead")
CHECKPOINT_KIND = "audit.checkpoint"

_FETCH = 5_000
_COPIES = """'{"actor_id":"' || actor_id || '","actor_kind":"' || actor_kind || '","at":"' || AT || '","number":' || number
    || ',"school_id":' || COALESCE('"' || SCHOOL || '"', 'null') || ',"subject_id":"' || subject_id || '","subject_kind":"'
    || subject_kind || '","trust_id":"' || TRUST || '","verb":"' || verb || '","version":1,"words":'"""
"""What rules.copies_of gives, written by the database from the columns: five values to fetch instead of eleven."""

_BEGINNING = {
    "sqlite": "CAST(COALESCE({}, '') AS BLOB)".format(
        _COPIES.replace("AT ", "replace(at, ' ', 'T') || CASE length(at) WHEN 19 THEN '.000000Z' ELSE 'Z' END ")
        .replace("SCHOOL", "school_id")
        .replace("TRUST", "trust_id")
    ),
    "postgresql": "convert_to(COALESCE({}, ''), 'UTF8')".format(
        _COPIES.replace("AT ", "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') ")
        .replace("SCHOOL", "replace(school_id::text, '-', '')")
        .replace("TRUST", "replace(trust_id::text, '-', '')")
    ),
}


class Reach(Protocol):
    """What of a scope the log needs: a trust and the schools in reach."""

    @property
    def trust_id(self) -> UUID: ...

    @property
    def school_ids(self) -> Sequence[UUID]: ...


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


def rows(trust_id: UUID, head: Head) -> Iterator[Row]:
    """A chain as verification reads it: up to `head`, then whatever stands beyond the head of now, which should be nothing.

    Entries added honestly meanwhile are in neither part. A tuple in the order of Row stands for one: making each a Row costs a third.
    """
    beyond = "number > COALESCE((SELECT number FROM audit_chainhead WHERE trust_id = %s), 0)"
    return chain(_select(trust_id, "number <= %s", head.number), _select(trust_id, beyond, trust_id.hex))


def verdict(trust_id: UUID, checkpoint: Checkpoint | None = None) -> tuple[Verdict, Head]:
    """Recompute one chain against its head and, when given, a checkpoint; with the head it was held against."""
    head = head_of(trust_id)
    witness = checkpoint.chains.get(trust_id) if checkpoint else None
    return rules.verify(rows(trust_id, head), trust_id=trust_id, head=head, checkpoint=witness), head


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


def explained(check: ChainCheck) -> bool:
    """Whether a person has said what this break is: for this check, or for an earlier one of the same entry."""
    same = ChainCheck.objects.filter(trust_id=check.trust_id, ok=False, first_bad=check.first_bad).values("pk")
    return ChainExplanation.objects.filter(check_id__in=same).exists()


def explained_since(trust_id: UUID, moment: datetime) -> bool:
    """Whether a break of this chain was explained after a moment, so that what was witnessed before then no longer counts."""
    checks = ChainCheck.objects.filter(trust_id=trust_id).values("pk")
    return ChainExplanation.objects.filter(check_id__in=checks, at__gt=moment).exists()


def unguarded() -> list[str]:
    """Tables of the log that the database would let someone change."""
    return guards.unguarded(connection, list(GUARDED))


def _select(trust_id: UUID, condition: str, value: int | str) -> Iterator[Row]:
    sql = (
        f"SELECT number, payload, previous, hash, {_BEGINNING[connection.vendor]} "  # noqa: S608  our own words
        f"FROM audit_entry WHERE trust_id = %s AND {condition} ORDER BY number"
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [trust_id.hex, value])
        while fetched := cursor.fetchmany(_FETCH):
            yield from fetched
