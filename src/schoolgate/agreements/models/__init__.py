"""The records of this package, by subject."""

from schoolgate.agreements.models.answers import Arrival, Ask, LeftUnsigned, Refusal
from schoolgate.agreements.models.families import Answer, ClassRound, FamilyAnswer, FamilyLink, FamilySignature, PupilMark
from schoolgate.agreements.models.forms import ADULT_KINDS, BOUND_KINDS, Agreement, Code, Kind, Sheet
from schoolgate.agreements.models.signing import Means, Opening, Scan, ScanCheck, Signature, SigningLink, Understanding

__all__ = [
    "ADULT_KINDS",
    "BOUND_KINDS",
    "Agreement",
    "Answer",
    "Arrival",
    "Ask",
    "ClassRound",
    "Code",
    "FamilyAnswer",
    "FamilyLink",
    "FamilySignature",
    "Kind",
    "LeftUnsigned",
    "Means",
    "Opening",
    "PupilMark",
    "Refusal",
    "Scan",
    "ScanCheck",
    "Sheet",
    "Signature",
    "SigningLink",
    "Understanding",
]
