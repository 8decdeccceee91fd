"""The text of a policy: document to clauses, law and quality check, suggestions of controls. No Django, no database, no clock."""

from schoolgate.policytext.comparing.align import Alignment, Principle, align, align_clauses, engine_print
from schoolgate.policytext.comparing.compare import COVER, Change, compare, cover_of
from schoolgate.policytext.comparing.standing import says_nothing
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.law.checking import check
from schoolgate.policytext.matching import match
from schoolgate.policytext.model import Aside, Caution, Clause, Document, Finding, Match, Picture, Place, Report, Source, Suggestion
from schoolgate.policytext.reading import read, read_text
from schoolgate.policytext.safely import Limits, page_pictures, read_bundle, read_safely
from schoolgate.policytext.writing.bundle import Bundle, Join, Origin
from schoolgate.policytext.writing.bundle import written as bundle
from schoolgate.policytext.writing.markdown import markdown
from schoolgate.policytext.writing.word import word

__all__ = [
    "COVER",
    "Alignment",
    "Aside",
    "Bundle",
    "Caution",
    "Change",
    "Clause",
    "Document",
    "Finding",
    "Join",
    "Limits",
    "Match",
    "Origin",
    "Picture",
    "Place",
    "Principle",
    "Report",
    "Source",
    "Suggestion",
    "Unreadable",
    "align",
    "align_clauses",
    "bundle",
    "check",
    "compare",
    "cover_of",
    "engine_print",
    "markdown",
    "match",
    "page_pictures",
    "read",
    "read_bundle",
    "read_safely",
    "read_text",
    "says_nothing",
    "word",
]
