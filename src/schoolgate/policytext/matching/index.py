"""How like a clause is to each of the examples, from 0 to 1.

Two texts are alike by their words (stems and pairs, weighted by rarity), by the pieces of their words, and by the senses of their words.
Likeness in words counts more than in proportion: half the same words is less than half as good as all the same. The heading above a
clause counts as a share of its own words.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from schoolgate.policytext.matching.features import PIECES, WORDS, Kind, sense_words

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
Reading = tuple[str, str]
"""A text and the heading above it, which may be empty."""

Weighed = tuple[Places, Floats]
"""Features of a text and their weights, a vector of length one."""

# Chosen by leaving each source policy out in turn; the answer changes little around each of them.
_HEADING = 0.5
_SENSE_HEADING = 0.4
_WORDS = 0.25
_PIECES = 0.35
_SENSES = 0.4
_SQUARED = 0.6
_SENSE_WIDTH = 0.5
_DRIVERS = 200
"""How many examples are asked which senses of words drove an answer: those that speak loudest for it or against it."""

_NONE = np.zeros(0, np.int64)
_UNITS_KEPT = 50_000
_MOST_TIMES = 255
_LOGS = np.log(np.maximum(np.arange(_MOST_TIMES + 1), 1)).astype(np.float32)
_COMMON = 0.1
"""What stands in more of the examples than this says next to nothing, and costs the most time."""


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of feature over all examples. For feature ``f``, ``places[starts[f]:starts[f + 1]]`` are the examples that hold it."""

    kind: Kind
    features: Mapping[str, int]
    rarity: Floats
    starts: NDArray[np.int64]
    places: NDArray[np.uint16]
    times: NDArray[np.uint8]
    weights: Floats
    examples: int
    units: dict[str, Places] = field(default_factory=dict)
    """Units seen before with the features they hold, kept for speed."""
    headings: dict[str, Weighed] = field(default_factory=dict)
    """Headings seen before as vectors: many clauses stand under the same one."""

    def weigh(self, text: str, heading: str = "") -> Weighed:
        """The features of a text and of the heading above it that the examples know, and their weights as a vector of length one."""
        own, weights = self._vector(text)
        if not heading:
            return own, weights
        above, lent = self._above(heading)
        both = np.concatenate([own, above])
        order = np.argsort(both, kind="stable")
        starts = _starts(both[order])
        added = np.add.reduceat(np.concatenate([weights, _HEADING * lent])[order], starts) if len(both) else weights
        return both[order][starts], _unit(added)

    def _above(self, heading: str) -> Weighed:
        found = self.headings.get(heading)
        if found is None:
            found = self._vector(heading)
            if len(self.headings) < _UNITS_KEPT:
                self.headings[heading] = found
        return found

    def _vector(self, text: str) -> Weighed:
        held = np.sort(np.concatenate([_NONE, *(self._known(unit) for unit in self.kind.units(text))]))
        starts = _starts(held)
        features, times = held[starts], np.diff(starts, append=len(held))
        return features, _unit((1 + _LOGS[np.minimum(times, _MOST_TIMES)]) * self.rarity[features])

    def _known(self, unit: str) -> Places:
        found = self.units.get(unit)
        if found is None:
            known = [self.features[name] for name in self.kind.features(unit) if name in self.features]
            found = np.array(known, np.int64)
            if len(self.units) < _UNITS_KEPT:
                self.units[unit] = found
        return found

    def likeness(self, features: Places, weights: Floats) -> Floats:
        """The cosine with every example."""
        spots, held = self.spots(features)
        return np.bincount(self.places[spots], self.weights[spots] * np.repeat(weights, held), self.examples).astype(np.float32)

    def spots(self, features: Places) -> tuple[Places, Places]:
        """Where in ``places`` and ``weights`` some features stand, one after the other, and how many spots each has."""
        starts = self.starts[features]
        held = self.starts[features + 1] - starts
        return np.arange(held.sum()) + np.repeat(starts - (np.cumsum(held) - held), held), held


@dataclass(frozen=True, slots=True)
class Senses:
    """For each known word a short vector; words used alike have vectors that point alike. Rare words have longer ones."""

    places: Mapping[str, int]
    vectors: Floats
    sums: dict[str, Floats] = field(default_factory=dict)
    """Texts seen before with the sum of their words' vectors, kept for speed: words and headings come again and again."""

    def of(self, text: str, heading: str = "") -> Floats:
        """The sense of a text: the sum of its words' vectors and a share of its heading's, as a vector of length one."""
        own = _unit(self.sum(text))
        return _unit(own + _SENSE_HEADING * _unit(self.sum(heading))) if heading else own

    def length(self, text: str, heading: str) -> float:
        """What the vector of a text was divided by, heading left out, to come to length one."""
        own = self.sum(text)
        return math.sqrt(own @ own) * float(np.linalg.norm(_unit(own) + _SENSE_HEADING * _unit(self.sum(heading))))

    def sum(self, text: str) -> Floats:
        """The vectors of the words of a text, added up. Shared between callers: read, never change it."""
        known = self.sums.get(text)
        if known is None:
            found = [self.places[word] for word in sense_words(text, self.places)]
            known = self.vectors[found].sum(axis=0) if found else np.zeros(self.vectors.shape[1], np.float32)
            if len(self.sums) < _UNITS_KEPT:
                self.sums[text] = known
        return known


@dataclass(frozen=True, slots=True)
class Index:
    """The examples, ready to be compared with."""

    words: Block
    pieces: Block
    senses: Senses
    example_senses: Floats

    def likeness(self, readings: Sequence[Reading]) -> "Likeness":
        """How like some texts are to the examples."""
        weighed = [self.words.weigh(*reading) for reading in readings]
        lexical = np.array([self._lexical(reading, words) for reading, words in zip(readings, weighed, strict=True)], np.float32)
        senses = np.array([self.senses.of(*reading) for reading in readings], np.float32)
        return Likeness(lexical, np.exp((senses @ self.example_senses.T - 1) / _SENSE_WIDTH), weighed)

    def _lexical(self, reading: Reading, weighed: Weighed) -> Floats:
        """Likeness in words and in pieces of words, as one cosine."""
        total = _WORDS + _PIECES
        pieces = self.pieces.likeness(*self.pieces.weigh(*reading))
        return (_WORDS / total) * self.words.likeness(*weighed) + (_PIECES / total) * pieces

    def pull(self, answers: Floats) -> "Pull":
        """What pulls towards an answer; ``answers`` says how much being like each example speaks for it."""
        strongest = np.argsort(-np.abs(answers), kind="stable")[:_DRIVERS]
        towards = (_SENSES / _SENSE_WIDTH) * answers[strongest, None] * self.example_senses[strongest]
        return Pull(answers, strongest, towards)


@dataclass(frozen=True, slots=True)
class Pull:
    """What pulls towards an answer: likeness to the examples that speak for it, in words, and in senses to the strongest of them."""

    answers: Floats
    strongest: Places
    towards: Floats

    def by_words(self, lexical: Floats) -> Floats:
        """For each example, how far one unit of likeness in words to it pulls; ``lexical`` is a text's likeness in words to each."""
        return _WORDS * self.answers * (1 - _SQUARED + _SQUARED * lexical)

    def by_senses(self, senses: Floats) -> Floats:
        """The direction in which the senses of a text's words are pulled: a word pulls as far as its vector points that way."""
        return senses[self.strongest] @ self.towards


@dataclass(frozen=True, slots=True)
class Likeness:
    """Likeness of some texts, a row each, to the examples, a column each: in words, and in the senses of words.

    ``weighed`` has for each text the words that the examples know, with their weights.
    """

    lexical: Floats
    senses: Floats
    weighed: Sequence[Weighed]

    def together(self) -> Floats:
        """Both kinds as one number from 0 to 1."""
        return (_WORDS + _PIECES) * bent(self.lexical) + _SENSES * self.senses


def bent(cosine: Floats) -> Floats:
    """Likeness in words, bent so that a great likeness counts more than in proportion."""
    return (1 - _SQUARED) * cosine + _SQUARED * cosine * cosine


def build_index(texts: Sequence[str], senses: Senses) -> Index:
    """An index over some texts, in their order."""
    return Index(
        build_block(texts, WORDS, least=1),
        build_block(texts, PIECES, least=2),
        senses,
        np.array([senses.of(text) for text in texts], np.float32),
    )


def build_block(texts: Sequence[str], kind: Kind, least: int) -> Block:
    """The features of one kind that stand in at least ``least`` of the texts, and in no more than a tenth of them."""
    counted = [Counter(name for unit in kind.units(text) for name in kind.features(unit)) for text in texts]
    holders = Counter(name for counts in counted for name in counts)
    names = sorted(name for name, times in holders.items() if least <= times <= max(least, _COMMON * len(texts)))
    features = {name: place for place, name in enumerate(names)}
    postings: list[list[tuple[int, int]]] = [[] for _ in names]
    for place, counts in enumerate(counted):
        for name, times in counts.items():
            if name in features:
                postings[features[name]].append((place, times))
    starts = np.concatenate([[0], np.cumsum([len(held) for held in postings])]).astype(np.int64)
    places = np.array([place for held in postings for place, _ in held], np.uint16)
    often = np.array([times for held in postings for _, times in held], np.uint8)
    return weighed_block(kind, names, starts, places, often, len(texts))


def weighed_block(
    kind: Kind, names: Sequence[str], starts: NDArray[np.int64], places: NDArray[np.uint16], times: NDArray[np.uint8], examples: int
) -> Block:
    """A block from what each example holds how often: rarity and weights follow from that."""
    holders = np.diff(starts)
    rarity = (np.log((1 + examples) / (1 + holders)) + 1).astype(np.float32)
    raw = (1 + np.log(times.astype(np.float32))) * np.repeat(rarity, holders)
    lengths = np.sqrt(np.bincount(places, raw * raw, examples))
    weights = (raw / np.maximum(lengths, 1e-9)[places]).astype(np.float32)
    return Block(kind, {name: place for place, name in enumerate(names)}, rarity, starts, places, times, weights, examples)


def _starts(ordered: Places) -> Places:
    """Where each different number begins in a row of numbers that is in order."""
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(ordered) else _NONE


def _unit(vector: Floats) -> Floats:
    length = math.sqrt(vector @ vector)
    return vector / length if length else vector
