"""Limits count accounts and devices, never addresses: a school is one public address. And nothing tells who has a sign-in."""

import re
import socket
import time
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from allauth.account import app_settings as account_limits
from allauth.mfa import app_settings as mfa_limits
from django.core import signing
from django.http import HttpResponse
from django.test import Client
from tests.access.access_steps import LOGIN, PASSWORD, SECOND, code_now, set_up_app, sign_in

from schoolgate.config import sign_in as settings_of_sign_in
from schoolgate.people import actions
from schoolgate.people.entrance import device
from schoolgate.people.models import Category

TOO_MANY = "Too many wrong tries"
CODE, RESET = "/account/login/code/", "/account/password/reset/"


def guess(email: str, times: int, client: Client | None = None) -> str:
    for number in range(times):
        answer = sign_in(client or Client(), email, f"wrong guess {number}")
    return answer.content.decode()


def test_ten_wrong_passwords_close_an_account_to_strange_devices(with_sign_in):
    email = with_sign_in("head")
    assert TOO_MANY not in guess(email, 10)
    assert TOO_MANY in guess(email, 1)
    assert TOO_MANY in sign_in(Client(), email).content.decode()  # even with the right one


def test_guessing_at_home_does_not_lock_a_person_out_of_the_device_they_know(with_sign_in):
    email, known = with_sign_in("head"), Client()
    assert sign_in(known, email).status_code == 302
    known.post("/account/logout/")
    guess(email, 12)
    assert sign_in(known, email).status_code == 302


def test_a_known_device_has_a_limit_of_its_own(with_sign_in):
    email, known = with_sign_in("head"), Client()
    sign_in(known, email)
    known.post("/account/logout/")
    assert TOO_MANY not in guess(email, 10, known)
    assert TOO_MANY in guess(email, 1, known)
    assert sign_in(Client(), email).status_code == 302


def test_a_device_that_knows_one_account_is_strange_to_another(with_sign_in):
    mine, theirs, shared = with_sign_in("teacher"), with_sign_in("head"), Client()
    sign_in(shared, mine)
    shared.post("/account/logout/")
    guess(theirs, 10)
    assert TOO_MANY in sign_in(shared, theirs).content.decode()


@pytest.mark.parametrize(
    "forged",
    ["", "rubbish", signing.dumps(["me", ["x"]], salt="another salt"), signing.dumps("one", salt=device.SALT)],
    ids=["none", "rubbish", "another salt", "another shape"],
)
def test_a_device_cookie_of_ones_own_making_counts_for_nothing(with_sign_in, forged):
    email = with_sign_in("head")
    guess(email, 10)
    client = Client()
    client.cookies["schoolgate_device"] = forged
    assert TOO_MANY in sign_in(client, email).content.decode()


def test_the_device_cookie_tells_nobody_whose_device_it_is(with_sign_in):
    client = Client()
    sign_in(client, with_sign_in("head"))
    cookie = client.cookies["schoolgate_device"]
    _, accounts = signing.loads(cookie.value, salt=device.SALT)
    assert accounts == [device.fingerprint("HEAD@example.org ")]
    assert "head" not in str(accounts)
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] > 365 * 24 * 3600


def test_a_staff_room_computer_remembers_only_so_many_accounts(rf):
    request = rf.get("/")
    for number in range(40):
        response = HttpResponse()
        device.remember(request, response, f"{number}@example.org")
        request.COOKIES["schoolgate_device"] = response.cookies["schoolgate_device"].value
    kept = device.device_of(request)
    assert len(kept.accounts) == device.MOST_ACCOUNTS
    assert kept.knows("39@example.org")
    assert not kept.knows("0@example.org")


def test_a_whole_staff_signs_in_from_one_address_while_strangers_guess_from_it(cast, with_sign_in):
    emails = []
    for number in range(150):
        person = actions.add_person(given=f"Staff{number}", family="Example", by=cast.office)
        actions.engage(
            person=person, school=cast.school, category=Category.EMPLOYEE, starts_on=cast.head.engagements.get().starts_on, by=cast.office
        )
        emails.append(f"staff{number}@example.org")
        actions.give_sign_in(person=person, email=emails[-1], password=PASSWORD, by=cast.office)
    for victim in emails[:3]:
        guess(victim, 15)
    guess("nobody@example.org", 40)
    entered = [sign_in(Client(REMOTE_ADDR="203.0.113.9"), email).status_code for email in emails[3:]]
    assert entered == [302] * 147
    guess(with_sign_in("head"), 9)
    assert sign_in(Client(), "head@example.org").status_code == 302


def test_no_limit_anywhere_counts_by_address(settings):
    limits = {**settings.ACCOUNT_RATE_LIMITS, **settings.MFA_RATE_LIMITS}
    assert not [name for name, rate in limits.items() if rate and not re.fullmatch(r"\d+/\d*[smh]/(key|user)", rate)]
    everything = {**account_limits.RATE_LIMITS, **mfa_limits.RATE_LIMITS}  # with the library's own where we set none
    assert not [name for name, rate in everything.items() if rate and "/ip" in rate and name not in {"change_phone"}]


def masked(body: bytes) -> str:
    """The page without what differs on every load: the form token."""
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", body.decode())


@pytest.mark.parametrize(
    ("path", "about"),
    [(LOGIN, {"login": "%s", "password": "not it at all"}), (CODE, {"email": "%s"}), (RESET, {"email": "%s"})],
)
def test_pages_look_the_same_for_an_address_with_and_without_a_sign_in(with_sign_in, path, about):
    with_sign_in("head")
    seen = []
    for email in ("head@example.org", "none@example.org"):
        answer = Client().post(path, {name: value.replace("%s", email) for name, value in about.items()}, follow=True)
        seen.append((answer.redirect_chain, masked(answer.content).replace(email, "EMAIL")))
    assert seen[0] == seen[1]


def test_a_wrong_code_looks_the_same_for_an_address_with_and_without_a_sign_in(with_sign_in):
    with_sign_in("head")
    seen = []
    for email in ("head@example.org", "none@example.org"):
        client = Client()
        client.post(CODE, {"email": email})
        answers = [client.post("/account/login/code/confirm/", {"code": "WRONG1"}, follow=True) for _ in range(3)]
        seen.append([(one.redirect_chain, masked(one.content).replace(email, "EMAIL")) for one in answers])
    assert seen[0] == seen[1]


class Inbox:
    """A real mail server on loopback."""

    def __init__(self) -> None:
        self.letters: list = []

    async def handle_DATA(self, server, session, envelope):
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 Taken"

    def next(self) -> tuple[list[str], str, str]:
        """The next letter: to whom, subject, words. Mail leaves in the background, so wait a little."""
        until = time.monotonic() + 10
        while not self.letters and time.monotonic() < until:
            time.sleep(0.02)
        to, letter = self.letters.pop(0)
        return to, letter["Subject"], letter.get_payload(decode=True).decode().replace("\r\n", "\n")


@pytest.fixture
def inbox(settings):
    kept = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield kept
    server.stop()


def test_a_code_by_real_e_mail_signs_in_and_carries_nothing_else(cast, with_sign_in, inbox, settings):
    settings.DEMO = True
    client, email = Client(), with_sign_in("head")
    assert client.post(CODE, {"email": email}).url == "/account/login/code/confirm/"
    to, subject, words = inbox.next()
    assert to == [email]
    for secret in (cast.head.given, cast.head.family, cast.school.name, cast.trust.name, email, "testserver"):
        assert secret not in subject + words
    code = re.search(r"^([A-Z0-9-]{6,})$", words, re.M).group(1)
    assert client.post("/account/login/code/confirm/", {"code": code}).status_code == 302
    assert client.get("/").status_code == 200


def test_a_code_does_not_skip_the_second_step(with_sign_in, inbox):
    client = Client()
    client.post(CODE, {"email": with_sign_in("head")})
    code = re.search(r"^([A-Z0-9-]{6,})$", inbox.next()[2], re.M).group(1)
    client.post("/account/login/code/confirm/", {"code": code})
    assert client.get("/").url == "/account/2fa/"


def test_three_wrong_codes_end_the_try_and_three_codes_are_sent_in_five_minutes(with_sign_in, inbox):
    client, email = Client(), with_sign_in("head")
    client.post(CODE, {"email": email})
    code = re.search(r"^([A-Z0-9-]{6,})$", inbox.next()[2], re.M).group(1)
    for _ in range(3):
        client.post("/account/login/code/confirm/", {"code": "WRONG1"})
    assert client.post("/account/login/code/confirm/", {"code": code}).url.startswith(LOGIN)
    assert [Client().post(CODE, {"email": email}).status_code for _ in range(3)] == [302, 302, 200]


def test_a_new_password_by_real_e_mail_keeps_the_second_step_and_names_our_own_address(with_sign_in, inbox, settings):
    settings.BASE_URL = "https://gate.example.org"
    client, email = Client(), with_sign_in("head")
    client.post(RESET, {"email": email}, headers={"host": "localhost"})
    to, _, words = inbox.next()
    link = re.search(r"^https://gate\.example\.org(/account/password/reset/key/\S+)$", words, re.M).group(1)
    assert to == [email]
    page = client.get(link, follow=True)
    fresh = "seven purple ladders dancing"
    answer = client.post(page.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
    assert answer.url == "/account/password/reset/key/done/"
    assert client.get("/").url.startswith(LOGIN)
    assert "no longer works" in Client().get(link, follow=True).content.decode()
    assert sign_in(Client(), email, fresh).status_code == 302


def test_a_mail_server_that_hangs_shows_nothing_and_is_logged_without_the_address(with_sign_in, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 3
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the call and says nothing
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", silent.getsockname()[1]
        started = time.monotonic()
        assert Client().post(CODE, {"email": with_sign_in("head")}).status_code == 302
        assert time.monotonic() - started < 2.5
        until = time.monotonic() + 10
        while "could not be sent: SMTPServerDisconnected" not in caplog.text and time.monotonic() < until:
            time.sleep(0.05)
    assert "could not be sent: SMTPServerDisconnected" in caplog.text
    assert "head@" not in caplog.text


def test_the_words_on_the_code_page_are_what_the_settings_say():
    assert settings_of_sign_in.ACCOUNT_LOGIN_BY_CODE_TIMEOUT == 3 * 60


def test_wrong_codes_from_a_strange_device_do_not_lock_the_second_step_of_the_known_one(with_sign_in):
    email, known, thief = with_sign_in("head"), Client(), Client()
    sign_in(known, email)
    secret = set_up_app(known)
    known.post("/account/logout/")
    sign_in(thief, email)  # has the password and not the telephone
    told = [thief.post(SECOND, {"code": f"{number:06}"}).content.decode() for number in range(11)]
    assert TOO_MANY in told[-1]
    assert TOO_MANY not in told[-2]
    sign_in(known, email)
    assert known.post(SECOND, {"code": code_now(secret, 1)}).status_code == 302
    assert known.get("/").status_code == 200
