"""From a file or a text to a document in clauses."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from schoolgate.policytext.archive import open_archive
from schoolgate.policytext.blocks import Block
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.formats import FORMATS, MOST_BYTES, parse, sniff
from schoolgate.policytext.model import Caution, Clause, Document, Source
from schoolgate.policytext.outline.clauses import cut
from schoolgate.policytext.outline.facts import facts_of
from schoolgate.policytext.outline.structure import outline
from schoolgate.policytext.outline.titles import names_a_policy
from schoolgate.policytext.readers import plain
from schoolgate.policytext.writing import markdown, word

MOST_LETTERS = 500_000
MOST_CLAUSES = 5_000
_LEAST_ASKING = 0.25
_MISSING = {
    "title": "The document has no title that could be found.",
    "organisation": "The document does not say which school or trust it belongs to.",
    "version": "The document gives no version.",
    "owner": "The document names no owner.",
    "approved_on": "The document does not say when it was approved.",
    "approved_by": "The document does not say who approved it.",
    "review_on": "The document gives no date for its next review.",
}


def read(path: Path) -> Document:
    """A policy from a file, in this process: use it only on files of your own, and ``read_safely`` on any other.

    Raises Unreadable, in one sentence, for what is missing, empty, locked, damaged, too big or of another kind.
    """
    path = Path(path)
    return document_in(load(path), path.name)


def document_in(data: bytes, name: str) -> Document:
    """The document in the bytes of a file: the very clauses where we wrote it ourselves and nobody has changed it, else what is read."""
    kind = Path(name).suffix.lower()
    sha256 = hashlib.sha256(data).hexdigest()
    if kind in _WRITTEN and len(data) <= MOST_BYTES:
        written = _WRITTEN[kind](data, name, sha256)
        if written is not None:
            return written
    blocks, media_type, pages = parse(data, name)
    return document_of(blocks, Source(name, sha256, media_type, pages))


def _from_markdown(data: bytes, name: str, sha256: str) -> Document | None:
    return markdown.read_back(data.decode("utf-8", "replace"), Source(name, sha256, FORMATS[".md"].media_type))


def _from_word(data: bytes, name: str, sha256: str) -> Document | None:
    if sniff(data) != "docx":
        return None
    return word.read_back(open_archive(data, name), Source(name, sha256, FORMATS[".docx"].media_type))


_WRITTEN: dict[str, Callable[[bytes, str, str], Document | None]] = {".md": _from_markdown, ".docx": _from_word}


def load(path: Path) -> bytes:
    """The bytes of a file, never more than one past the most we take. Raises Unreadable where there is no such file."""
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except FileNotFoundError as problem:
        raise Unreadable(f"{path} does not exist. Check the name of the file.") from problem
    except IsADirectoryError as problem:
        raise Unreadable(f"{path} is a folder. Name one file in it.") from problem
    except OSError as problem:
        raise Unreadable(f"{path} cannot be opened. Check that you may read it.") from problem


def read_text(text: str, name: str) -> Document:
    """A policy given as plain text. Raises Unreadable when it holds no statement."""
    data = text.encode("utf-8")
    blocks, pages = plain.read(data, name)
    return document_of(blocks, Source(name, hashlib.sha256(data).hexdigest(), "text/plain", pages))


def document_of(blocks: list[Block], source: Source) -> Document:
    """A document made of the blocks a reader found."""
    length = sum(len(block.text) for block in blocks)
    if length > MOST_LETTERS:
        raise Unreadable(f"{source.name} holds {length:,} letters, more than the {MOST_LETTERS:,} we read. Give one policy at a time.")
    cautions = tuple(Caution(block.label or block.kind, block.text) for block in blocks if block.kind == "caution")
    shape = outline([block for block in blocks if block.kind != "caution"])
    clauses, headings = cut(shape.blocks)
    if len(clauses) > MOST_CLAUSES:
        raise Unreadable(
            f"{source.name} holds {len(clauses):,} statements, more than the {MOST_CLAUSES:,} we read. Give one policy at a time."
        )
    if not clauses:
        raise Unreadable(f"{source.name} holds no statements we can read. Check that it is the whole policy and save it again.")
    asides = (*headings, *shape.asides)
    facts = facts_of(shape.whole, asides)
    values = {name: getattr(facts, name) for name in _MISSING}
    missing = tuple(Caution(f"no_{name}", message) for name, message in _MISSING.items() if values[name] is None)
    doubts = (*_perhaps_none(facts.title, clauses), *cautions, *missing, *facts.doubts)
    return Document(source=source, clauses=clauses, asides=asides, warnings=doubts, **values)


def _perhaps_none(title: str | None, clauses: Sequence[Clause]) -> tuple[Caution, ...]:
    """A doubt where the text is hardly a policy: nothing calls it one, and next to nothing in it asks anybody to do something."""
    asking = sum(clause.modality != "declares" for clause in clauses)
    if names_a_policy(title or "") or asking >= _LEAST_ASKING * len(clauses):
        return ()
    return (Caution("few_rules", "Hardly anything in this text asks somebody to do something. Check that it is the policy you meant."),)
