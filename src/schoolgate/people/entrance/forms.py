"""The sign-in library's forms in our words: no placeholders, a label on every field, errors that ask for what is missing."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as recovery
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

from schoolgate.people.entrance import device
from schoolgate.people.entrance import sign_in as second_steps
from schoolgate.ui.forms import missing_sentence

LONG_ENOUGH = "At least 12 characters. Three or four words that do not belong together are easy to remember and hard to guess."
CODE = "Six numbers from your authenticator app, or one of your recovery codes."


class Worded(forms.Form):
    """Mixed in before a form of the library. `words` gives a field its label and hint."""

    words: ClassVar[dict[str, tuple[str, str]]] = {}
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label, field.help_text = self.words.get(name, (field.label, ""))
            field.error_messages["required"] = missing_sentence(name, field)


EMAIL = ("E-mail address", "The one the school uses for you.")


class SignInForm(Worded, account.LoginForm):
    words = {"login": EMAIL, "password": ("Password", "")}


class AskForCodeForm(Worded, account.RequestLoginCodeForm):
    words = {"email": EMAIL}


class EmailedCodeForm(Worded, account.ConfirmLoginCodeForm):
    words = {"code": ("Code", "From the e-mail. It works for three minutes.")}


class ForgottenPasswordForm(Worded, account.ResetPasswordForm):
    words = {"email": EMAIL}


class NewPasswordForm(Worded, account.ResetPasswordKeyForm):
    words = {"password1": ("New password", LONG_ENOUGH), "password2": ("New password again", "")}


class FirstPasswordForm(Worded, account.SetPasswordForm):
    words = {"password1": ("Password", LONG_ENOUGH), "password2": ("Password again", "")}


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    words = {
        "oldpassword": ("Present password", ""),
        "password1": ("New password", LONG_ENOUGH),
        "password2": ("New password again", ""),
    }


class ConfirmPasswordForm(Worded, account.ReauthenticateForm):
    words = {"password": ("Password", "")}


class SecondStepForm(Worded, mfa.AuthenticateForm):
    words = {"code": ("Code", CODE)}

    def clean_code(self) -> str:
        """As the library's, but counting wrong codes by account and device, as wrong passwords are."""
        code: str = self.cleaned_data["code"]
        key = f"second step|{self.user.pk}|{device.bucket(context.request, self.user.email)}"
        if not ratelimit.consume(context.request, action="login_failed", key=key):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        self.authenticator = second_steps.that_takes(self.user, code)
        if self.authenticator is None:
            raise get_adapter().validation_error("incorrect_code")
        ratelimit.clear(context.request, action="login_failed", key=key)
        return code


class ConfirmSecondStepForm(Worded, mfa.ReauthenticateForm):
    words = {"code": ("Code", CODE)}


def note_that_it_was_shown(kind: str) -> None:
    """Setting a second step up shows that the person has it: this session need not ask for it again."""
    record_authentication(context.request, context.request.user, "mfa", type=kind, reauthenticated=True)


class SetUpAppForm(Worded, totp.ActivateTOTPForm):
    words = {"code": ("Code", "The six numbers the app shows now.")}

    def clean_code(self) -> str:
        code: str = super().clean_code()
        note_that_it_was_shown("totp")
        return code


class RemoveAppForm(Worded, totp.DeactivateTOTPForm):
    pass


class MakeRecoveryCodesForm(Worded, recovery.GenerateRecoveryCodesForm):
    pass


class AddPasskeyForm(Worded, webauthn.AddWebAuthnForm):
    words = {
        "name": ("Name of the passkey", "So that you know it again, such as “my phone”."),
        "passwordless": (
            "Use it instead of my password",
            "The passkey then signs you in by itself. It must ask for your fingerprint, your face or its PIN.",
        ),
    }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("credential") and not self.errors:
            note_that_it_was_shown("webauthn")
        return cleaned


class RenamePasskeyForm(Worded, webauthn.EditWebAuthnForm):
    words = {"name": ("Name of the passkey", "")}
