"""Questions about messages. `scope` is the reader's reach (people.access.Scope); this package only asks it for ids."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet

from schoolgate.notify import rules
from schoolgate.notify.models import Message

BY = Message.By


def inbox(scope: Any) -> QuerySet[Message]:
    """Everything on the screen of the person signed in, newest first. A scope without a person has no screen."""
    mine = Message.objects.filter(trust_id=scope.trust_id, person_id=scope.person_id, by=BY.SCREEN)
    return mine if scope.person_id else mine.none()


def unread(scope: Any) -> QuerySet[Message]:
    """What the person has not read yet."""
    return inbox(scope).filter(read_at__isnull=True)


def due(now: datetime) -> QuerySet[Message]:
    """Mails to send now, in every trust, oldest first: for the worker only."""
    return Message.objects.filter(by=BY.EMAIL, sent_at__isnull=True, failed_at__isnull=True, next_try_at__lte=now).order_by("queued_at")


def waiting_late(scope: Any, now: datetime) -> int:
    """How many of the trust's mails have not left a quarter of an hour after they were queued."""
    waiting = Message.objects.filter(trust_id=scope.trust_id, by=BY.EMAIL, sent_at__isnull=True, failed_at__isnull=True)
    return waiting.filter(queued_at__lt=now - rules.LATE).count()


def failed(scope: Any, since: datetime) -> int:
    """How many of the trust's mails were given up since then."""
    return Message.objects.filter(trust_id=scope.trust_id, by=BY.EMAIL, failed_at__gte=since).count()


def waiting_late_anywhere(now: datetime) -> int:
    """The same for the whole installation: for the health page, which shows no trust."""
    return Message.objects.filter(by=BY.EMAIL, sent_at__isnull=True, failed_at__isnull=True, queued_at__lt=now - rules.LATE).count()


def last_told(scope: Any, template: str, path: str) -> dict[UUID, datetime]:
    """When each person was last sent this message about this page."""
    told = Message.objects.filter(trust_id=scope.trust_id, template=template, path=path, by=BY.SCREEN).order_by()
    return dict(told.values("person_id").annotate(last=Max("queued_at")).values_list("person_id", "last"))


def times_told(scope: Any, templates: Iterable[str], person_id: UUID, path: str) -> list[datetime]:
    """Each time one person was told about this page, oldest first."""
    told = Message.objects.filter(trust_id=scope.trust_id, template__in=list(templates), path=path, person_id=person_id, by=BY.SCREEN)
    return list(told.order_by("queued_at").values_list("queued_at", flat=True))
