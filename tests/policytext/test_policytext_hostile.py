"""Texts made to make a reader crawl: read, checked and matched in a few seconds, as any policy of that length would be."""

import random
import time
from datetime import date
from pathlib import Path

import docx
import pytest

from schoolgate.policytext import Unreadable, check, match, read, read_text

SECONDS = 20  # for the three together on a busy machine; each of these once took minutes


def alternating(count: int) -> str:
    lines = (f"- Staff {'must not' if number % 2 else 'may'} use phones in room {number // 2} at any time.\n" for number in range(count))
    return "Use\n\n" + "".join(lines)


CRAWLERS = {
    "capital words, as in the name of an Act": "Alder " * 20_000 + "Act",
    "numbers of numbers": "1." * 40_000 + " x",
    "abbreviations": "e.g. A. " * 15_000,
    "clauses that all contradict": alternating(1_200),
    "references to one missing appendix": "Sites are listed at appendix a here.\n\n" * 1_200,
    "one number printed again and again": "1.1 Staff must ask.\n" * 1_200,
    "one endless paragraph": "Staff must not use the Data Protection Act 1998 " * 2_500,
    "people after people": "Staff, pupils and parents of the and " * 3_000,
    "cells after cells": "a\t" * 40_000,
}


@pytest.mark.parametrize("words", CRAWLERS.values(), ids=CRAWLERS)
def test_a_text_made_to_be_slow_is_not(words):
    started = time.process_time()
    document = read_text(words, "policy.txt")
    check(document, on=date(2026, 11, 20))
    match(document)
    assert time.process_time() - started < SECONDS


def outcome(path: Path) -> bool:
    """Whether a file gave clauses or a sentence about itself. Anything else is an error that breaks the test."""
    try:
        return bool(read(path).clauses)
    except Unreadable as reason:
        return str(reason).startswith(path.name)


def test_a_damaged_file_is_read_or_refused_and_never_breaks_the_reader(tmp_path, make_pdf):
    """Bytes are changed at random, from a fixed seed; whatever comes of it is a document or one sentence."""
    word = docx.Document()
    word.add_heading("Phone policy", 0)
    word.add_paragraph("Staff must ask before they use a phone.", style="List Number")
    word.save(tmp_path / "sound.docx")
    sources = {
        "docx": (tmp_path / "sound.docx").read_bytes(),
        "pdf": make_pdf([["Phone policy", "Staff must ask before they use a phone."]]),
        "rtf": rb"{\rtf1\ansi Phone policy\par Staff must ask before they use a phone.\par}",
        "html": b"<html><body><h1>Phone policy</h1><ol><li>Staff must ask.</li></ol></body></html>",
        "rst": b"Phone policy\n============\n\n1. Staff must ask.\n2. Pupils may not.\n",
        "md": b"# Phone policy\n\n1. Staff must ask.\n2. Pupils may not.\n",
        "txt": b"Phone policy\n\n1.1 Staff must ask.\n1.2 Pupils may not.\n",
    }
    chance = random.Random(7)
    for kind, sound in sources.items():
        for _ in range(40):
            data = bytearray(sound)
            for _ in range(chance.randint(1, 12)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            path = tmp_path / f"policy.{kind}"
            path.write_bytes(data)
            assert outcome(path)
