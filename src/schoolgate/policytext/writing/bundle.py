"""A policy in one file for another school: the words, the clauses with their numbers, what each is joined to, and the settings it needs.

A bundle is a zip of two parts, ``policy.json`` for the machine and ``policy.md`` for people. Nothing in it proves who made it: the
fingerprint says that the clauses are whole, and that two schools speak of the same text.
"""

import io
import json
import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from schoolgate.policytext.archive import open_archive
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.model import Document, Source
from schoolgate.policytext.writing import stamp
from schoolgate.policytext.writing.markdown import markdown

FORMAT, EDITION = "schoolgate policy bundle", 1
MEDIA_TYPE = "application/zip"
KINDS = ("unjoined", "control", "attested", "informational")
_FACTS, _WORDS = "policy.json", "policy.md"
_MOST_FACTS = 8 * 2**20
_MOST_TRAIL = 20
_THEN = (1980, 1, 1, 0, 0, 0)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z][a-z0-9_.]{0,79}")


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose text it is: the trust, the school where it is a school's own, the policy and its version, and the day it was handed out."""

    trust: str
    school: str
    title: str
    number: int
    printed_version: str
    fingerprint: str
    exported_on: str


@dataclass(frozen=True, slots=True)
class Join:
    """What stands behind one clause: the kind, and for controls each with the lines it is joined by (none: the whole control)."""

    ref: str
    kind: str
    controls: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """One policy to hand on. ``trail`` says where its makers had it from, oldest first; ``settings`` are (key, value) pairs."""

    document: Document
    origin: Origin
    trail: tuple[Origin, ...] = ()
    joins: tuple[Join, ...] = ()
    settings: tuple[tuple[str, Any], ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """The bundle as plain dicts and lists, ready for ``json.dumps``."""
        return {
            "format": FORMAT,
            "edition": EDITION,
            "from": asdict(self.origin),
            "trail": [asdict(step) for step in self.trail],
            "document": stamp.told(self.document),
            "joins": [
                {"ref": one.ref, "kind": one.kind, "controls": [{"control": key, "lines": list(lines)} for key, lines in one.controls]}
                for one in self.joins
            ],
            "settings": [{"key": key, "value": value} for key, value in self.settings],
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any], source: Source) -> "Bundle":
        """The bundle that ``as_json`` wrote. Raises ValueError, KeyError or TypeError where it is nothing of the kind."""
        return cls(
            document=stamp.document_from(given["document"], source),
            origin=_origin(given["from"]),
            trail=tuple(_origin(step) for step in _list(given["trail"], _MOST_TRAIL)),
            joins=tuple(_join(row) for row in _list(given["joins"], stamp.MOST_CLAUSES)),
            settings=tuple((_named(row["key"]), _value(row["value"])) for row in _list(given["settings"], 500)),
        )


def written(bundle: Bundle, more: Sequence[tuple[str, str]] = ()) -> bytes:
    """The bytes of a bundle."""
    parts = {
        _FACTS: json.dumps(bundle.as_json(), ensure_ascii=False, indent=1, allow_nan=False),
        _WORDS: markdown(bundle.document, more),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _THEN), text.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def read(data: bytes, source: Source) -> Bundle:
    """The bundle in a stranger's file. Raises Unreadable, in one sentence, for anything else."""
    name = source.name
    if not data.startswith(b"PK\x03\x04"):
        raise Unreadable(f"{name} is no bundle: it is not a zip file. Choose the file that the other school exported as a bundle.")
    try:
        archive = open_archive(data, name)
    except Unreadable as problem:
        raise Unreadable(
            f"{name} was refused: it is damaged, locked, or packed as no bundle is. Ask the school it came from to export it again."
        ) from problem
    if set(archive.names()) != {_FACTS, _WORDS}:
        raise Unreadable(f"{name} is no bundle: it must hold {_FACTS} and {_WORDS} and nothing else. Ask for a file exported as a bundle.")
    return _facts(_part(archive.handle, name), source)


def _part(handle: zipfile.ZipFile, name: str) -> bytes:
    too_long = Unreadable(f"{name} was refused: its {_FACTS} is larger than any policy. Ask the school it came from to export it again.")
    if handle.getinfo(_FACTS).file_size > _MOST_FACTS:
        raise too_long
    try:
        with handle.open(_FACTS) as stream:
            data = stream.read(_MOST_FACTS + 1)
    except Exception as problem:
        raise Unreadable(f"{name} is damaged: its {_FACTS} cannot be unpacked. Fetch the file again and retry.") from problem
    if len(data) > _MOST_FACTS:
        raise too_long
    return data


def _facts(data: bytes, source: Source) -> Bundle:
    name = source.name
    try:
        given = json.loads(data.decode("utf-8"), parse_constant=_no_number)
        if given["format"] != FORMAT:
            raise ValueError("format")
        edition = given["edition"]
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        sentence = f"{name} is no bundle: its {_FACTS} is not written as one. Ask the school it came from to export it again."
        raise Unreadable(sentence) from problem
    if edition != EDITION:
        raise Unreadable(f"{name} is a bundle of an edition this version does not know. Bring Schoolgate up to date and try again.")
    try:
        return Bundle.from_json(given, source)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise Unreadable(
            f"{name} is a bundle with something missing or wrong in its {_FACTS}. Ask the school it came from to export it again."
        ) from problem


def _no_number(word: str) -> float:
    raise ValueError(word)


def _list(given: Any, most: int) -> list[Any]:
    if not isinstance(given, list) or len(given) > most:
        raise ValueError("list")
    return given


def _text(given: Any, longest: int) -> str:
    if not isinstance(given, str) or len(given) > longest or not (given.isprintable()):
        raise ValueError("text")
    return given


def _shaped(given: Any, shape: re.Pattern[str]) -> str:
    if not isinstance(given, str) or not shape.fullmatch(given):
        raise ValueError("shape")
    return given


def _named(given: Any) -> str:
    return _shaped(given, _NAME)


def _origin(given: Mapping[str, Any]) -> Origin:
    number = given["number"]
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 10_000:
        raise ValueError("number")
    trust, title = _text(given["trust"], 200), _text(given["title"], 300)
    if not trust.strip() or not title.strip():
        raise ValueError("origin")
    return Origin(
        trust, _text(given["school"], 200), title, number, _text(given["printed_version"], 60), _shaped(given["fingerprint"], _SHA256),
        _shaped(given["exported_on"], _DAY),
    )  # fmt: skip


def _join(row: Mapping[str, Any]) -> Join:
    kind = row["kind"]
    if kind not in KINDS:
        raise ValueError("kind")
    controls = tuple(
        (_named(one["control"]), tuple(_named(line) for line in _list(one["lines"], 30))) for one in _list(row["controls"], 30)
    )
    return Join(_text(row["ref"], 60), kind, controls)


def _value(given: Any) -> Any:
    """A value of a setting: a word, a number, yes or no, a short list of those, or a few of all these by name."""
    if isinstance(given, dict):
        if len(given) > 20:
            raise ValueError("value")
        return {_named(name): _listed(one) for name, one in given.items()}
    return _listed(given)


def _listed(given: Any) -> Any:
    return [_single(one) for one in _list(given, 100)] if isinstance(given, list) else _single(given)


def _single(given: Any) -> Any:
    if given is None or isinstance(given, bool):
        return given
    if isinstance(given, int | float):
        if not math.isfinite(given) or abs(given) > 10**9:
            raise ValueError("number")
        return given
    return _text(given, 2_000)
