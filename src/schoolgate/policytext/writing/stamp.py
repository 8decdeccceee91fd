"""The clauses themselves, packed into a file we write, so that reading it back gives the same clauses and not a guess at them.

A stamp is believed only where the file still says what the stamp says: the document in it is written out again and compared with what
stands in the file, word for word. A file that was edited since, or whose stamp tells another story, is read like any other.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from schoolgate.policytext.model import MODALITIES, Aside, Caution, Clause, Document, Source
from schoolgate.policytext.writing.lines import is_heading

MOST_CLAUSES = 5_000
MOST_UNPACKED = 8 * 2**20
LONGEST_TEXT = 20_000
_FACTS = ("title", "organisation", "version", "owner", "approved_on", "approved_by", "review_on")
More = Sequence[tuple[str, str]]


def told(document: Document) -> dict[str, Any]:
    """A document as a stamp or a bundle holds it: its facts and its clauses, without where it was read."""
    clauses = [
        {"ref": one.ref, "path": list(one.path), "text": one.text, "modality": one.modality, "actors": list(one.actors)}
        for one in document.clauses
    ]
    return {**{name: getattr(document, name) for name in _FACTS}, "clauses": clauses}


def packed(document: Document, more: More) -> str:
    """A document and the further facts of its cover as one word of letters, digits, + / and =."""
    body = json.dumps({"document": told(document), "more": [list(pair) for pair in more]}, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(body.encode("utf-8"), 9)).decode("ascii")


def unpacked(word: str, source: Source) -> tuple[Document, list[tuple[str, str]]] | None:
    """What ``packed`` wrote; None for anything else."""
    try:
        squeezed = base64.b64decode(word, validate=True)
        unpacker = zlib.decompressobj()
        body = unpacker.decompress(squeezed, MOST_UNPACKED)
        if unpacker.unconsumed_tail or not unpacker.eof:
            return None
        given = json.loads(body)
        more = [(_text(label, 100), _text(value, 500)) for label, value in _list(given["more"], 50)]
        return document_from(given["document"], source), more
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error, zlib.error):
        return None


def document_from(given: Mapping[str, Any], source: Source) -> Document:
    """A document from what ``told`` made of one. Raises ValueError, KeyError or TypeError where it is nothing of the kind."""
    clauses = tuple(_clause(row) for row in _list(given["clauses"], MOST_CLAUSES))
    if not clauses or len({one.ref for one in clauses}) != len(clauses):
        raise ValueError("clauses")
    values = {name: None if given.get(name) is None else _text(given[name], 500) for name in _FACTS}
    headings = dict.fromkeys(text for one in clauses for text in one.path if is_heading(text))
    missing = tuple(
        Caution(f"no_{name}", f"The document does not give its {name.replace('_', ' ')}.") for name in _FACTS if not values[name]
    )
    asides = tuple(Aside("heading", text) for text in headings)
    return Document(source=source, clauses=clauses, warnings=missing, asides=asides, **values)


def _clause(row: Mapping[str, Any]) -> Clause:
    modality = _text(row["modality"], 20)
    if modality not in MODALITIES:
        raise ValueError("modality")
    path = tuple(_text(one, 2_000) for one in _list(row["path"], 12))
    actors = tuple(_text(one, 60) for one in _list(row["actors"], 30))
    return Clause(_text(row["ref"], 60), path, _text(row["text"], LONGEST_TEXT), modality, actors)


def _list(given: Any, most: int) -> list[Any]:
    if not isinstance(given, list) or len(given) > most:
        raise ValueError("list")
    return given


def _text(given: Any, longest: int) -> str:
    """A text that can be kept: not empty, not too long, without the zero byte and half letters no database takes."""
    if not isinstance(given, str) or not given.strip() or len(given) > longest or "\x00" in given:
        raise ValueError("text")
    given.encode("utf-8")
    return given
