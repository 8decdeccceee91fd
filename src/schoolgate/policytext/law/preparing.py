"""Text as the rules expect it: straight quotes, plain dashes, single spaces, and words mended that a line end cut in two."""

import re
from dataclasses import dataclass
from itertools import accumulate

_SINGLE = dict.fromkeys(map(ord, "‘’‚‛′`´ʼ"), "'")
_DOUBLE = dict.fromkeys(map(ord, "“”„‟″«»"), '"')
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
_TABLE = {**_SINGLE, **_DOUBLE, **_DASHES, **_SPACES, 0x00AD: None, 0x200B: None}
_BROKEN = re.compile(r"(?<=[a-z])- (?=[a-z])(?!(?:and|or|to)\b)")


def prepare(text: str) -> str:
    """Text as the rules expect it: straight quotes, plain dashes, single spaces."""
    return " ".join(text.translate(_TABLE).split())


def shortened(prepared: str, longest: int = 120) -> str:
    """The first words of a prepared text, cut at a space, so that they can be shown in a line."""
    return prepared if len(prepared) <= longest else prepared[: prepared.rfind(" ", 0, longest)]


def bracketed(text: str, start: int, end: int) -> int:
    """Where a quotation ends when it takes in the bracket that closes the one inside it."""
    opened = text.count("(", start, end) > text.count(")", start, end)
    return end + 1 if opened and text[end : end + 1] == ")" else end


@dataclass(frozen=True, slots=True)
class Mended:
    """A prepared text whose words broken at a line end ("Protec- tion") are whole again, and where each letter stood before."""

    text: str
    original: str
    places: tuple[tuple[int, int], ...]

    def quote(self, start: int, end: int) -> str:
        """The words of the original text between two places of the mended one."""
        return self.original[self._before(start) : self._before(end)]

    def _before(self, place: int) -> int:
        return place + next((lost for where, lost in reversed(self.places) if place > where), 0)


def mend(prepared: str) -> Mended:
    """Join words that a hyphen and a space divide. "pre- and post-" keeps its hyphen."""
    cuts = [found.start() for found in _BROKEN.finditer(prepared)]
    if not cuts:
        return Mended(prepared, prepared, ())
    lost = list(accumulate(2 for _ in cuts))
    places = tuple((cut - gone + 2, gone) for cut, gone in zip(cuts, lost, strict=True))
    return Mended(_BROKEN.sub("", prepared), prepared, places)
