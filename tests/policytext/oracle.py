"""LibreOffice as the judge of our readers: its text export of a document beside the numbers and words we read."""

import difflib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.formats import parse

SECONDS = 90
_GLYPHS = re.compile(r"^(?:[\u2022\u25e6\u25aa\u25cf\u25cb\u25a0\u25a1\u2794\u27a2\u2013\uf000-\uf0ff·*§-]|[o.](?= ))\s*(?=\S)")


def office() -> str:
    """Where LibreOffice is. Absent, it skips the test; in continuous integration it fails it."""
    program = shutil.which("soffice")
    if program is None:
        sentence = "LibreOffice is not installed: run scripts/system"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return program


def convert(sources: list[Path], kind: str, folder: Path) -> list[Path]:
    """Documents turned into another kind ("txt:Text", "docx") by one run of LibreOffice, with a profile of its own in the folder."""
    folder.mkdir(exist_ok=True)
    command = [office(), "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", kind, "--outdir", str(folder)]
    subprocess.run([*command, *map(str, sources)], check=True, capture_output=True, timeout=SECONDS)
    return [folder / f"{source.stem}.{kind.partition(':')[0]}" for source in sources]


def printed_lines(exported: Path) -> list[str]:
    """The paragraphs of a document as LibreOffice exported them: number and words, bullets and spaces evened out."""
    text = exported.read_text(encoding="utf-8-sig")
    return [line for line in (plain(line) for line in re.split(r"[\n\u2028]", text)) if line]


def plain(line: str) -> str:
    """A line with its spaces evened out and without a bullet."""
    return _GLYPHS.sub("", " ".join(line.split()))


def our_lines(path: Path) -> list[str]:
    """What we read in a document, one line for each paragraph or cell, in the same plain form."""
    blocks = parse(path.read_bytes(), path.name)[0]
    inside = [block for block in blocks if block.kind not in ("furniture", "note", "property")]
    return [line for line in (plain(line) for block in inside for line in _lines(block)) if line]


def _lines(block: Block) -> list[str]:
    if block.cells:
        return [block.printed, *block.cells] if block.label is None else [f"{block.printed} {block.cells[0]}", *block.cells[1:]]
    return [f"{block.printed} {block.text}"]


def agreement(path: Path, exported: Path) -> tuple[int, int, list[str]]:
    """How many paragraphs we read with the number and words LibreOffice exported, of how many, and the differences."""
    ours = our_lines(path)
    theirs = _as_cut(printed_lines(exported), ours)
    matcher = difflib.SequenceMatcher(None, theirs, ours, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    told = [line for line in difflib.unified_diff(theirs, ours, "LibreOffice", "ours", lineterm="", n=0) if line[:1] in "+-"]
    return same, max(len(theirs), len(ours)), told[2:]


def _as_cut(theirs: list[str], ours: list[str]) -> list[str]:
    """Their lines joined where we join the same ones: several paragraphs of one cell are one text to us."""
    wanted = set(ours)
    longest = max(map(len, ours), default=0)
    made: list[str] = []
    place = 0
    while place < len(theirs):
        joined, best = theirs[place], 1
        if joined not in wanted:
            for more in range(2, 12):
                joined = " ".join(theirs[place : place + more])
                if len(joined) > longest:
                    break
                if joined in wanted:
                    best = more
                    break
        made.append(" ".join(theirs[place : place + best]))
        place += best
    return made
