"""What a term may be."""

from collections.abc import Iterable
from datetime import date

from schoolgate.common import clock
from schoolgate.common.errors import BadInput

LONGEST_TERM = 200
"""Days from first to last: a term is never longer, a mistyped year is."""


def check_term(starts_on: date, ends_on: date, known: Iterable[tuple[str, date, date]]) -> None:
    """A term ends after it starts, is no year long, and runs into no other. ``known`` holds (name, first day, last day)."""
    if ends_on < starts_on:
        raise BadInput("The last day comes before the first. Check both dates.", "ends_on")
    if (ends_on - starts_on).days > LONGEST_TERM:
        raise BadInput("A term is never that long. Check the year of both dates.", "ends_on")
    for name, first, last in known:
        if starts_on <= last and first <= ends_on:
            raise BadInput(
                f"These days run into {name}, {first.day} {first:%B} to {clock.in_words(last)}. Change one of the two.", "starts_on"
            )
