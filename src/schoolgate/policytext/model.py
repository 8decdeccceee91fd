"""What the engine hands over: a document in clauses, the findings of a check, and suggestions of controls.

Every class here is frozen and can be written to JSON and read back without loss, because documents are parsed in another process.
"""

from dataclasses import asdict, dataclass
from typing import Any

MODALITIES = ("must", "must_not", "should", "should_not", "may", "declares")
SEVERITIES = ("error", "warn", "info")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from. ``sha256`` is that of the bytes as given; ``pages`` is None where the format has no pages."""

    name: str
    sha256: str
    media_type: str
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A box on a page of the document. Edges are shares of the page's width and height from its upper left corner, from 0 to 1."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of one page of a document: ``data`` is a file of the kind ``media_type`` says, ``width`` and ``height`` are its points."""

    page: int
    media_type: str
    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement of the document's own text. ``ref`` is unique in the document; ``path`` holds the headings and lead-ins above it.

    ``places`` says where the words stand, in reading order; it is empty where the format has no pages.
    """

    ref: str
    path: tuple[str, ...]
    text: str
    modality: str
    actors: tuple[str, ...] = ()
    page: int | None = None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Aside:
    """Text that is not a clause, kept so that nothing is dropped silently.

    ``kind`` is heading, contents, signature, form (to be filled in or copied out), furniture (running headers and footers, credits,
    greetings), cover (with logs of versions), reference (related papers, links, what only announces), residue (left by a conversion), note
    (a footnote) or property (what the file says of itself outside its text, such as "Title: ...").
    """

    kind: str
    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a reader of the clauses should know. ``ref`` names the clause, or is None for the whole document."""

    code: str
    message: str
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document in clauses. A fact the document does not state is None and has a warning.

    Dates are ISO 8601, month or year alone where the document gives no more ("2018-11").
    """

    source: Source
    title: str | None
    organisation: str | None
    version: str | None
    owner: str | None
    approved_on: str | None
    approved_by: str | None
    review_on: str | None
    clauses: tuple[Clause, ...]
    warnings: tuple[Caution, ...] = ()
    asides: tuple[Aside, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The document as plain dicts and lists, ready for ``json.dumps``."""
        return _plain(asdict(self))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Document":
        """The document that ``as_json`` wrote."""
        clauses = tuple(_clause(row) for row in data["clauses"])
        lists = {
            "clauses": clauses,
            "warnings": tuple(Caution(**row) for row in data.get("warnings", ())),
            "asides": tuple(Aside(**row) for row in data.get("asides", ())),
        }
        return cls(**{**data, **lists, "source": Source(**data["source"])})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found. ``effective_from`` is the first day on which the words were out of date, where that is known."""

    rule: str
    severity: str
    ref: str | None
    quote: str | None
    message: str
    replaced_by: str | None = None
    effective_from: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of a check of one document on one date for one nation. ``register`` lists law cited that is in order."""

    source: Source
    on: str
    nation: str
    findings: tuple[Finding, ...]
    register: tuple[Finding, ...] = ()

    @property
    def summary(self) -> dict[str, int]:
        """How many findings there are of each severity."""
        return {severity: sum(finding.severity == severity for finding in self.findings) for severity in SEVERITIES}

    def as_json(self) -> dict[str, Any]:
        """The report as plain dicts and lists, with its summary."""
        return {**_plain(asdict(self)), "summary": self.summary}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A control that may carry a clause.

    ``score`` is how likely the control is right, from 0 to 1; ``why`` is the clause's own words that drove it, the strongest first;
    ``lines`` are the parts of the control it may be joined to alone.
    """

    control: str
    score: float
    why: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """What a clause could be joined to, best first. An informational clause may have no suggestion at all.

    ``engine`` says what likeness was judged by: words, or words and the sentence vectors of the optional model ("vectors").
    """

    ref: str
    text: str
    kind: str
    suggestions: tuple[Suggestion, ...]
    engine: str = "words"

    def as_json(self) -> dict[str, Any]:
        """The match as plain dicts and lists."""
        return _plain(asdict(self))


def _clause(row: dict[str, Any]) -> Clause:
    places = tuple(Place(**place) for place in row.get("places", ()))
    return Clause(**{**row, "path": tuple(row["path"]), "actors": tuple(row["actors"]), "places": places})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
