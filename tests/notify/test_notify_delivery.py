"""Real mail servers on the loopback: kind, refusing, hanging, busy and away."""

import asyncio
import socket
import threading
import time
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, transaction

from schoolgate.common import clock
from schoolgate.notify import actions, queries
from schoolgate.notify.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


class Box:
    """A mail server's memory. `answer` is what it says to the recipient, `slow` how long it thinks over a mail, in seconds."""

    def __init__(self, answer: str = "250 OK", slow: float = 0) -> None:
        self.answer, self.slow, self.got = answer, slow, []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.slow)
        self.got.append(envelope.content.decode())
        return "250 taken"


@pytest.fixture
def post(settings):
    """`post(box)` starts a mail server for that box and points the product at it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 1
    started = []

    def start(box):
        controller = Controller(box, hostname="127.0.0.1", port=_free_port())
        controller.start()
        started.append(controller)
        settings.EMAIL_PORT = controller.port
        return box

    yield start
    for controller in started:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def tell(cast, number=1):
    with transaction.atomic():
        for one in range(number):
            actions.queue(
                person_id=cast.teacher.id, trust_id=cast.trust.id, school_id=cast.school.id, template="agreement.reminder",
                path="/agreements/5/", address=f"someone{one}@example.org", by_email=True, once=f"test:{one}",
            )  # fmt: skip


def mailed():
    return Message.objects.filter(by="email").order_by("queued_at")


def test_a_mail_server_takes_the_mail_and_it_holds_no_name(cast, post):
    box = post(Box())
    tell(cast)
    assert actions.deliver_due(clock.now()) == actions.Delivered(sent=1)
    assert mailed().get().sent_at is not None
    (mail,) = box.got
    assert "/agreements/5/" in mail
    assert f"<{mailed().get().id}@schoolgate>" in mail
    assert "Teacher" not in mail
    assert "Example" not in mail
    assert actions.deliver_due(clock.now()) == actions.Delivered()


def test_a_busy_answer_is_tried_again_and_then_sent_once(cast, post):
    box = post(Box("451 4.7.1 come back later"))
    tell(cast)
    now = clock.now()
    assert actions.deliver_due(now) == actions.Delivered(put_off=1)
    waiting = mailed().get()
    assert waiting.last_error.startswith("451")
    assert timedelta(seconds=50) < waiting.next_try_at - now < timedelta(seconds=70)
    assert actions.deliver_due(now) == actions.Delivered()
    box.answer = "250 OK"
    with clock.standing_at(now + timedelta(minutes=2)):
        assert actions.deliver_due(clock.now()).sent == 1
    assert len(box.got) == 1
    assert mailed().get().tries == 2


def test_an_address_refused_for_good_is_given_up_at_once_and_shows(cast, post):
    post(Box("550 5.1.1 no such person"))
    tell(cast)
    assert actions.deliver_due(clock.now()) == actions.Delivered(given_up=1)
    assert queries.failed(cast.scope("head"), clock.now() - timedelta(days=1)) == 1
    assert mailed().get().last_error.startswith("550")


def test_a_server_that_is_away_puts_everything_off_after_one_wait(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", _free_port()
    tell(cast, 3)
    assert actions.deliver_due(clock.now()) == actions.Delivered(put_off=3)
    assert all("refused" in message.last_error.lower() for message in mailed())


def test_a_hanging_server_costs_one_wait_for_the_whole_round(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 1
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(5)
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        tell(cast, 5)
        start = time.monotonic()
        assert actions.deliver_due(clock.now()) == actions.Delivered(put_off=5)
        assert time.monotonic() - start < 3


def test_it_is_given_up_after_a_day_and_says_so(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", _free_port()
    tell(cast)
    start = clock.now()
    rounds, at = 0, start
    while mailed().get().failed_at is None and rounds < 50:
        with clock.standing_at(at):
            actions.deliver_due(clock.now())
        rounds, at = rounds + 1, mailed().get().next_try_at
    assert mailed().get().failed_at - start <= timedelta(hours=24)
    assert rounds == 27  # at once, after 1, 6, 21 and 81 minutes, then hourly
    assert mailed().get().tries == rounds


def test_mail_waiting_longer_than_a_quarter_of_an_hour_counts_as_late(cast):
    tell(cast)
    scope, now = cast.scope("head"), clock.now()
    assert queries.waiting_late(scope, now) == 0
    assert queries.waiting_late(scope, now + timedelta(minutes=16)) == 1
    assert queries.waiting_late_anywhere(now + timedelta(minutes=16)) == 1
    actions.deliver_due(clock.now())
    assert queries.waiting_late(scope, now + timedelta(minutes=16)) == 0


def test_workers_at_once_send_every_mail_once(cast, post):
    box = post(Box(slow=0.05))
    tell(cast, 12)
    results, errors = [], []

    def work():
        try:
            results.append(actions.deliver_due(clock.now()))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert errors == []
    assert len(box.got) == 12
    assert len({line for mail in box.got for line in mail.splitlines() if line.startswith("Message-ID")}) == 12
    assert sum(result.sent for result in results) == 12
