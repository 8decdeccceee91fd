"""`policy match` beside its peers: each source policy matched by what is known without it, ranks, kinds, calibration and times.

Peers on the same examples: the nearest neighbour over sentence vectors, and over TF-IDF of words and pairs. Nothing here is tuned.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from tests.bench import left_out
from tests.policytext.conftest import SEEDS

from schoolgate.policytext import Match, match, read_text
from schoolgate.policytext.matching.answering import reading
from schoolgate.policytext.matching.examples import Example
from schoolgate.policytext.matching.fitting import fit
from schoolgate.policytext.matching.index import Floats
from schoolgate.policytext.matching.storing import fitted, fitted_with_vectors, senses
from schoolgate.policytext.matching.suggesting import match_clauses
from schoolgate.policytext.vectors import encoder

CLAUSES = 600
BANDS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.01)
STRONG = (0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass
class Tally:
    """How often one way of matching was right, over clauses that have a control."""

    clauses: int = 0
    three: int = 0
    first: int = 0
    chances: list[tuple[float, bool]] = field(default_factory=list)
    leading: list[tuple[float, bool]] = field(default_factory=list)
    kinds: list[tuple[bool, bool]] = field(default_factory=list)

    def add(self, names: Sequence[str], wanted: frozenset[str]) -> None:
        self.clauses += 1
        self.three += bool(wanted.intersection(names[:3]))
        self.first += bool(names) and names[0] in wanted

    def add_match(self, found: Match, one: left_out.Marked) -> None:
        if one.wanted:
            self.add([suggestion.control for suggestion in found.suggestions], one.wanted)
        if one.rows:
            scored = [(suggestion.score, suggestion.control in one.wanted) for suggestion in found.suggestions]
            self.chances += scored
            self.leading += scored[:1]
            self.kinds.append((found.kind == "informational", one.informational))


def main() -> None:
    """Print the tables."""
    tallies = ranks()
    print(f"{'each source policy left out in turn':52}{'in first three':>16}{'first':>8}")
    for name, tally in tallies.items():
        print(f"{name:52}{tally.three / tally.clauses:16.3f}{tally.first / tally.clauses:8.3f}   of {tally.clauses} clauses")
    for name, tally in tallies.items():
        if tally.chances:
            _print_meaning(name, tally)
    _print_times()


def ranks() -> dict[str, Tally]:
    """Every way of matching on the same clauses."""
    tallies: dict[str, Tally] = {}
    kept: dict[str, Floats] = {}
    for number in SEEDS:
        policy = left_out.marked(number)
        for sentences in (True, False):
            examples = left_out.shelf_without(number, sentences)
            suffix = "" if sentences else ", without examples.csv"
            vectors = left_out.vectors_of([example.text for example in examples], kept, encoder())
            model = fit(examples, senses(), vectors)
            for name, served in (("ours, words", None), ("ours, words and vectors", encoder())):
                if name == "ours, words" or served:
                    tally = tallies.setdefault(name + suffix, Tally())
                    for found, one in zip(match_clauses([m.clause for m in policy], model, served, 3), policy, strict=True):
                        tally.add_match(found, one)
            texts = [reading(one.clause)[0] for one in policy]
            _neighbours(tallies, f"nearest neighbour, TF-IDF{suffix}", policy, examples, _tfidf(examples, texts))
            if vectors is not None:
                asked = left_out.vectors_of(texts, kept, encoder())
                _neighbours(tallies, f"nearest neighbour, sentence vectors{suffix}", policy, examples, asked @ vectors.T)
    return tallies


def _tfidf(examples: Sequence[Example], texts: Sequence[str]) -> np.ndarray:
    counter = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, stop_words="english")
    known = counter.fit_transform([example.text for example in examples])
    return (counter.transform(texts) @ known.T).toarray()


def _neighbours(
    tallies: dict[str, Tally], name: str, policy: Iterable[left_out.Marked], examples: Sequence[Example], alike: np.ndarray
) -> None:
    tally = tallies.setdefault(name, Tally())
    for one, row in zip(policy, alike, strict=True):
        if one.wanted:
            near = (control for place in np.argsort(-row, kind="stable")[:200] for control in examples[place].controls)
            tally.add(list(dict.fromkeys(near)), one.wanted)


def _print_meaning(name: str, tally: Tally) -> None:
    said, truth = (np.array(column) for column in zip(*tally.kinds, strict=True))
    found, named = (said & truth).sum(), said.sum()
    print(f"\n{name}: kind right {np.mean(said == truth):.3f}; informational found {found / truth.sum():.3f} of {truth.sum()}, ", end="")
    print(f"right when named {found / max(1, named):.3f} of {named}")
    scores, right = (np.array(column) for column in zip(*tally.chances, strict=True))
    for low, high in pairwise(BANDS):
        inside = (scores >= low) & (scores < high)
        if inside.any():
            band = f"{low:.1f}-{min(high, 1):.1f}: {inside.sum():5} suggestions"
            print(f"  score {band}, mean {scores[inside].mean():.2f}, right {right[inside].mean():.2f}")
    first, good = (np.array(column) for column in zip(*tally.leading, strict=True))
    for least in STRONG:
        chosen = first >= least
        if chosen.any():
            print(f"  first suggestions of at least {least}: {chosen.sum()}, right {good[chosen].mean():.3f}")


def _print_times() -> None:
    texts = [example.text.rstrip(".") for example in left_out.shelf() if example.id[0].isdigit()][:CLAUSES]
    document = read_text("1. Rules\n" + "".join(f"1.{n} {text} now.\n" for n, text in enumerate(texts, 1)), "policy.txt")
    print(f"\n{len(document.clauses)} clauses, seconds of processor time")
    _timed("load, words", fitted)
    _timed("match, words", lambda: match(document, vectors=False))
    if encoder():
        _timed("load, words and vectors", fitted_with_vectors)
        _timed("match, words and vectors", lambda: match(document))


def _timed(name: str, act: Callable[[], object]) -> None:
    began = time.process_time()
    act()
    print(f"  {name:28}{time.process_time() - began:6.2f}")


if __name__ == "__main__":
    main()
