"""A version of a policy as files to hand on: Markdown, Word and PDF, each with the facts of the cover, the numbers and the words. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from schoolgate import policytext
from schoolgate.policies.models import Clause, PolicyVersion
from schoolgate.policytext.writing import lines
from schoolgate.policytext.writing.lines import FACTS, Line, stated

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to write a version out."""

    title: str
    media_type: str
    ending: str


KINDS = {
    "pdf": Kind("PDF", "application/pdf", "pdf"),
    "word": Kind("Word", WORD, "docx"),
    "markdown": Kind("Markdown", "text/markdown; charset=utf-8", "md"),
}


def document_of(version: PolicyVersion, clauses: Iterable[Clause]) -> policytext.Document:
    """A version as the engine writes it out. What the document says of itself comes first, what the library knows fills its gaps."""
    said = version.facts
    source = policytext.Source(version.source_name, version.source_sha256, version.media_type, None)
    written = tuple(policytext.Clause(row.ref, tuple(row.path), row.text, row.modality, tuple(row.actors)) for row in clauses)
    place = version.policy.school or version.policy.trust
    return policytext.Document(
        source=source, title=said.get("title") or version.policy.title, organisation=said.get("organisation") or str(place),
        version=version.printed_version or str(version.number), owner=said.get("owner"),
        approved_on=version.approved_on.isoformat() if version.approved_on else said.get("approved_on"),
        approved_by=version.approving_body or said.get("approved_by"),
        review_on=version.review_on.isoformat() if version.review_on else said.get("review_on"), clauses=written,
    )  # fmt: skip


def cover(version: PolicyVersion) -> list[tuple[str, str]]:
    """The facts of the cover that the library holds and the document does not state."""
    since = [("In force from", stated(version.in_force_from.isoformat()))] if version.in_force_from else []
    state = [] if version.in_force_from else [("State", version.get_state_display())]
    return [*since, *state, ("Fingerprint", version.fingerprint)]


def file_name(version: PolicyVersion, ending: str) -> str:
    """What the file is called: the title and the version, in letters every machine takes."""
    return f"{slugify(version.policy.title)[:60] or 'policy'}-version-{version.number}.{ending}"


def written(kind: str, version: PolicyVersion, clauses: Iterable[Clause]) -> bytes:
    """The bytes of a version as Markdown or Word."""
    document, more = document_of(version, clauses), cover(version)
    return policytext.word(document, more) if kind == "word" else policytext.markdown(document, more).encode("utf-8")


def lines_of(version: PolicyVersion, clauses: Iterable[Clause]) -> list[Line]:
    """What stands below the cover, as pages show it: headings, lead-ins and clauses."""
    return [line for line in lines.lines_of(document_of(version, clauses)) if line.kind not in ("title", "fact")]


def facts_of(version: PolicyVersion) -> list[dict[str, Any]]:
    """The cover as pages show it."""
    document = document_of(version, ())
    told = [(label, getattr(document, name), name) for name, label in FACTS.items()]
    rows = [(label, stated(value) if name.endswith("_on") else value) for label, value, name in told if value]
    return [{"key": label, "value": value} for label, value in [*rows, *cover(version)]]
