"""Compare what the reader makes of a document with what a clerk marked by hand (see gold/README.md).

``python tests/policytext/gold_score.py [--held | --facts | --controls]`` prints a table. The words it prints are for the terminal only.
"""

import hashlib
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from schoolgate.policytext import Clause, Document, Match, match, read

GOLD = Path(__file__).resolve().parent / "gold"
POLICIES = Path(__file__).resolve().parents[3] / "shared" / "data" / "policies"
FACTS = ("title", "organisation", "version", "owner", "approved_on", "approved_by", "review_on")
FINGER_LENGTH = 40


class Score(NamedTuple):
    """How a reading compares. Shares run from 0 to 1; ``missed`` are positions in the gold, ``extra`` clauses nobody marked."""

    precision: float
    recall: float
    f1: float
    missed: tuple[int, ...]
    extra: tuple[Clause, ...]


def letters(text: str) -> str:
    """The letters and digits of a text, lower-cased: what stays the same whichever way a page is read."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).lower() if character.isalnum())


def finger(text: str, length: int | None = FINGER_LENGTH) -> str:
    """The mark by which a clause is known: a short hash of its first letters and digits. Without a length, of all of them (a fact's)."""
    return hashlib.sha256(letters(text)[:length].encode()).hexdigest()[:16]


def score(document: Document, gold: Mapping[str, Any]) -> Score:
    """Compare the clauses of a reading with the marked starts, each start counting once for every time it was marked."""
    same = {other: start for start, others in gold.get("either", {}).items() for other in others}
    unfound = Counter(gold["starts"])
    extra = []
    for clause in document.clauses:
        mark = finger(clause.text)
        start = mark if unfound[mark] > 0 else same.get(mark, mark)
        if unfound[start] > 0:
            unfound[start] -= 1
        else:
            extra.append(clause)
    missed = _positions(gold["starts"], unfound)
    found = len(gold["starts"]) - len(missed)
    return Score(*shares(found, len(document.clauses), len(gold["starts"])), missed, tuple(extra))


def shares(found: int, read_as: int, marked: int) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean."""
    precision = found / read_as if read_as else 0.0
    recall = found / marked if marked else 0.0
    return precision, recall, 2 * found / (read_as + marked) if found else 0.0


def facts_gold() -> dict[str, dict[str, Any]]:
    """What each document's cover says, by file name (see gold/README.md for how a value is written)."""
    return json.loads((GOLD / "facts.json").read_text(encoding="utf-8"))


def judge_fact(value: str | None, gold: Any) -> str:
    """Whether a fact is "right", "wrong", "missing" (the document says it, the reading does not) or "invented" (the other way about)."""
    fits = gold["both"] if isinstance(gold, dict) else gold if isinstance(gold, list) else [gold]
    if value in fits or (value is not None and finger(value, None) in fits):
        return "right"
    if value is None:
        return "missing"
    return "invented" if None in fits else "wrong"


def controls_gold(held: bool = False) -> dict[str, dict[str, list[str]]]:
    """Which controls may carry a clause: by source under real/, then by finger. An empty list: nothing fits."""
    folder = GOLD / "held" if held else GOLD
    return json.loads((folder / "controls.json").read_text(encoding="utf-8"))


def judge_match(found: Match, fitting: list[str]) -> tuple[bool, bool]:
    """Whether the first suggestion, and any of the first three, is one that fits. Where nothing fits, no suggestion is right."""
    controls = [suggestion.control for suggestion in found.suggestions[:3]] if found.kind != "informational" else []
    names = controls or ["informational"]
    fits = [name in (fitting or ["informational"]) for name in names]
    return fits[0], any(fits)


def gold_files(held: bool = False) -> list[Path]:
    """The gold files of clauses: those to work on, or those kept back."""
    folder = GOLD / "held" if held else GOLD
    return sorted(path for path in folder.glob("*.json") if "starts" in json.loads(path.read_text(encoding="utf-8")))


def _positions(starts: list[str], unfound: Counter[str]) -> tuple[int, ...]:
    left = Counter(unfound)
    places = []
    for place in reversed(range(len(starts))):
        if left[starts[place]] > 0:
            left[starts[place]] -= 1
            places.append(place)
    return tuple(reversed(places))


def _print_table(paths: list[Path]) -> None:
    found = read_as = marked = 0
    for path in paths:
        gold = json.loads(path.read_text(encoding="utf-8"))
        document = read(POLICIES / "real" / gold["source"])
        result = score(document, gold)
        found += len(gold["starts"]) - len(result.missed)
        read_as += len(document.clauses)
        marked += len(gold["starts"])
        figures = "P {:.3f} R {:.3f} F1 {:.3f}".format(*result[:3])
        print(f"{path.stem}: marked {len(gold['starts'])}, read {len(document.clauses)}, {figures}")
        print("  missed:", *result.missed)
        for clause in result.extra:
            print(f"  extra {clause.ref}: {clause.text[:60]}")
    print("all: P {:.3f} R {:.3f} F1 {:.3f}".format(*shares(found, read_as, marked)))


def _print_facts() -> None:
    judged = Counter()
    for name, gold in facts_gold().items():
        document = read(next(POLICIES.rglob(name)))
        for fact in FACTS:
            value = getattr(document, fact)
            verdict = judge_fact(value, gold[fact])
            judged[verdict] += 1
            if verdict != "right":
                print(f"{name}: {fact} {verdict}: {value}")
    print(dict(judged), f"right {judged['right'] / judged.total():.3f}")


def _print_controls(held: bool) -> None:
    judged: dict[str, Counter[str]] = {"a control fits": Counter(), "nothing fits": Counter()}
    for source, gold in controls_gold(held).items():
        for found in match(read(POLICIES / "real" / source)):
            fitting = gold.get(finger(found.text))
            if fitting is None:
                continue
            first, three = judge_match(found, fitting)
            tally = judged["a control fits" if any("." in name for name in fitting) else "nothing fits"]
            tally.update({"clauses": 1, "first": first, "first three": three})
    for kind, tally in judged.items():
        clauses = max(1, tally["clauses"])
        print(f"{kind}: {tally['clauses']} clauses, first {tally['first'] / clauses:.3f}, first three {tally['first three'] / clauses:.3f}")


if __name__ == "__main__":
    if "--controls" in sys.argv[1:]:
        _print_controls(held="--held" in sys.argv[1:])
    elif "--facts" in sys.argv[1:]:
        _print_facts()
    else:
        _print_table(gold_files(held="--held" in sys.argv[1:]))
