"""The only place that writes the log. Everything here runs inside the transaction of the change it records."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction

from schoolgate.audit import checkpoints, keys, queries, rules
from schoolgate.audit.checkpoints import Checkpoint
from schoolgate.audit.models import ChainCheck, ChainExplanation, ChainHead, Entry
from schoolgate.audit.rules import INSTALLATION, Draft, Head, Row, Subject, Verdict
from schoolgate.common import clock
from schoolgate.common.actors import Actor
from schoolgate.common.errors import BadInput

# Written out because the ORM costs five times as long, and every change in the product pays it.
_COLUMNS = [field.attname for field in Entry._meta.concrete_fields[1:]]
_INSERT = f"INSERT INTO audit_entry ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608
_HEAD = "SELECT number, hash FROM audit_chainhead WHERE trust_id = %s"
_MOVE = "UPDATE audit_chainhead SET number = %s, hash = %s WHERE trust_id = %s"

BATCH = 5_000
"""Rows sent to the database at once by record_many."""


def record(
    verb: str,
    subject: models.Model | Subject,
    *,
    trust_id: UUID,
    school_id: UUID | None = None,
    why: str = "",
    facts: dict[str, Any] | None = None,
    by: Actor,
) -> Entry:
    """Add one entry to the trust's chain and return it.

    Must be called inside `transaction.atomic()`, so that the fact and its record stand or fall together; RuntimeError if not.
    `facts` holds ids, hashes, numbers and dates, never content, names of pupils or secrets. BadInput when
    `why` is too long; ValueError for what no person can have typed.
    """
    draft = Draft(verb=verb, subject=_subject(subject), by=by, school_id=school_id, why=why, facts=facts)
    rules.check_draft(draft)
    at = clock.now()
    ((_, row),) = rules.chained([draft], trust_id=trust_id, head=_locked_head(trust_id), at=at)
    values = _values(draft, row, trust_id=trust_id, at=at)
    with connection.cursor() as cursor:
        cursor.execute(f"{_INSERT} RETURNING id", _adapted(values, connection.ops.adapt_datetimefield_value(at)))
        (key,) = cursor.fetchone()
    _move_head(trust_id, row)
    return Entry.from_db(connection.alias, ["id", *_COLUMNS], (key, *values))


def record_many(drafts: Iterable[Draft], *, trust_id: UUID) -> int:
    """Add many entries to one chain under one lock, all with the same time; returns how many. For imports and bulk changes."""
    at = clock.now()
    stored_at = connection.ops.adapt_datetimefield_value(at)
    head = _locked_head(trust_id)
    last, count = None, 0
    made = rules.chained(drafts, trust_id=trust_id, head=head, at=at)
    with connection.cursor() as cursor:
        while batch := list(islice(made, BATCH)):
            cursor.executemany(_INSERT, [_adapted(_values(draft, row, trust_id=trust_id, at=at), stored_at) for draft, row in batch])
            last, count = batch[-1][1], count + len(batch)
    if last:
        _move_head(trust_id, last)
    return count


def check_chain(trust_id: UUID, *, checkpoint: Checkpoint | None = None, by: Actor) -> ChainCheck:
    """Verify one chain, keep the result, and when it is broken say so in the installation's own log.

    The chain is read before anything is locked. A break found for the second night is kept again but recorded only once.
    """
    verdict, head = queries.verdict(trust_id, checkpoint)
    return _keep_check(trust_id, verdict, head, by=by)


@transaction.atomic
def _keep_check(trust_id: UUID, verdict: Verdict, head: Head, *, by: Actor) -> ChainCheck:
    known = ChainCheck.objects.filter(trust_id=trust_id).order_by("-at", "-pk").first()
    check = ChainCheck.objects.create(
        trust_id=trust_id,
        at=clock.now(),
        first=min(head.number, 1),
        last=head.number,
        entries=verdict.entries,
        ok=verdict.ok,
        first_bad=verdict.first_bad,
        fault=verdict.fault,
        actor_kind=by.kind,
        actor_id=by.id,
    )
    if not verdict.ok and (known is None or known.ok or known.first_bad != verdict.first_bad):
        chain = Subject(queries.CHAIN_KIND, trust_id.hex, f"chain of {trust_id}")
        facts = {"check": check.pk, "first_bad": verdict.first_bad}
        record("audit.break_found", chain, trust_id=INSTALLATION, why=verdict.fault, facts=facts, by=by)
    return check


@transaction.atomic
def explain_break(check: ChainCheck, *, text: str, by: Actor) -> ChainExplanation:
    """Put beside a break what a person found out about it. The break stays on record for good.

    From then on verification goes on after that very row, so that a second break is not hidden by the first.
    """
    now, _ = queries.verdict(check.trust_id)
    if now.ok and not check.ok and not queries.explained(check):  # only the checkpoint it was held against could tell
        now = replace(now, ok=False, first_bad=check.first_bad)
    rules.check_can_explain(check.first_bad, now, text)
    explanation = ChainExplanation.objects.create(check_id=check.pk, at=clock.now(), text=text.strip(), actor_kind=by.kind, actor_id=by.id)
    resumes = now.resumes
    facts = {
        "check": check.pk,
        "first_bad": check.first_bad,
        "resumes_at": resumes and resumes.number,
        "resumes_hash": resumes and resumes.hash.hex(),
        "resumes_payload": resumes and resumes.payload.hex(),
    }
    chain = Subject(queries.CHAIN_KIND, check.trust_id.hex, f"chain of {check.trust_id}")
    record(queries.EXPLAINED_VERB, chain, trust_id=INSTALLATION, facts=facts, by=by)
    return explanation


def export_checkpoint(*, by: Actor) -> str:
    """Say, signed, where every chain ends now: text to print or mail, so that a witness outside can show what was cut off later.

    The export is itself recorded first, so the checkpoint covers its own record. It is signed after the commit: a checkpoint
    never speaks of what was rolled back. BadInput when the key cannot be used.
    """
    private_key = keys.signing_key(settings.AUDIT_KEY_FILE)
    public_key = checkpoints.public_bytes(private_key)
    with transaction.atomic(durable=True):
        _locked_head(INSTALLATION)
        made, serial = clock.now(), queries.newest_serial() + 1
        subject = Subject(queries.CHECKPOINT_KIND, str(serial), f"checkpoint {serial}")
        facts = {"key": checkpoints.key_id(public_key)}
        record("audit.checkpoint_made", subject, trust_id=INSTALLATION, facts=facts, by=by)
        found = queries.heads()
    return checkpoints.signed(Checkpoint(serial, made, public_key, found), private_key)


def check_all_chains(*, by: Actor) -> list[ChainCheck]:
    """Check every chain, also against the checkpoint this machine kept the last time, then keep a new one.

    The kept one shows what somebody did who can write to the database but not to the key's folder. It stays as it is while a
    break stands that nobody has explained. Raises BadInput after the check when the kept one cannot be used, when entries belong to no
    trust, or when the database no longer guards the log.
    """
    try:
        kept, refusal = _kept_checkpoint(), None
    except BadInput as fault:
        kept, refusal = None, fault
    if kept:
        settled = {trust_id for trust_id in kept.chains if any(said.at > kept.made for said in queries.explanations(trust_id))}
        kept = replace(kept, chains={trust_id: head for trust_id, head in kept.chains.items() if trust_id not in settled})
    trusts = {*queries.chains()[0], *(kept.chains if kept else ())}
    checks = [check_chain(trust_id, checkpoint=kept, by=by) for trust_id in sorted(trusts, key=lambda trust: trust.int)]
    if refusal:
        raise refusal
    if besides := [*queries.troubles(), *queries.openings()]:
        raise BadInput(" ".join(besides))
    if all(check.ok or queries.explained(check) for check in checks):
        private_key = keys.signing_key(settings.AUDIT_KEY_FILE)
        made = Checkpoint(queries.newest_serial(), clock.now(), checkpoints.public_bytes(private_key), queries.heads())
        keys.write_whole(_kept_file(), checkpoints.signed(made, private_key).encode())
    return checks


def _kept_file() -> Path:
    return settings.AUDIT_KEY_FILE.with_name("audit_checkpoint")


def _kept_checkpoint() -> Checkpoint | None:
    if not _kept_file().exists():
        return None
    public_key = checkpoints.public_bytes(keys.existing_key(settings.AUDIT_KEY_FILE))
    return checkpoints.verify_checkpoint(_kept_file().read_text(encoding="utf-8", errors="replace"), public_key)


def subject_of(instance: models.Model) -> Subject:
    """How the log names a record: its `audit_label` if it has one, else the kind of thing and its id."""
    label = getattr(instance, "audit_label", "") or f"{instance._meta.verbose_name} {instance.pk}"
    return Subject(kind=instance._meta.label_lower, id=str(instance.pk), label=str(label))


def _subject(given: models.Model | Subject) -> Subject:
    return given if isinstance(given, Subject) else subject_of(given)


def _locked_head(trust_id: UUID) -> Head:
    """The chain's end, held until the transaction is over; a chain begins the first time it is asked for.

    SQLite has no row locks and needs none: a transaction that writes there is the only one from its start.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.actions.record was called outside a transaction; wrap the whole action in transaction.atomic().")
    lock = f"{_HEAD} FOR UPDATE" if connection.features.has_select_for_update else _HEAD
    with connection.cursor() as cursor:
        cursor.execute(lock, [trust_id.hex])
        found = cursor.fetchone()
        if found is None:
            ChainHead.objects.bulk_create([ChainHead(trust_id=trust_id)], ignore_conflicts=True)
            cursor.execute(lock, [trust_id.hex])
            found = cursor.fetchone()
    return Head(found[0], bytes(found[1]))


def _values(draft: Draft, row: Row, *, trust_id: UUID, at: datetime) -> tuple[Any, ...]:
    """The columns of an entry after its id, in the order of the model's fields."""
    by, subject = draft.by, draft.subject
    start = (trust_id, row.number, at, row.payload, row.previous, row.hash)
    return (*start, draft.verb, draft.school_id, by.kind, by.id, subject.kind, subject.id)


def _adapted(values: tuple[Any, ...], at: str | None) -> tuple[Any, ...]:
    """The same as the database takes them. Ids as hex digits suit both databases."""
    trust_id, number, _, payload, previous, digest, verb, school_id, *rest = values
    return (trust_id.hex, number, at, payload, previous, digest, verb, school_id.hex if school_id else None, *rest)


def _move_head(trust_id: UUID, row: Row) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [row.number, row.hash, trust_id.hex])
