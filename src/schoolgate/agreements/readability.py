"""How old a reader has to be to follow a text, by the Flesch-Kincaid grade. Pure.

Source: J. P. Kincaid, R. P. Fishburne, R. L. Rogers and B. S. Chissom, "Derivation of New Readability Formulas (Automated Readability
Index, Fog Count and Flesch Reading Ease Formula) for Navy Enlisted Personnel", Research Branch Report 8-75, 1975:
grade = 0.39 x words a sentence + 11.8 x syllables a word - 15.59. A grade is a year of American school, which begins at six for the first:
reading age = grade + 5. Syllables are counted by groups of vowels, which is right for most English words and never asks for a dictionary.
"""

import re

LEAST_WORDS = 30
"""Below this many words the formula says nothing."""

YOUNGEST = 5.0
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_END = re.compile(r"[.!?:;\n]+")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]e|[^aeiouydt]ed|[^aeiouy]es)$")


def syllables(word: str) -> int:
    """How many syllables an English word has, by its vowels; at least one."""
    bare = word.lower().replace("’", "'").partition("'")[0]
    count = len(_VOWELS.findall(bare))
    return max(1, count - bool(_SILENT.search(bare)))


def reading_age(text: str) -> float | None:
    """The reading age in years, to one decimal; None for a text too short to tell. Each line counts as a sentence of its own."""
    words = _WORD.findall(text)
    if len(words) < LEAST_WORDS:
        return None
    sentences = sum(1 for one in _END.split(text) if _WORD.search(one))
    grade = 0.39 * len(words) / sentences + 11.8 * sum(syllables(word) for word in words) / len(words) - 15.59
    return round(max(YOUNGEST, grade + 5), 1)
