"""What a text is made of when texts are compared: stemmed words with their neighbours, pieces of words, and the senses of words."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from schoolgate.policytext.words import content_words, spoken_words

_PIECES = (3, 4, 5)


def word_counts(text: str) -> Counter[str]:
    """How often each stemmed word, and each pair of neighbouring ones, stands in a text."""
    words = content_words(text)
    return Counter((*words, *(f"{first} {second}" for first, second in pairwise(words))))


def piece_counts(text: str) -> Counter[str]:
    """How often each run of three to five letters stands in the words of a text; a space stands for where a word begins or ends."""
    found: Counter[str] = Counter()
    for word, times in _parts(text).items():
        for piece in _pieces(word):
            found[piece] += times
    return found


def sense_words(text: str, known: Mapping[str, int]) -> list[str]:
    """The words of a text that carry meaning and whose sense is known; a compound gives its parts where it is not known whole."""
    found = []
    for word in spoken_words(text):
        for part in (word,) if word in known else word.replace("-", " ").replace("'", " ").split():
            if part in known:
                found.append(part)
    return found


def _parts(text: str) -> Counter[str]:
    return Counter(part for word in spoken_words(text) for part in word.split())


@lru_cache(maxsize=20_000)
def _pieces(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(padded[start : start + size] for size in _PIECES for start in range(max(1, len(padded) - size + 1)))
