"""What a text is made of when texts are compared: stemmed words with their neighbours, pieces of words, and the senses of words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from schoolgate.policytext.words import content_words, spoken_words

_PIECES = (3, 4, 5)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of feature: ``units`` cuts a text up, ``features`` names what one unit holds."""

    units: Callable[[str], Sequence[str]]
    features: Callable[[str], Sequence[str]]


def word_units(text: str) -> list[str]:
    """The stemmed words of a text that carry meaning, and each pair of neighbouring ones."""
    words = content_words(text)
    return [*words, *(f"{first} {second}" for first, second in pairwise(words))]


def piece_units(text: str) -> list[str]:
    """The words of a text, small ones included."""
    return [part for word in spoken_words(text) for part in word.split()]


@lru_cache(maxsize=20_000)
def pieces(word: str) -> tuple[str, ...]:
    """Each run of three to five letters in a word; a space stands for where it begins or ends."""
    padded = f" {word} "
    return tuple(padded[start : start + size] for size in _PIECES for start in range(max(1, len(padded) - size + 1)))


def whole(unit: str) -> tuple[str]:
    """The unit itself."""
    return (unit,)


WORDS = Kind(word_units, whole)
PIECES = Kind(piece_units, pieces)


def sense_words(text: str, known: Mapping[str, int]) -> list[str]:
    """The words of a text that carry meaning and whose sense is known; a compound gives its parts where it is not known whole."""
    found = []
    for word in spoken_words(text):
        for part in (word,) if word in known else word.replace("-", " ").replace("'", " ").split():
            if part in known:
                found.append(part)
    return found
