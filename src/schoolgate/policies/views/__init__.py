"""Pages of this package: the library and the import, the import desk, joining, findings, the comparison, and a version's way into force."""

from schoolgate.policies.views.companions import companion_check, companion_edition, companion_list
from schoolgate.policies.views.comparing import compare
from schoolgate.policies.views.departures import departure, departures
from schoolgate.policies.views.desk import check, correct, correct_clause, desk, facts, picture
from schoolgate.policies.views.files import export, import_bundle, version_file
from schoolgate.policies.views.findings import decide, decide_rule, findings
from schoolgate.policies.views.joining import accept, clause, clauses, keep
from schoolgate.policies.views.library import adopt, detail, import_document, library, text
from schoolgate.policies.views.principle_map import ask_school, load_parent, principle_map, take_parent
from schoolgate.policies.views.principles import accept_same, principle, principle_departure, principle_list, principle_values
from schoolgate.policies.views.public import public_file, public_list, public_policy
from schoolgate.policies.views.readers import (
    choose_readers,
    public_check,
    public_place,
    readers,
    readers_of,
    receipt,
    trust_receipt,
    undo_receipt,
)
from schoolgate.policies.views.reviews import early_reason, raise_early, record_review, reviews, sign_review
from schoolgate.policies.views.settings import (
    clause_use,
    setting_school,
    setting_trust,
    settings_places,
    settings_school,
    settings_trust,
)
from schoolgate.policies.views.steps import approve, ask_for_changes, bring_into_force, details, submit, version

__all__ = [
    "accept",
    "accept_same",
    "adopt",
    "approve",
    "ask_for_changes",
    "ask_school",
    "bring_into_force",
    "check",
    "choose_readers",
    "clause",
    "clause_use",
    "clauses",
    "companion_check",
    "companion_edition",
    "companion_list",
    "compare",
    "correct",
    "correct_clause",
    "decide",
    "decide_rule",
    "departure",
    "departures",
    "desk",
    "detail",
    "details",
    "early_reason",
    "export",
    "facts",
    "findings",
    "import_bundle",
    "import_document",
    "keep",
    "library",
    "load_parent",
    "picture",
    "principle",
    "principle_departure",
    "principle_list",
    "principle_map",
    "principle_values",
    "public_check",
    "public_file",
    "public_list",
    "public_place",
    "public_policy",
    "raise_early",
    "readers",
    "readers_of",
    "receipt",
    "record_review",
    "reviews",
    "setting_school",
    "setting_trust",
    "settings_places",
    "settings_school",
    "settings_trust",
    "sign_review",
    "submit",
    "take_parent",
    "text",
    "trust_receipt",
    "undo_receipt",
    "version",
    "version_file",
]
