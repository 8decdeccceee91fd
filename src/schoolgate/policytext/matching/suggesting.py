"""Suggestions of controls for the clauses of a document: ranked, explained, with a chance each; that nothing fits is an answer too."""

from collections.abc import Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from schoolgate.policytext.matching.answering import Answers, answer, read_vectors, reading
from schoolgate.policytext.matching.chance import VECTORS, WORDS, chances
from schoolgate.policytext.matching.fitting import Fitted
from schoolgate.policytext.matching.index import Pull
from schoolgate.policytext.matching.parts import lines, speakers
from schoolgate.policytext.matching.reasons import drivers
from schoolgate.policytext.matching.storing import fitted, fitted_with_vectors
from schoolgate.policytext.model import Clause, Document, Match, Suggestion
from schoolgate.policytext.vectors import Encoder, encoder

_TOGETHER = 128
_LEAST_CHANCE = 0.1
"""Where the clause seems to ask for nothing, only a control with some chance is still named."""


def match(document: Document, *, top: int = 3, vectors: bool = True) -> tuple[Match, ...]:
    """Suggestions for every clause of a document, best first, at most ``top`` each.

    Sentence vectors are used where the optional model is installed, unless ``vectors`` is False.
    """
    if top < 1:
        raise ValueError("Ask for at least one suggestion.")
    model = encoder() if vectors and document.clauses else None
    return match_clauses(document.clauses, fitted_with_vectors() if model else fitted(), model, top)


def match_clauses(clauses: Sequence[Clause], model: Fitted, encoder: Encoder | None, top: int) -> tuple[Match, ...]:
    """Suggestions for some clauses by a given model, and by sentence vectors where an encoder is given."""
    attested = frozenset(example.id for example in model.examples if example.kind == "attested")
    served = _Served(model, VECTORS if encoder else WORDS, speakers(model.examples), attested)
    batches = [(batch, [reading(clause) for clause in batch]) for batch in _batches(clauses)]
    found: list[Match] = []
    with ThreadPoolExecutor(1) as reader:  # The sentence model reads ahead while clauses are compared by their words.
        read = [reader.submit(read_vectors, readings, encoder).result if encoder else None for _, readings in batches]
        for (batch, readings), vectors in zip(batches, read, strict=True):
            found += served.matches(batch, answer(readings, model, vectors, batch), top)
    return tuple(found)


def _batches(clauses: Sequence[Clause]) -> Iterator[Sequence[Clause]]:
    """Clauses in their order, few enough to be judged at once; a section is cut only where it alone is too long."""
    batch: list[Clause] = []
    for _, section in groupby(clauses, key=lambda clause: clause.path):
        own = list(section)
        if batch and len(batch) + len(own) > _TOGETHER:
            yield batch
            batch = []
        batch += own
        while len(batch) > _TOGETHER:
            yield batch[:_TOGETHER]
            batch = batch[_TOGETHER:]
    if batch:
        yield batch


@dataclass(frozen=True, slots=True)
class _Served:
    """A model at work. ``attested`` has the names of the controls that a person attests."""

    model: Fitted
    engine: str
    speakers: Mapping[str, Sequence[int]]
    attested: Set[str]
    pulls: dict[int, Pull] = field(default_factory=dict)
    """What pulls towards each control suggested so far, by its place, kept for speed."""

    def matches(self, clauses: Sequence[Clause], found: Answers, top: int) -> list[Match]:
        return [self.match(clause, found, row, top) for row, clause in enumerate(clauses)]

    def match(self, clause: Clause, found: Answers, row: int, top: int) -> Match:
        support, meaning = found.support[row], chances(self.engine)
        ranked = [int(place) for place in np.argsort(-support[:-1], kind="stable")[:top]]
        nothing = meaning.of_nothing(support, float(found.alike[row].max()), clause.text, clause.modality) >= meaning.threshold
        scored = zip(ranked, meaning.of_suggestions(support, ranked), strict=True)
        least = _LEAST_CHANCE if nothing else 0.0
        kept = {place: chance for place, chance in scored if support[place] > 0 and chance >= least}
        suggestions = self.suggestions(clause, found, row, kept)
        return Match(clause.ref, clause.text, "informational" if nothing else self.kind(suggestions), suggestions, self.engine)

    def suggestions(self, clause: Clause, found: Answers, row: int, kept: Mapping[int, float]) -> tuple[Suggestion, ...]:
        model, words = self.model, drivers(reading(clause), found.by_words.weighed[row], self.model.index) if kept else None
        suggestions = []
        for place, chance in kept.items():
            control = model.controls[place]
            pull = self.pulls.get(place) or self.pulls.setdefault(place, model.index.pull(found.answers[:, place]))
            because = words.why(pull, found.by_words.lexical[row], found.by_words.senses[row]) if words else ""
            parts = lines(control, found.alike[row], model.examples, self.speakers.get(control, ()))
            suggestions.append(Suggestion(control, round(chance, 3), because, parts))
        return tuple(suggestions)

    def kind(self, suggestions: Sequence[Suggestion]) -> str:
        if not suggestions:
            return "informational"
        return "attested" if suggestions[0].control in self.attested else "control"
