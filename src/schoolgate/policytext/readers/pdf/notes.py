"""Footnotes: small print at the foot of a page that a raised mark in the text points to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schoolgate.policytext.readers.pdf.shapes import Flow, Line

_MARK = re.compile("\x01([^\x02]*)\x02")
_NOTE = re.compile("^(?:\x01(?P<raised>[^\x02]{1,3})\x02|(?P<plain>\\d{1,3}|[*†‡§]{1,3}))[ .)]?\\s*(?=\\S)")
_SMALLER = 0.95
_LOWER_HALF = 0.5


@dataclass(slots=True)
class Noted:
    """The flows of a page without their footnotes, and the footnotes."""

    flows: list[Flow]
    notes: list[Flow]


def without_notes(flows: Sequence[Flow], body: float, height: float) -> Noted:
    """Take the footnotes of one page out of its columns, and their marks out of the text; marks that point to none stay as printed."""
    wanted = {mark for flow in flows for part in flow.parts if isinstance(part, Line) for mark in part.marks}
    kept, notes, found = [], [], set()
    for flow in flows:
        start = _start(flow, wanted, body, height)
        if start is not None:
            found |= {mark for part in flow.parts[start:] if isinstance(part, Line) for mark in [_opening(part)] if mark}
            notes.append(Flow(flow.parts[start:], flow.left, flow.right, flow.page))
            flow.parts = flow.parts[:start]
        kept.append(flow)
    for flow in kept:
        for line in _lines(flow):
            clean(line, found)
    for line in (line for flow in notes for line in _lines(flow)):
        if _opening(line) in found:
            line.text = _NOTE.sub("", line.text, count=1)
            line.parts = [(line.text, line.left, line.right)]
        clean(line, set())
    return Noted([flow for flow in kept if flow.parts], notes)


def clean(line: Line, gone: set[str]) -> None:
    """Take the given raised marks out of a line and set the others in it as plain letters."""
    if line.marks:
        line.text = _MARK.sub(lambda match: "" if match[1] in gone else match[1], line.text)
        line.parts = [
            (_MARK.sub(lambda match: "" if match[1] in gone else match[1], text), left, right) for text, left, right in line.parts
        ]


def _lines(flow: Flow) -> list[Line]:
    lines = []
    for part in flow.parts:
        lines += [part] if isinstance(part, Line) else part.lines()
    return lines


def _opening(line: Line) -> str | None:
    found = _NOTE.match(line.text)
    return (found["raised"] or found["plain"]) if found else None


def _start(flow: Flow, wanted: set[str], body: float, height: float) -> int | None:
    """Where the footnotes of a column begin: small lines to its end, the first with a mark the text has."""
    start = len(flow.parts)
    while start and isinstance(flow.parts[start - 1], Line):
        line = flow.parts[start - 1]
        if not isinstance(line, Line) or line.size > _SMALLER * body or line.base < _LOWER_HALF * height:
            break
        start -= 1
    for index in range(start, len(flow.parts)):
        part = flow.parts[index]
        if isinstance(part, Line) and _opening(part) in wanted:
            return index
    return None
