"""Pages of this package: the library, the import, one version and its way into force, and the joining of its clauses."""

from schoolgate.policies.views.joining import accept, clause, clauses, keep
from schoolgate.policies.views.library import adopt, detail, import_document, library, text
from schoolgate.policies.views.steps import approve, ask_for_changes, bring_into_force, decide, details, findings, submit, version

__all__ = [
    "accept",
    "adopt",
    "approve",
    "ask_for_changes",
    "bring_into_force",
    "clause",
    "clauses",
    "decide",
    "detail",
    "details",
    "findings",
    "import_document",
    "keep",
    "library",
    "submit",
    "text",
    "version",
]
