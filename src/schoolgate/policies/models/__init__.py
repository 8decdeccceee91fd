"""The records of this package, by subject."""

from schoolgate.policies.models.companions import Companion, CompanionCheck, CompanionEdition
from schoolgate.policies.models.documents import Adoption, Clause, ClauseControl, ClauseKind, ClauseUse, Policy, PolicyVersion, VersionState
from schoolgate.policies.models.principles import (
    Alignment,
    ClauseValue,
    DepartureDecision,
    Lineage,
    MarkKind,
    Mode,
    ParentText,
    PrincipleMark,
    PrincipleQuestion,
)
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
    "Alignment",
    "Aside",
    "Citation",
    "Clause",
    "ClauseControl",
    "ClauseKind",
    "ClauseUse",
    "ClauseValue",
    "Companion",
    "CompanionCheck",
    "CompanionEdition",
    "CorrectionKind",
    "DepartureDecision",
    "EarlyAnswer",
    "EarlyDecision",
    "EarlyKind",
    "EarlyReason",
    "FindingDecision",
    "Lineage",
    "MarkKind",
    "Mode",
    "ParentText",
    "Policy",
    "PolicyCorrection",
    "PolicyPage",
    "PolicyReview",
    "PolicyVersion",
    "PrincipleMark",
    "PrincipleQuestion",
    "ReviewOutcome",
    "ReviewSignature",
    "SettingAnswer",
    "SettingChoice",
    "TextFinding",
    "VersionState",
]
