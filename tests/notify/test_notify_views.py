"""The inbox page."""

import pytest
from django.db import transaction

from schoolgate.notify import actions, queries


@pytest.fixture
def told(cast):
    with transaction.atomic():
        for number in (1, 2):
            actions.queue(
                person_id=cast.teacher.id, trust_id=cast.trust.id, school_id=cast.school.id, template="agreement.to_sign",
                path=f"/agreements/{number}/", by_email=False, once=f"t{number}",
            )  # fmt: skip
    return cast


def test_an_empty_inbox_says_so(cast, signed_in):
    page = signed_in("teacher").get("/messages/").content.decode()
    assert "There are no messages for you." in page


def test_messages_are_listed_and_marked_read(told, signed_in):
    client = signed_in("teacher")
    page = client.get("/messages/").content.decode()
    assert "2 new." in page
    assert "/agreements/1/" in page
    message = queries.unread(told.scope("teacher")).first()
    client.post(f"/messages/{message.id}/read/")
    assert queries.unread(told.scope("teacher")).count() == 1
    client.post("/messages/read/")
    assert queries.unread(told.scope("teacher")).count() == 0


def test_another_persons_message_is_not_found(told, signed_in):
    message = queries.unread(told.scope("teacher")).first()
    client = signed_in("governor")
    assert "/agreements/1/" not in client.get("/messages/").content.decode()
    assert client.post(f"/messages/{message.id}/read/").status_code == 404


def test_a_change_needs_a_post(told, signed_in):
    assert signed_in("teacher").get("/messages/read/").status_code == 405


def test_nobody_signed_in_is_sent_to_sign_in(cast, client):
    assert client.get("/messages/").status_code == 302
