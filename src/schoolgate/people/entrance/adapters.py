"""Where the sign-in library asks us: nobody signs themselves up, and an outside identity opens only a sign-in that is there."""

import logging
import smtplib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import urlsafe_base64_encode

from schoolgate.common import clock
from schoolgate.people.entrance import device, sign_in
from schoolgate.people.models import User

log = logging.getLogger(__name__)
# Mail leaves in the background: a wait or a failure of the mail server would tell which addresses have a sign-in.
outgoing = ThreadPoolExecutor(max_workers=2, thread_name_prefix="sign-in-mail")

WORDS = {
    "account_inactive": "This sign-in is closed. Ask the school office.",
    "email_password_mismatch": "The e-mail address or the password is not right. Check both and try again.",
    "too_many_login_attempts": "Too many wrong tries. Wait five minutes, or use a device that you have signed in on before.",
    "incorrect_code": "That code is not right or has run out. Check it and try again.",
    "incorrect_password": "That password is not right. Check it and try again.",
    "enter_current_password": "That is not your present password. Check it and try again.",
    "invalid_password_reset": "This link has been used or has run out. Ask for a new one.",
    "rate_limited": "Too many tries. Wait a minute and try again.",
    "select_only_one": "Fill in only one of these.",
}


class SignIn(DefaultAccountAdapter):
    """Sign-in with an e-mail address of the school's own register."""

    error_messages = {**DefaultAccountAdapter.error_messages, **WORDS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # sign-ins are given by the school

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By account and device. The library has no public name for this; tests/access holds what it must do."""
        email = credentials.get("email", "").strip().lower()
        return f"{email}|{device.bucket(request, email)}"

    def pre_login(self, request: HttpRequest, user: User, **about: Any) -> HttpResponse | None:
        """A person without a place at any school is turned away, whichever way they came."""
        refused = super().pre_login(request, user, **about)
        if refused is None and not sign_in.has_a_place(user, clock.today()):
            clear_login(request)
            refused = self.respond_user_inactive(request, user)
        return refused

    def post_login(self, request: HttpRequest, user: User, **about: Any) -> HttpResponse:
        response = super().post_login(request, user, **about)
        device.remember(request, response, user.email)
        return response

    def is_reauthentication_required(self, *, app: str, **about: Any) -> bool:
        """Not of somebody who signed in a moment ago: setting up the second step follows straight on from the password."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in records), default=0)
        fresh = clock.now().timestamp() - latest < app_settings.REAUTHENTICATION_TIMEOUT
        return not fresh and bool(super().is_reauthentication_required(app=app, **about))

    def get_client_ip(self, request: HttpRequest) -> str:
        return sign_in.from_where(request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the e-mail: always our own address, whatever the request called us."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL.rstrip("/") + path.replace("UID-KEY", key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Only the code or the link: never a name, never a school."""
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        outgoing.submit(deliver, message)


def deliver(message: EmailMessage) -> None:
    """Hand one e-mail to the mail server. A failure is logged without the address; the person can ask again."""
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        log.error("A sign-in e-mail could not be sent: %s", type(error).__name__)


class OutsideIdentity(DefaultSocialAccountAdapter):
    """Google, Microsoft, or the school's own identity service."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the sign-in with the very address the provider says it has verified. Joining identities to sign-ins is closed."""
        if sociallogin.state.get("process", "login") != "login":
            raise ImmediateHttpResponse(redirect("socialaccount_login_error"))
        if not sociallogin.is_existing:
            sociallogin.user = user_with(verified_addresses(sociallogin)) or sociallogin.user


def verified_addresses(sociallogin: SocialLogin) -> list[str]:
    """The addresses the provider asserts as verified. Some send the word "false", so nothing but true itself will do."""
    return [address.email.lower() for address in sociallogin.email_addresses if address.verified is True]


def user_with(addresses: list[str]) -> User | None:
    """The one open sign-in with exactly one of these addresses."""
    found = [user for address in addresses for user in filter_users_by_email(address, is_active=True) if user.email == address]
    return found[0] if len({user.pk for user in found}) == 1 else None


class SecondStep(DefaultMFAAdapter):
    """Authenticator apps, passkeys and recovery codes."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WORDS["incorrect_code"]}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The second step is compulsory: the last one can be replaced but not switched off."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=sign_in.SECOND_STEPS).exclude(pk=authenticator.pk)
        return settings.DEMO or others.exists()

    def encrypt(self, text: str) -> str:
        return keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise self.validation_error("incorrect_code") from None

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What a passkey is called until its owner says better."""
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.PRODUCT_NAME}


def keys() -> MultiFernet:
    """Keys for the seeds of authenticator apps, from the server's secret and those before it; never in the database."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac("schoolgate.people.second_step", "seed", secret, algorithm="sha256").digest() for secret in secrets]
    return MultiFernet([Fernet(urlsafe_base64_encode(digest) + "=") for digest in digests])
