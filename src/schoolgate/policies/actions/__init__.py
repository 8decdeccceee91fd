"""What changes about policies: texts are imported, joined, approved, brought into force and adopted; findings and settings decided."""

from schoolgate.policies.actions.aligning import (
    accept_same,
    ask_school,
    decide_departure,
    load_parent,
    mark_principle,
    suggest_marks,
    tag_values,
    take_parent,
)
from schoolgate.policies.actions.bundling import import_bundle
from schoolgate.policies.actions.checking import check_again, check_for_new_law
from schoolgate.policies.actions.choosing import answer_departure, choose_setting
from schoolgate.policies.actions.companions import check_companion, list_companion, record_edition
from schoolgate.policies.actions.correcting import correct_facts, correct_reading, undo_correction
from schoolgate.policies.actions.deciding import adopt, decide_finding, decide_findings, end_adoption, tag_clauses
from schoolgate.policies.actions.delivering import (
    check_public_copies,
    check_public_copy,
    choose_place,
    choose_readers,
    record_receipt,
    undo_receipt,
)
from schoolgate.policies.actions.early import decide_early_reason, raise_early_reason, raise_known_reason, raise_known_reasons
from schoolgate.policies.actions.importing import import_version
from schoolgate.policies.actions.joining import (
    accept_suggestions,
    join_clause,
    keep_decisions,
    mark_attested,
    mark_informational,
    unjoin_clause,
)
from schoolgate.policies.actions.reviewing import record_review, remind_of_reviews, sign_review
from schoolgate.policies.actions.stepping import approve, ask_for_changes, bring_into_force, complete_details, submit

__all__ = [
    "accept_same",
    "accept_suggestions",
    "adopt",
    "answer_departure",
    "approve",
    "ask_for_changes",
    "ask_school",
    "bring_into_force",
    "check_again",
    "check_companion",
    "check_for_new_law",
    "check_public_copies",
    "check_public_copy",
    "choose_place",
    "choose_readers",
    "choose_setting",
    "complete_details",
    "correct_facts",
    "correct_reading",
    "decide_departure",
    "decide_early_reason",
    "decide_finding",
    "decide_findings",
    "end_adoption",
    "import_bundle",
    "import_version",
    "join_clause",
    "keep_decisions",
    "list_companion",
    "load_parent",
    "mark_attested",
    "mark_informational",
    "mark_principle",
    "raise_early_reason",
    "raise_known_reason",
    "raise_known_reasons",
    "record_edition",
    "record_receipt",
    "record_review",
    "remind_of_reviews",
    "sign_review",
    "submit",
    "suggest_marks",
    "tag_clauses",
    "tag_values",
    "take_parent",
    "undo_correction",
    "undo_receipt",
    "unjoin_clause",
]
