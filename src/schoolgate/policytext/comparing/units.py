"""What is compared: the clauses of a text, and each lead-in once, before the clauses that stand under it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from schoolgate.policytext.model import Clause

_LEAD_IN = re.compile(r"[:–—-]\s*$")
_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """One statement or lead-in. ``letters`` is its text without case, spaces and marks: what two copies of one sentence share."""

    ref: str
    text: str
    letters: str
    lead_in: bool = False


def units_of(clauses: Sequence[Clause]) -> list[Unit]:
    """The units of a text in reading order. A lead-in carries the reference of the first clause under it."""
    units: list[Unit] = []
    open_lead_ins: tuple[str, ...] = ()
    for clause in clauses:
        lead_ins = tuple(line for line in clause.path if _LEAD_IN.search(line))
        units += [_unit(clause.ref, line, lead_in=True) for line in lead_ins if line not in open_lead_ins]
        units.append(_unit(clause.ref, clause.text))
        open_lead_ins = lead_ins
    return [unit for unit in units if unit.letters]


def letters_of(text: str) -> str:
    """A text without case, accents of print (ligatures, curly quotes), spaces and punctuation."""
    return _LETTERS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _unit(ref: str, text: str, *, lead_in: bool = False) -> Unit:
    return Unit(ref, text, letters_of(text), lead_in)
