"""The words of a reworded statement: which stayed, which went, which came, and whether only dates or names are among them."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from schoolgate.policytext.comparing.units import letters_of
from schoolgate.policytext.outline.roles import named

SAME, REMOVED, ADDED = "same", "removed", "added"
Pieces = tuple[tuple[str, str], ...]

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_TERMS = "autumn|spring|summer|winter|term|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_DATE_WORD = re.compile(
    rf"^(?:{_MONTHS}|{_TERMS}|(?:19|20)\d\d(?:[-–/](?:19|20)?\d\d)?|\d{{1,2}}[./-]\d{{1,2}}(?:[./-](?:\d\d){{1,2}})?)$", re.IGNORECASE
)
_DAY = re.compile(r"^\d{1,2}(?:st|nd|rd|th)?$", re.IGNORECASE)
_TITLE = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|rev|revd|sir|dame|cllr|professor|prof)$", re.IGNORECASE)
_OF_SCHOOLS = re.compile(r"^(?:school|academy|college|nursery|trust|primary|secondary|infants?|junior|st)$", re.IGNORECASE)
_LAW = re.compile(r"^(?:acts?|regulations?|order)$", re.IGNORECASE)
_CONTACT = re.compile(r"^\S+@\S+\.\S+$|^\+?[\d()-]{5,}$")
_NAME = re.compile(r"^[A-Z][\w'’-]*$|^[A-Z]\.?$")
_TRIM = ".,;:!?()[]\"'“”‘’"


def pieces_of(before: str, after: str) -> Pieces:
    """The two texts as one run of ("same" | "removed" | "added", words). Words that differ in case or punctuation alone are the same."""
    old, new = before.split(), after.split()
    matcher = SequenceMatcher(None, list(map(letters_of, old)), list(map(letters_of, new)), autojunk=False)
    pieces: list[tuple[str, str]] = []
    for change, i1, i2, j1, j2 in matcher.get_opcodes():
        if change == "equal" or letters_of("".join(old[i1:i2])) == letters_of("".join(new[j1:j2])):
            pieces.append((SAME, " ".join(new[j1:j2])))
            continue
        if i2 > i1:
            pieces.append((REMOVED, " ".join(old[i1:i2])))
        if j2 > j1:
            pieces.append((ADDED, " ".join(new[j1:j2])))
    return tuple((kind, words) for kind, words in pieces if words)


def only_dates_or_names(pieces: Pieces, ordinary: frozenset[str]) -> bool:
    """Whether all that went and came are dates, names of persons or schools, e-mail addresses or telephone numbers.

    ``ordinary`` holds the words that either text also writes in small letters: "Head" is then no name. Something must stand in for
    something: a date that only came, or only went, says more. The year of an Act is no mere date: the Acts of 1998 and 2018 are two laws.
    """
    last = ""
    for kind, words in pieces:
        if kind == SAME:
            last = words.split()[-1].strip(_TRIM)
        elif _LAW.match(last) or not (_is_date(words, last) or _is_name(words, last, ordinary)):
            return False
    return {kind for kind, _ in pieces} >= {REMOVED, ADDED}


def _is_date(words: str, last: str) -> bool:
    bare = [word.strip(_TRIM) for word in words.split()]
    dated = any(_DATE_WORD.match(word) for word in (*bare, last))
    return all(_DATE_WORD.match(word) or word in ("of", "") or (_DAY.match(word) and (dated or not word.isdigit())) for word in bare)


def _is_name(words: str, last: str, ordinary: frozenset[str]) -> bool:
    """A person with a title or two capital words, a school, an e-mail address or a telephone number."""
    bare = [word.strip(_TRIM) for word in words.split()]
    if all(_CONTACT.match(word) for word in bare):
        return True
    named = all(_TITLE.match(word) or _OF_SCHOOLS.match(word) or _proper(word, ordinary) for word in bare)
    return named and (len(bare) > 1 or bool(_TITLE.match(last)) or _proper(last, ordinary))


def _proper(word: str, ordinary: frozenset[str]) -> bool:
    return bool(_NAME.match(word)) and (len(word) == 1 or not word.isupper()) and word.casefold() not in ordinary and not named(word)


def ordinary_words(texts: Iterable[str]) -> frozenset[str]:
    """The words that some text writes in small letters."""
    return frozenset(word for text in texts for word in re.findall(r"(?<![\w'’])[a-z][a-z'’-]+", text))
