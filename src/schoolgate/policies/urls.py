"""Addresses of this package, each with its policy row."""

from typing import Any

from django.urls import URLPattern

from schoolgate.contracts.routes import DataClass, Tenant, route
from schoolgate.people.permissions import Permission
from schoolgate.policies import views

app_name = "policies"


def _row(pattern: str, view: Any, name: str, action: str, needs: Permission, **more: Any) -> URLPattern:
    policy = {"resource": "policy", "action": action, "data": DataClass.RECORD, "tenant": Tenant.SCOPE, "needs": needs, **more}
    return route(pattern, view, f"policies:{name}", **policy)


def _setting(pattern: str, view: Any, name: str, action: str = "read") -> URLPattern:
    """Who may choose is a rule of its own: whoever sees a setting also sees why they cannot change it."""
    return _row(pattern, view, name, action, Permission.SETTING_VIEW, resource="setting")


def _anyone(pattern: str, view: Any, name: str, action: str) -> URLPattern:
    """Answered without sign-in: only policies in force that nobody marked as not public, reached through the scope of one school."""
    policy = {"resource": "public policy", "action": action, "data": DataClass.OPEN, "tenant": Tenant.SCOPE, "public": True}
    return route(pattern, view, f"policies:{name}", **policy)


TRUST = Permission.REPORT_TRUST
READ, EDIT, APPROVE, ADOPT = Permission.POLICY_READ, Permission.POLICY_EDIT, Permission.POLICY_APPROVE, Permission.POLICY_ADOPT

urlpatterns = [
    _row("", views.library, "list", "read", READ),
    _row("import/", views.import_document, "import", "create", EDIT, uploads=True),
    _row("bundle/", views.import_bundle, "import_bundle", "create", EDIT, uploads=True),
    _row("<uuid:policy_id>/", views.detail, "detail", "read", READ),
    _row("<uuid:policy_id>/adopt/", views.adopt, "adopt", "adopt", ADOPT),
    _row("versions/<uuid:version_id>/", views.version, "version", "read", READ),
    _row("versions/<uuid:version_id>/text/", views.text, "text", "read", READ),
    _row("versions/<uuid:version_id>/details/", views.details, "details", "edit", EDIT),
    _row("versions/<uuid:version_id>/clauses/", views.clauses, "clauses", "read", READ),
    _row("versions/<uuid:version_id>/accept/", views.accept, "accept", "edit", EDIT),
    _row("versions/<uuid:version_id>/keep/", views.keep, "keep", "edit", EDIT),
    _row("versions/<uuid:version_id>/findings/", views.findings, "findings", "read", READ),
    _row("versions/<uuid:version_id>/findings/rule/", views.decide_rule, "decide_rule", "edit", EDIT),
    _row("versions/<uuid:version_id>/reading/", views.desk, "reading", "edit", EDIT),
    _row("versions/<uuid:version_id>/reading/correct/", views.correct, "correct", "edit", EDIT),
    _row("versions/<uuid:version_id>/reading/facts/", views.facts, "facts", "edit", EDIT),
    _row("versions/<uuid:version_id>/reading/check/", views.check, "check", "edit", EDIT),
    _row("versions/<uuid:version_id>/pages/<int:number>/", views.picture, "picture", "read", EDIT),
    _row("versions/<uuid:version_id>/compare/", views.compare, "compare", "read", READ),
    _row("versions/<uuid:version_id>/submit/", views.submit, "submit", "edit", EDIT),
    _row("versions/<uuid:version_id>/ask/", views.ask_for_changes, "ask", "approve", APPROVE),
    _row("versions/<uuid:version_id>/approve/", views.approve, "approve", "approve", APPROVE),
    _row("versions/<uuid:version_id>/force/", views.bring_into_force, "force", "edit", EDIT),
    _row("versions/<uuid:version_id>/files/", views.export, "export", "read", READ),
    _row("versions/<uuid:version_id>/files/<slug:kind>/download/", views.version_file, "file", "download", READ),
    _row("versions/<uuid:version_id>/use/", views.clause_use, "clause_use", "edit", EDIT),
    _setting("settings/", views.settings_places, "settings"),
    _setting("settings/trust/<uuid:trust_id>/", views.settings_trust, "settings_trust"),
    _setting("settings/trust/<uuid:trust_id>/<str:key>/", views.setting_trust, "setting_trust", "choose"),
    _setting("settings/<slug:school>/", views.settings_school, "settings_school"),
    _setting("settings/<slug:school>/<str:key>/", views.setting_school, "setting_school", "choose"),
    _setting("departures/", views.departures, "departures", "list"),
    _setting("departures/<uuid:choice_id>/", views.departure, "departure", "answer"),
    _row("companions/<slug:school>/", views.companion_list, "companions", "list", READ, resource="companion"),
    _row("companions/<uuid:companion_id>/edition/", views.companion_edition, "companion_edition", "edit", READ, resource="companion"),
    _row("companions/<uuid:companion_id>/check/", views.companion_check, "companion_check", "check", READ, resource="companion"),
    _row("reviews/records/<uuid:review_id>/sign/", views.sign_review, "sign_review", "sign", READ, resource="review"),
    _row("reviews/early/<uuid:reason_id>/", views.early_reason, "early_reason", "decide", READ, resource="early review"),
    _row("reviews/<slug:school>/", views.reviews, "reviews", "read", READ, resource="review"),
    _row("reviews/<slug:school>/<uuid:policy_id>/", views.record_review, "record_review", "record", READ, resource="review"),
    _row("reviews/<slug:school>/<uuid:policy_id>/early/", views.raise_early, "raise_early", "raise", READ, resource="early review"),
    _anyone("public/<slug:school>/", views.public_list, "public_list", "list"),
    _anyone("public/<slug:school>/<uuid:policy_id>/", views.public_policy, "public_policy", "read"),
    _anyone("public/<slug:school>/<uuid:policy_id>/<slug:kind>/download/", views.public_file, "public_file", "download"),
    _row("readers/receipts/<uuid:receipt_id>/undo/", views.undo_receipt, "undo_receipt", "undo", READ, resource="receipt"),
    _row("readers/<slug:school>/", views.readers, "readers", "read", READ, resource="reader"),
    _row("readers/<slug:school>/<uuid:policy_id>/place/", views.public_place, "public_place", "choose", READ, resource="public place"),
    _row("readers/<slug:school>/<uuid:policy_id>/check/", views.public_check, "public_check", "check", READ, resource="public place"),
    _row("readers/<slug:school>/<uuid:policy_id>/receipt/", views.receipt, "receipt", "record", READ, resource="receipt"),
    _row("<uuid:policy_id>/readers/", views.readers_of, "readers_of", "read", READ, resource="reader"),
    _row("<uuid:policy_id>/readers/choose/", views.choose_readers, "choose_readers", "choose", READ, resource="reader"),
    _row("<uuid:policy_id>/readers/receipt/", views.trust_receipt, "trust_receipt", "record", READ, resource="receipt"),
    _row("versions/<uuid:version_id>/principles/", views.principle_list, "principles", "read", READ, resource="principle"),
    _row("versions/<uuid:version_id>/principles/accept/", views.accept_same, "accept_same", "mark", EDIT, resource="principle"),
    _row("versions/<uuid:version_id>/principles/values/", views.principle_values, "principle_values", "read", READ, resource="principle"),
    _row("versions/<uuid:version_id>/principles/<str:ref>/", views.principle, "principle", "mark", READ, resource="principle"),
    _row("principles/departures/<uuid:mark_id>/", views.principle_departure, "principle_departure", "decide", READ, resource="principle"),
    _row("principles/trust/<uuid:trust_id>/", views.principle_map, "principle_map", "read", TRUST, resource="principle"),
    _row("principles/trust/<uuid:trust_id>/text/", views.load_parent, "load_parent", "choose", TRUST, resource="parent text"),
    _row("principles/<slug:school>/", views.take_parent, "take_parent", "choose", READ, resource="parent text"),
    _row("principles/<slug:school>/ask/<str:ref>/", views.ask_school, "ask_school", "ask", TRUST, resource="principle"),
    _row("clauses/<uuid:clause_id>/", views.clause, "clause", "edit", READ),
    _row("clauses/<uuid:clause_id>/correct/", views.correct_clause, "correct_clause", "edit", EDIT),
    _row("findings/<uuid:finding_id>/", views.decide, "decide", "edit", EDIT),
]
