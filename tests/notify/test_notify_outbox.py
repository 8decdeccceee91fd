"""The outbox: queued with the fact, once, and only then."""

import pytest
from django.core import mail
from django.db import transaction

from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.notify import actions, queries
from schoolgate.notify.models import Message


def tell(cast, name="teacher", **changes):
    person = cast.people[name]
    given = {
        "person_id": person.id, "trust_id": cast.trust.id, "school_id": cast.school.id, "template": "agreement.to_sign",
        "path": "/agreements/5/", "address": person.email, "by_email": True, "once": f"test:{person.id}",
    }  # fmt: skip
    with transaction.atomic():
        actions.queue(**{**given, **changes})


@pytest.mark.django_db(transaction=True)
def test_queueing_outside_a_transaction_is_refused():
    nobody = clock.now()
    with pytest.raises(RuntimeError):
        actions.queue(
            person_id=None, trust_id=None, school_id=None, template="agreement.to_sign", path="/", by_email=False, once=str(nobody)
        )
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_was_rolled_back_tells_nobody(cast):
    def fail():
        with transaction.atomic():
            tell(cast)
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        fail()
    assert actions.deliver_due(clock.now()).sent == 0
    assert mail.outbox == []
    assert queries.inbox(cast.scope("teacher")).count() == 0


def test_the_same_occasion_is_told_once(cast):
    tell(cast)
    tell(cast)
    tell(cast, once="another occasion")
    assert queries.inbox(cast.scope("teacher")).count() == 2
    assert actions.deliver_due(clock.now()).sent == 2
    assert len(mail.outbox) == 2


def test_a_message_on_screen_only_needs_no_address_and_is_not_mailed(cast):
    tell(cast, by_email=False, address="")
    assert queries.unread(cast.scope("teacher")).count() == 1
    assert actions.deliver_due(clock.now()).sent == 0


def test_the_mail_holds_a_link_and_a_reference_and_no_name(cast, settings):
    settings.BASE_URL = "https://gate.example.org"
    tell(cast, reference="A-0007")
    actions.deliver_due(clock.now())
    (sent,) = mail.outbox
    whole = sent.message().as_string()
    assert "https://gate.example.org/agreements/5/" in sent.body
    assert "Reference: A-0007" in sent.body
    assert sent.to == ["teacher@example.org"]
    for told in ("Teacher Example", "Example", "Alder", "policy", "agreement to"):
        assert told not in whole.replace("teacher@example.org", "")


def test_reading_is_noted_once_and_only_by_its_reader(cast):
    tell(cast)
    mine, theirs = cast.scope("teacher"), cast.scope("governor")
    message = queries.unread(mine).get()
    with pytest.raises(NotFound):
        actions.mark_read(message_id=message.id, by=theirs)
    actions.mark_read(message_id=message.id, by=mine)
    first = queries.inbox(mine).get().read_at
    actions.mark_read(message_id=message.id, by=mine)
    assert queries.inbox(mine).get().read_at == first
    assert queries.unread(mine).count() == 0


def test_a_scope_without_a_person_has_no_screen(cast):
    tell(cast)
    assert queries.inbox(cast.office).count() == 0
