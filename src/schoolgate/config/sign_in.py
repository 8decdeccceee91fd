"""Settings of the sign-in library. A school is one public address, so limits count accounts and devices, never addresses."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from schoolgate.config.environment import flag, text

SCHOOL_IDENTITY = "school"  # the provider id of the school's own identity service, in addresses too
DEVICE_COOKIE = "schoolgate_device"


def identity_providers() -> dict[str, dict[str, Any]]:
    """The outside identities this installation takes, each switched on by giving its id and secret."""
    found: dict[str, dict[str, Any]] = {}
    if app := _app("GOOGLE", "Google"):
        found["google"] = {"APPS": [app], "SCOPE": ["email"], "AUTH_PARAMS": {"prompt": "select_account"}, "OAUTH_PKCE_ENABLED": True}
    tenant = text("SCHOOLGATE_MICROSOFT_TENANT", "", "The school's own Microsoft directory (tenant id); needed with the id above")
    if app := _app("MICROSOFT", "Microsoft"):
        if tenant.lower() in {"", "common", "organizations", "consumers"}:
            raise ImproperlyConfigured(
                "SCHOOLGATE_MICROSOFT_TENANT must be your school's own tenant id: in any other directory an address proves nothing"
            )
        found["microsoft"] = {"APPS": [{**app, "settings": {"tenant": tenant}}], "VERIFIED_EMAIL": True, "OAUTH_PKCE_ENABLED": True}
    url = text("SCHOOLGATE_OIDC_URL", "", "Address of the school's own OpenID Connect service; its sign-ins need no second step here")
    name = text("SCHOOLGATE_OIDC_NAME", "Your school account", "What the button for that service says")
    if url:
        app = _app("OIDC", "the school's own identity service")
        if not app:
            raise ImproperlyConfigured("SCHOOLGATE_OIDC_URL is given, so SCHOOLGATE_OIDC_ID and SCHOOLGATE_OIDC_SECRET must be too")
        service = {**app, "provider_id": SCHOOL_IDENTITY, "name": name, "settings": {"server_url": url}}
        found["openid_connect"] = {"APPS": [service], "OAUTH_PKCE_ENABLED": True}
    return found


def _app(which: str, whose: str) -> dict[str, str] | None:
    """Id and secret of one provider, or nothing; one without the other stops the start with a sentence."""
    client = text(f"SCHOOLGATE_{which}_ID", "", f"Client id at {whose}; empty: not offered")
    secret = text(f"SCHOOLGATE_{which}_SECRET", "", f"Client secret at {whose}")
    if bool(client) != bool(secret):
        raise ImproperlyConfigured(f"Give both SCHOOLGATE_{which}_ID and SCHOOLGATE_{which}_SECRET, or neither")
    return {"client_id": client, "secret": secret} if client else None


ACCOUNT_ADAPTER = "schoolgate.people.entrance.adapters.SignIn"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the school wrote the address into its register; nobody can change their own
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers who were named on the sign-in page
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 180  # seconds; the page and the e-mail say three minutes
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False  # a new password does not skip the second step
# `key` is account and device (people.entrance.adapters). Every limit the library counts by address is named here and switched off.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "10/5m/key",
    "signup": None,
    "request_login_code": "3/5m/key",
    "reset_password": "5/h/key",
    "reset_password_from_key": None,  # the link cannot be guessed
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "manage_email": None,
    "verify_phone": None,
}
MFA_RATE_LIMITS = {"webauthn_login": None}  # there is nothing to guess
ACCOUNT_FORMS = {
    "login": "schoolgate.people.entrance.forms.SignInForm",
    "request_login_code": "schoolgate.people.entrance.forms.AskForCodeForm",
    "confirm_login_code": "schoolgate.people.entrance.forms.EmailedCodeForm",
    "reset_password": "schoolgate.people.entrance.forms.ForgottenPasswordForm",
    "reset_password_from_key": "schoolgate.people.entrance.forms.NewPasswordForm",
    "set_password": "schoolgate.people.entrance.forms.FirstPasswordForm",
    "change_password": "schoolgate.people.entrance.forms.ChangePasswordForm",
    "reauthenticate": "schoolgate.people.entrance.forms.ConfirmPasswordForm",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

SOCIALACCOUNT_ADAPTER = "schoolgate.people.entrance.adapters.OutsideIdentity"
SOCIALACCOUNT_PROVIDERS = identity_providers()
# A link rather than a form: the content policy lets forms go nowhere but here. What made that risky, joining an outside identity
# to the person signed in, is closed in the adapter.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_QUERY_EMAIL = True

MFA_ADAPTER = "schoolgate.people.entrance.adapters.SecondStep"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Schoolgate"
MFA_TOTP_TOLERANCE = 1  # one code either side: telephones' clocks differ
MFA_ALLOW_UNVERIFIED_EMAIL = True  # see ACCOUNT_EMAIL_VERIFICATION
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = flag("SCHOOLGATE_PASSKEYS_OVER_HTTP", False, "Allow passkeys without https, for trials on one machine")
MFA_FORMS = {
    "authenticate": "schoolgate.people.entrance.forms.SecondStepForm",
    "reauthenticate": "schoolgate.people.entrance.forms.ConfirmSecondStepForm",
    "activate_totp": "schoolgate.people.entrance.forms.SetUpAppForm",
    "deactivate_totp": "schoolgate.people.entrance.forms.RemoveAppForm",
    "generate_recovery_codes": "schoolgate.people.entrance.forms.MakeRecoveryCodesForm",
    "add_webauthn": "schoolgate.people.entrance.forms.AddPasskeyForm",
    "edit_webauthn": "schoolgate.people.entrance.forms.RenamePasskeyForm",
}
