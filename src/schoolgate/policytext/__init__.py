"""The text of a policy: document to clauses, law and quality check, suggestions of controls. No Django, no database, no clock."""

from schoolgate.policytext.comparing.align import Alignment, Principle, align, align_clauses, engine_print
from schoolgate.policytext.comparing.compare import COVER, Change, compare, cover_of
from schoolgate.policytext.comparing.standing import says_nothing
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.law.checking import check
from schoolgate.policytext.matching import match
from schoolgate.policytext.model import Aside, Caution, Clause, Document, Finding, Match, Picture, Place, Report, Source, Suggestion
from schoolgate.policytext.reading import read, read_text
from schoolgate.policytext.safely import Limits, page_pictures, read_safely

__all__ = [
    "COVER",
    "Alignment",
    "Aside",
    "Caution",
    "Change",
    "Clause",
    "Document",
    "Finding",
    "Limits",
    "Match",
    "Picture",
    "Place",
    "Principle",
    "Report",
    "Source",
    "Suggestion",
    "Unreadable",
    "align",
    "align_clauses",
    "check",
    "compare",
    "cover_of",
    "engine_print",
    "match",
    "page_pictures",
    "read",
    "read_safely",
    "read_text",
    "says_nothing",
]
