"""Which of a clause's own words drove a suggestion."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schoolgate.policytext.matching.index import Block, Floats, Index, Places, Pull, Reading, Senses, Weighed
from schoolgate.policytext.words import printed_words

_MOST = 5
_PAIR_SHARE = 0.5
_LEAST_SHARE = 0.15
"""A word that pulled less than this share of what the strongest pulled is not worth naming."""


@dataclass(frozen=True, slots=True)
class Drivers:
    """The different words of a clause, as printed, and what each has to do with the examples.

    A row of the postings is one word feature in one example: whose feature it is (``owner``, a place in ``words``), in which example,
    and with what weight. ``senses`` has a row for each word.
    """

    words: Sequence[str]
    owner: Places
    example: Places
    weight: Floats
    senses: Floats

    def why(self, pull: Pull, lexical: Floats, senses: Floats) -> str:
        """The words that pulled towards an answer, the strongest first; ``lexical`` and ``senses`` are likenesses to the examples."""
        if not self.words:
            return ""
        pulled = pull.by_words(lexical)[self.example] * self.weight
        strength = np.bincount(self.owner, pulled, len(self.words)) + self.senses @ pull.by_senses(senses)
        ranked = np.argsort(-strength, kind="stable")[:_MOST]
        least = max(_LEAST_SHARE * float(strength[ranked[0]]), 0.0)
        return ", ".join(self.words[place] for place in ranked if place == ranked[0] or strength[place] > least)


def drivers(reading: Reading, weighed: Weighed, index: Index) -> Drivers:
    """The words of a clause, ready to be asked which of them drove an answer. A pair of words counts half for each of the two.

    ``weighed`` holds its words that the examples know, with their weights.
    """
    printed = printed_words(reading[0])
    own: dict[str, int] = {}
    words: list[str] = []
    for word, _ in printed:
        if word.lower() not in own:
            own[word.lower()] = len(words)
            words.append(word)
    places = [own[word.lower()] for word, _ in printed]
    stems = [stem for _, stem in printed]
    links = list(zip(places, stems, [1.0] * len(stems), strict=True))
    for at in range(len(stems) - 1):
        pair = f"{stems[at]} {stems[at + 1]}"
        links += [(places[at], pair, _PAIR_SHARE), (places[at + 1], pair, _PAIR_SHARE)]
    owner, example, weight = _postings(index.words, weighed, list(dict.fromkeys(links)))
    return Drivers(words, owner, example, weight, _sense_rows(words, reading, index.senses))


def _postings(block: Block, weighed: Weighed, links: list[tuple[int, str, float]]) -> tuple[Places, Places, Floats]:
    features, weights = weighed
    weight_of = dict(zip(features.tolist(), weights.tolist(), strict=True))
    known = [(owner, block.features[name], share) for owner, name, share in links if name in block.features]
    spots, held = block.spots(np.array([feature for _, feature, _ in known], np.int64))
    owner = np.repeat(np.array([owner for owner, _, _ in known], np.int64), held)
    lent = np.repeat(np.array([share * weight_of[feature] for _, feature, share in known], np.float32), held)
    return owner, block.places[spots].astype(np.int64), block.weights[spots] * lent


def _sense_rows(words: Sequence[str], reading: Reading, senses: Senses) -> Floats:
    rows = np.array([senses.sum(word) for word in words], np.float32).reshape(len(words), senses.vectors.shape[1])
    return rows / (senses.length(*reading) or 1.0)
