"""Texts whose controls are known, all from the shelf: what controls promise, the obligations joined to them, sentences written for each.

All of them are in our own words. No sentence of a school's own policy is among them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from schoolgate import data

_NAMES_LAW = re.compile(r"\b(?:Acts?|Regulations)\b")
_CITATIONS = "policies.citations_sound"
"""Whatever names a law is joined to the control that keeps citations sound, as the catalogue has it, and never to none."""

_LINES = re.compile(r"lines:\s*(?P<lines>[^;]+)")
_PART_WEIGHT = 0.5
"""What a control asks for and each of its lines are parts of a promise, and count half."""

_SENTENCE_WEIGHT = 0.5
"""Written sentences outnumber the obligations four to one, which were read out of real documents: each counts half."""

SENTENCE = "sentence."


@dataclass(frozen=True, slots=True)
class Example:
    """One text whose controls are known, the chief one first. ``lines`` are (control, line) pairs; ``weight`` is how much it counts.

    ``kind`` is control, attested or informational; an informational text has no control.
    """

    id: str
    text: str
    kind: str
    controls: tuple[str, ...]
    lines: tuple[tuple[str, str], ...] = ()
    weight: float = 1.0


@cache
def shelf() -> tuple[Example, ...]:
    """Every example of the shelf, in a fixed order."""
    return (*promises(), *obligations(), *sentences())


def promises() -> Iterator[Example]:
    """What each control promises, in its own words: its title with its promise, what it asks people for, and each of its lines."""
    for control in data.load("catalogue/controls.yaml")["controls"]:
        name, kind = control["id"], "attested" if control["kind"] == "attested" else "control"
        yield Example(name, f"{control['title']}. {control['promise']}", kind, (name,))
        if control.get("asks"):
            yield Example(f"{name}?", control["asks"], kind, (name,), weight=_PART_WEIGHT)
        for line, text in ((control.get("counts") or {}).get("lines") or {}).items():
            yield Example(f"{name}#{line}", text, kind, (name,), ((name, line),), _PART_WEIGHT)


def obligations() -> Iterator[Example]:
    """The obligations of the catalogue, each with the controls it is joined to and the lines its note names."""
    for row in data.rows("catalogue/obligations.csv"):
        found = _LINES.search(row["note"] or "")
        named = [part.strip() for part in found["lines"].split(",")] if found else []
        lines = tuple((control, line) for control, _, line in (part.partition("#") for part in named) if line)
        controls = tuple(part for part in row["controls"].split(";") if part)
        yield Example(row["id"], row["paraphrase"], row["kind"], controls, lines)


def sentences() -> Iterator[Example]:
    """Sentences as policies might say them, written for each control, and sentences that no control carries."""
    for number, row in enumerate(data.rows("catalogue/examples.csv"), 2):
        controls = tuple(part for part in row["control"].split(";") if part)
        kind = row["kind"]
        if not controls and _NAMES_LAW.search(row["text"]):
            kind, controls = "control", (_CITATIONS,)
        yield Example(f"{SENTENCE}{number}", row["text"], kind, controls, weight=_SENTENCE_WEIGHT)
