"""The records of this package, by subject."""

from schoolgate.policies.models.companions import Companion, CompanionCheck, CompanionEdition
from schoolgate.policies.models.documents import Adoption, Clause, ClauseControl, ClauseKind, ClauseUse, Policy, PolicyVersion, VersionState
from schoolgate.policies.models.readings import Aside, Citation, CorrectionKind, FindingDecision, PolicyCorrection, PolicyPage, TextFinding
from schoolgate.policies.models.reviewing import (
    EarlyAnswer,
    EarlyDecision,
    EarlyKind,
    EarlyReason,
    PolicyReview,
    ReviewOutcome,
    ReviewSignature,
)
from schoolgate.policies.models.settings import SettingAnswer, SettingChoice

__all__ = [
    "Adoption",
    "Aside",
    "Citation",
    "Clause",
    "ClauseControl",
    "ClauseKind",
    "ClauseUse",
    "Companion",
    "CompanionCheck",
    "CompanionEdition",
    "CorrectionKind",
    "EarlyAnswer",
    "EarlyDecision",
    "EarlyKind",
    "EarlyReason",
    "FindingDecision",
    "Policy",
    "PolicyCorrection",
    "PolicyPage",
    "PolicyReview",
    "PolicyVersion",
    "ReviewOutcome",
    "ReviewSignature",
    "SettingAnswer",
    "SettingChoice",
    "TextFinding",
    "VersionState",
]
