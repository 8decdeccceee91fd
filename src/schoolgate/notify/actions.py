"""What changes about messages: queued with the fact they tell of, sent later, read. The audit trail stands beside this package,
not below it: a message row is its own record, and the fact it tells of is audited by whoever queues it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection as database

from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.notify import queries, rules
from schoolgate.notify.models import Message

BATCH = 500


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round did."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a message did not leave. `for_good`: trying again cannot help. `no_server`: the others need not try now either."""

    words: str
    for_good: bool = False
    no_server: bool = False


def queue(
    *, person_id: UUID, trust_id: UUID, school_id: UUID | None, template: str, path: str,
    reference: str = "", address: str = "", by_email: bool, once: str,
) -> None:  # fmt: skip
    """Put a message on a person's screen and, `by_email`, in the post, together with the fact it tells of.

    Called inside the caller's transaction (RuntimeError outside one), so that a change that did not happen tells nobody.
    `once` names the occasion: the same one queued again changes nothing. ValueError for a message that says too much.
    """
    if not database.in_atomic_block:
        raise RuntimeError("notify.actions.queue was called outside a transaction; wrap the whole action in transaction.atomic().")
    rules.check_message(template=template, path=path, reference=reference, address=address, by_email=by_email, once=once)
    now = clock.now()
    common: dict[str, Any] = {
        "person_id": person_id, "trust_id": trust_id, "school_id": school_id, "template": template, "path": path,
        "reference": reference, "queued_at": now, "next_try_at": now,
    }  # fmt: skip
    messages = [Message(**common, by=Message.By.SCREEN, sent_at=now, once=f"{once}:screen")]
    if by_email:
        messages.append(Message(**common, by=Message.By.EMAIL, address=address, once=f"{once}:email"))
    Message.objects.bulk_create(messages, ignore_conflicts=True)


def queue_secret(*, person_id: UUID, trust_id: UUID, school_id: UUID, template: str, path: str, address: str, once: str) -> None:
    """Put a mail with a one-time address in the post, for somebody who has no screen here. As `queue`, inside the caller's transaction.

    The address is a secret: it stays in the outbox only until the mail has left or is given up.
    """
    if not database.in_atomic_block:
        raise RuntimeError("notify.actions.queue_secret was called outside a transaction; wrap the whole action in transaction.atomic().")
    rules.check_message(template=template, path=path, reference="", address=address, by_email=True, once=once)
    if not rules.TEMPLATES[template].afterwards:
        raise ValueError(f"The template {template!r} does not say what is left of a secret address")
    now = clock.now()
    mail = Message(
        person_id=person_id, trust_id=trust_id, school_id=school_id, template=template, path=path, queued_at=now, next_try_at=now,
        by=Message.By.EMAIL, address=address, once=f"{once}:email",
    )  # fmt: skip
    Message.objects.bulk_create([mail], ignore_conflicts=True)


def mark_read(*, message_id: UUID, by: Any) -> None:
    """A person has read one message on their screen. Reading it again keeps the first time; another's message is not found."""
    if not queries.inbox(by).filter(id=message_id).exists():
        raise NotFound("There is no such message in your reach")
    queries.unread(by).filter(id=message_id).update(read_at=clock.now())


def mark_all_read(*, by: Any) -> int:
    """A person has read everything on their screen; how many were new."""
    return queries.unread(by).update(read_at=clock.now())


def deliver_due(now: datetime, server: BaseEmailBackend | None = None) -> Delivered:
    """Send what is due by `now`, through the mail server of the settings or the one given.

    Safe to run in several processes at once: a message is claimed before it is sent.
    A mail server that cannot be reached costs one wait, not one for each message. A worker that dies between the mail server's
    yes and our own note sends that one message again when its claim runs out; mails carry the message's id for that case.
    """
    sent = put_off = given_up = 0
    server = server or get_connection()
    fault: Fault | None = None
    for message in queries.due(now)[:BATCH]:
        if not _claim(message):
            continue
        if not (fault and fault.no_server):
            fault = _send(server, message)
        if fault is None:
            gone = {"sent_at": clock.now(), "path": _left_of(message)}
            Message.objects.filter(id=message.id).update(tries=message.tries + 1, last_error="", **gone)
            sent += 1
        elif _put_off(message, fault):
            put_off += 1
        else:
            given_up += 1
    _close(server)
    return Delivered(sent, put_off, given_up)


def _claim(message: Message) -> bool:
    """Take the message for this worker: only one of several sees its own update change the row."""
    unchanged = Message.objects.filter(id=message.id, next_try_at=message.next_try_at, sent_at__isnull=True, failed_at__isnull=True)
    return unchanged.update(next_try_at=clock.now() + rules.LEASE) == 1


def _send(server: BaseEmailBackend, message: Message) -> Fault | None:
    """Hand one mail over; None when the server took it."""
    try:
        server.open()
        server.send_messages([_mail(message)])
    except (OSError, SMTPException) as error:  # SMTPException is an OSError; both are named for the reader
        _close(server)
        return _fault(error)
    return None


def _close(server: BaseEmailBackend) -> None:
    """Hang up. A line that is already dead cannot be closed politely, and nothing is lost by that."""
    with suppress(OSError, SMTPException):
        server.close()


def _fault(error: OSError) -> Fault:
    """What the mail server said, in a few words."""
    if isinstance(error, SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return Fault(f"{code} {_plain(text)}", for_good=code >= 500)
    if isinstance(error, SMTPResponseException):
        return Fault(f"{error.smtp_code} {_plain(error.smtp_error)}")
    lost = isinstance(error, SMTPServerDisconnected) or not isinstance(error, SMTPException)
    return Fault(f"{type(error).__name__}: {error}", no_server=lost)


def _plain(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text


def _mail(message: Message) -> EmailMessage:
    template = rules.TEMPLATES[message.template]
    body = rules.mail_text(template, base_url=settings.BASE_URL, path=message.path, reference=message.reference)
    headers = {"Message-ID": f"<{message.id}@schoolgate>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(f"{rules.PRODUCT}: {template.subject}", body, to=[message.address], headers=headers)


def _left_of(message: Message) -> str:
    """What is kept of the address a mail led to: all of it, or where it was a secret, the page that every such mail leads to."""
    return rules.TEMPLATES[message.template].afterwards or message.path


def _put_off(message: Message, fault: Fault) -> bool:
    """Note the fault and the next try; False when the message is given up."""
    now, tries = clock.now(), message.tries + 1
    again = None if fault.for_good else rules.next_try(tries, message.queued_at, now)
    changes: dict[str, Any] = {"next_try_at": again} if again else {"failed_at": now, "path": _left_of(message)}
    Message.objects.filter(id=message.id).update(tries=tries, last_error=fault.words[:300], **changes)
    return again is not None
