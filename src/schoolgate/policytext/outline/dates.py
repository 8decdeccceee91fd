"""Dates a policy states about itself: when it is due for review and how often, from words such as "every 3 years"."""

import calendar
import re
from datetime import date

from schoolgate.policytext.law.shelf import shelf
from schoolgate.policytext.model import Document


def first_day(stated: str) -> date:
    """The first day a stated date can mean: "2018-11" is 1 November 2018, "2018" is 1 January."""
    year, month, day = ([int(part) for part in stated.split("-")] + [1, 1])[:3]
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def last_day(stated: str) -> date:
    """The last day a stated date can mean: "2018-11" is 30 November 2018, "2018" is 31 December."""
    parts = [int(part) for part in stated.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(parts[2], last) if len(parts) > 2 else last)


def cycles(text: str) -> tuple[int, ...]:
    """The review cycles a prepared text prints, in months, in the order they stand there, each once."""
    patterns = shelf()["metadata_patterns"]
    found = [(hit.start(), int(hit["years"]) * 12) for hit in re.finditer(patterns["cycle_years"], text, re.IGNORECASE)]
    words = patterns["cycle_words"]
    found += [(hit.start(), words[hit["word"].lower()]) for hit in re.finditer(patterns["cycle_word_pattern"], text, re.IGNORECASE)]
    return tuple(dict.fromkeys(months for _, months in sorted(found)))


def after_months(day: date, months: int) -> date:
    """The same day some months later; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def review_due(document: Document, text: str) -> date | None:
    """The last day before the review is late: the stated review date, else approval and the longest printed cycle, else None."""
    if document.review_on:
        return last_day(document.review_on)
    printed = cycles(text)
    if document.approved_on and printed:
        return after_months(first_day(document.approved_on), max(printed))
    return None
