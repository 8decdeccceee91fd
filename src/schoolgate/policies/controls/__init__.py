"""What this package can prove about a school's policies, counted as catalogue/controls.yaml says."""

from schoolgate.policies.controls.cited import citations_sound
from schoolgate.policies.controls.companions import companions_current
from schoolgate.policies.controls.delivered import shared_with_readers
from schoolgate.policies.controls.principled import trust_principles_met
from schoolgate.policies.controls.reviewed import early_review_decided, reviewed_on_time
from schoolgate.policies.controls.settled import settings_decided
from schoolgate.policies.controls.texts import LINES, approved_and_complete, clauses_joined, text_faults_closed

__all__ = [
    "LINES",
    "approved_and_complete",
    "citations_sound",
    "clauses_joined",
    "companions_current",
    "early_review_decided",
    "reviewed_on_time",
    "settings_decided",
    "shared_with_readers",
    "text_faults_closed",
    "trust_principles_met",
]
