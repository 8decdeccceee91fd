"""What a text must hold for a pattern to match in it: most patterns of a rule book need not be tried on most documents.

Looking for a few letters is a hundred times faster than looking for a pattern that heeds no case.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]  # the standard library's own reading of a pattern
from typing import Any

_LEAST = 3
"""Shorter runs of letters stand in almost any text."""

Choice = frozenset[str]
"""Runs of letters in lower case, one of which must stand in the text."""


@lru_cache(maxsize=1024)
def needed(pattern: re.Pattern[str]) -> tuple[Choice, ...]:
    """Choices that any text holds in which the pattern matches, the rarest first as far as length tells; none where nothing is known.

    The text is to be one that ``folded`` made.
    """
    found = {choice for choice in _in_row(_parser.parse(pattern.pattern, pattern.flags)) if _shortest(choice) >= _LEAST}
    return tuple(sorted(found, key=_shortest, reverse=True))


def folded(text: str) -> str:
    """A text as ``may_match`` takes it: each letter as the small plain one that a pattern heeding no case takes it for.

    Folding alone leaves the two i of Turkish as they are, and a pattern does not.
    """
    return text.replace("İ", "i").casefold().replace("ı", "i")


def may_match(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a pattern may match in a text that ``folded`` made; False only where it cannot."""
    return all(any(run in text for run in choice) for choice in needed(pattern))


def _in_row(row: Iterable[tuple[Any, Any]]) -> list[Choice]:
    """The choices of a row of parts that must all match."""
    choices: list[Choice] = []
    run = ""
    for what, told in row:
        if what is _constants.LITERAL:
            run += chr(told)
        else:
            choices += [*_run(run), *_in_part(what, told)]
            run = ""
    return [*choices, *_run(run)]


def _in_part(what: Any, told: Any) -> list[Choice]:
    """What one part of a pattern cannot match without."""
    if what is _constants.SUBPATTERN:
        return _in_row(told[3])
    if what in (_constants.MAX_REPEAT, _constants.MIN_REPEAT) and told[0] > 0:
        return _in_row(told[2])
    if what is _constants.BRANCH:
        best = [max(_in_row(way), key=_shortest, default=frozenset()) for way in told[1]]
        return [frozenset().union(*best)] if all(best) else []
    return []


def _run(letters: str) -> list[Choice]:
    return [frozenset({letters.casefold()})] if letters else []


def _shortest(choice: Choice) -> int:
    return min(map(len, choice), default=0)
