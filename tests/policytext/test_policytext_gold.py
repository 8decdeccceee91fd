"""The reader against documents marked by hand: where clauses start, and what the cover says (gold/README.md)."""

import hashlib
import json
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from tests.policytext.conftest import shared_file
from tests.policytext.gold_score import FACTS, controls_gold, facts_gold, gold_files, judge_fact, score, shares

from schoolgate import data
from schoolgate.policytext import Document, read

EACH = 0.90  # F1 of every document alone
ALL = {False: 0.95, True: 0.94}  # F1 of the documents together: those worked on, and those kept back from the work (0.944)
FACTS_RIGHT = 0.95  # share of all facts of all documents
MARKED = [*gold_files(), *gold_files(held=True)]


def _can_read(name: str) -> bool:
    """An old Word file needs LibreOffice."""
    return not name.endswith(".doc") or shutil.which("soffice") is not None


@cache
def _read(path: Path) -> Document:
    if not _can_read(path.name):
        pytest.skip("LibreOffice is not installed")
    return read(path)


def _document(name: str) -> Document:
    """A policy by its file name alone, wherever it lies."""
    return _read(next(shared_file("data", "policies").rglob(name)))


def _marked(path: Path) -> tuple[Document, dict]:
    gold = json.loads(path.read_text(encoding="utf-8"))
    source = shared_file("data", "policies", "real", *gold["source"].split("/"))
    assert hashlib.sha256(source.read_bytes()).hexdigest() == gold["sha256"], "the document is not the one that was marked"
    return _read(source), gold


@pytest.mark.parametrize("path", MARKED, ids=lambda path: path.stem)
def test_clauses_start_where_a_clerk_starts_them(path):
    result = score(*_marked(path))
    assert result.f1 >= EACH, f"P {result.precision:.3f} R {result.recall:.3f} F1 {result.f1:.3f}, missed {result.missed}"


@pytest.mark.parametrize("held", [False, True], ids=["worked on", "kept back"])
def test_clauses_of_all_marked_documents_together(held):
    found = read_as = marked = 0
    for path in gold_files(held=held):
        if not _can_read(json.loads(path.read_text(encoding="utf-8"))["source"]):
            continue
        document, gold = _marked(path)
        found += len(gold["starts"]) - len(score(document, gold).missed)
        read_as += len(document.clauses)
        marked += len(gold["starts"])
    assert shares(found, read_as, marked)[2] >= ALL[held]


@pytest.mark.parametrize("name", facts_gold())
def test_no_fact_is_invented(name):
    document, gold = _document(name), facts_gold()[name]
    invented = {fact: value for fact in FACTS if judge_fact(value := getattr(document, fact), gold[fact]) == "invented"}
    assert invented == {}


def test_the_facts_of_the_cover_are_those_printed():
    golds = {name: gold for name, gold in facts_gold().items() if _can_read(name)}
    judged = Counter(judge_fact(getattr(_document(name), fact), gold[fact]) for name, gold in golds.items() for fact in FACTS)
    assert judged["right"] / judged.total() >= FACTS_RIGHT, dict(judged)


@pytest.mark.parametrize("name", [name for name, gold in facts_gold().items() if any(isinstance(value, dict) for value in gold.values())])
def test_two_places_that_disagree_are_both_reported(name):
    document = _document(name)
    for fact, value in facts_gold()[name].items():
        if isinstance(value, dict):
            assert any(fact in warning.code for warning in document.warnings)


@pytest.mark.parametrize("held", [False, True], ids=["worked on", "kept back"])
def test_the_controls_named_by_hand_exist_and_their_clauses_were_marked(held):
    known = {entry["id"] for entry in data.load("catalogue/controls.yaml")["controls"]} | {"informational"}
    marked = {gold["source"]: gold["starts"] for gold in (json.loads(path.read_text(encoding="utf-8")) for path in gold_files(held=held))}
    for source, clauses in controls_gold(held).items():
        assert set(clauses) <= set(marked[source])
        assert {name for names in clauses.values() for name in names} <= known
        assert all(len([name for name in names if name != "informational"]) <= 4 for names in clauses.values())
