"""A policy as Markdown: to read, to print, to listen to, and to read back."""

import re
from collections.abc import Sequence

from schoolgate.policytext.model import Document, Source
from schoolgate.policytext.writing import stamp
from schoolgate.policytext.writing.lines import Line, lines_of

_SPECIAL = re.compile(r"([\\`*_<>\[\]|~])")
_OPENER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^([#+=-])")
_STAMP = re.compile(r"\n*<!-- schoolgate:(?P<word>[A-Za-z0-9+/=]+) -->\s*\Z")


def markdown(document: Document, more: Sequence[tuple[str, str]] = ()) -> str:
    """The text of a policy file in Markdown, with the clauses packed into a comment at its end."""
    return f"{_body(document, more)}\n\n<!-- schoolgate:{stamp.packed(document, more)} -->\n"


def read_back(text: str, source: Source) -> Document | None:
    """The document a Markdown file was written from; None where it was not written by us, or was changed since."""
    text = text.replace("\r\n", "\n")
    found = _STAMP.search(text)
    kept = stamp.unpacked(found["word"], source) if found else None
    if found is None or kept is None:
        return None
    document, more = kept
    return document if _body(document, more).strip() == text[: found.start()].strip() else None


def _body(document: Document, more: Sequence[tuple[str, str]]) -> str:
    pieces = [
        "\\\n".join(_fact(line) for line in group) if group[0].kind == "fact" else _piece(group[0]) for group in _groups(document, more)
    ]
    return "\n\n".join(pieces)


def _groups(document: Document, more: Sequence[tuple[str, str]]) -> list[list[Line]]:
    """Each line by itself; the facts of the cover together."""
    groups: list[list[Line]] = []
    for line in lines_of(document, more):
        if line.kind == "fact" and groups and groups[-1][0].kind == "fact":
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _fact(line: Line) -> str:
    return f"{_plain(line.label)}: {_plain(line.text)}"


def _piece(line: Line) -> str:
    if line.kind == "title":
        return f"# {_plain(line.text)}"
    if line.kind == "heading":
        return f"{'#' * (line.level + 1)} {_plain(line.text)}"
    if line.kind == "lead_in":
        return _start(_plain(line.text))
    return f"**{_plain(line.label)}** {_plain(line.text)}"


def _plain(text: str) -> str:
    """Words that mean nothing but themselves; a new line inside them is a line break."""
    return "\\\n".join(_SPECIAL.sub(r"\\\1", one) for one in text.split("\n"))


def _start(text: str) -> str:
    """A line that begins like a list or a heading and is neither."""
    return _OPENER.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", text)
