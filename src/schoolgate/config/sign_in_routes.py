"""Policy rows for the routes of the sign-in library: a new one it brings in an update has no row and so leads nowhere.

Sign-up, changing the e-mail address and joining outside identities have no row: sign-ins are given by the school.
"""

from collections.abc import Iterable

from schoolgate.contracts.routes import DataClass, Tenant, row

SIGNED_OUT = [
    "account_login",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_inactive",
    "account_logout",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
]
SIGNED_IN = [
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "mfa_reauthenticate_webauthn",
]


def write_rows(providers: Iterable[str]) -> None:
    """`providers` are the outside identities this installation takes; the routes of the others lead nowhere."""
    outside = [f"{provider}_{step}" for provider in providers for step in ("login", "callback")]
    for name in [*SIGNED_OUT, *outside]:
        row(name, resource="sign-in", action="sign in", data=DataClass.KEY, tenant=Tenant.SELF, public=True)
    for name in SIGNED_IN:
        row(name, resource="sign-in", action="change own sign-in", data=DataClass.KEY, tenant=Tenant.SELF)
    row("ui:components", resource="design system", action="read", data=DataClass.OPEN, tenant=Tenant.NONE)
