"""How one document sets its lines: the space between them, where they end, how it divides words."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from schoolgate.policytext.readers.pdf.shapes import Flow, Line, Table

_LAST_WORD = re.compile(r"\w+$")
_FIRST_WORD = re.compile(r"\w+")
_WORDS = re.compile(r"\w+(?:-\w+)*")
_LONGEST_WORD = 40
_PREFIX = re.compile(
    r"^(?:e|anti|non|co|re|pre|self|cyber|multi|inter|cross|well|on|off|up|ex|mid|sub|semi|long|short|full|part|all|one|two|three|age|high|low)$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://|www\.|@", re.IGNORECASE)
_OPEN_ADDRESS = ("/", "_", "=", "&", "?", "%", "/-")
_USUAL_LEADING = 1.2
_DOUBTED = 0.12
_GUTTER = 8.0
_SAME_EDGE = 3.0
_FEWEST_RUN_ON = 2


@dataclass(slots=True)
class Habits:
    """``ratios`` is the distance of lines by size of letters; ``trusted`` that the file's own paragraphs can be believed."""

    ratios: dict[int, float] = field(default_factory=dict)
    usual: float = _USUAL_LEADING
    words: Counter[str] = field(default_factory=Counter)
    trusted: bool = False
    body: float = 0.0
    inner: dict[int, dict[int, float]] = field(default_factory=dict)

    def leading(self, size: float) -> float:
        """The usual distance between the lines of a paragraph set in letters of this size."""
        return self.ratios.get(round(size), self.usual) * size

    def narrow(self, flow: Flow | None, line: Line) -> float | None:
        """The right edge of a paragraph that is set narrower than its column, where the line stands in one."""
        return self.inner.get(id(flow), {}).get(id(line))


def habits_of(flows: Sequence[Flow]) -> Habits:
    """The habits of a document, from all its columns."""
    habits = Habits()
    steps: dict[int, list[float]] = defaultdict(list)
    sizes: Counter[float] = Counter()
    parted = doubted = 0
    for last, line, right in _neighbours(flows):
        wrapped = last.text[-1:].isalnum() and line.text[:1].islower() and right - last.right < line.first_word + line.size
        if wrapped and 0.8 * line.size < line.base - last.base < 3 * line.size:
            steps[round(line.size)].append((line.base - last.base) / line.size)
        if last.tag and line.tag and last.tag.paragraph != line.tag.paragraph:
            parted += 1
            doubted += wrapped
    for flow in flows:
        habits.inner[id(flow)] = _inner(flow)
        for part in flow.parts:
            lines = [part] if isinstance(part, Line) else part.lines()
            for line in lines:
                sizes[round(line.size * 2) / 2] += len(line.text)
                habits.words.update(word.lower() for word in _WORDS.findall(line.text))
    habits.ratios = {size: median(found) for size, found in steps.items() if len(found) >= 3}
    habits.usual = median(step for found in steps.values() for step in found) if steps else _USUAL_LEADING
    habits.body = sizes.most_common(1)[0][0] if sizes else 0.0
    habits.trusted = parted >= 3 and doubted <= _DOUBTED * parted
    return habits


def _neighbours(flows: Sequence[Flow]) -> Iterator[tuple[Line, Line, float]]:
    for flow in flows:
        for last, line in pairwise(flow.parts):
            if isinstance(last, Line) and isinstance(line, Line):
                yield last, line, flow.right


def _inner(flow: Flow) -> dict[int, float]:
    """Right edges of lines that are set narrower than their column: beside a box, or where lines of one left edge run on short of it."""
    found = _beside_boxes(flow)
    alike: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for part in flow.parts:
        if isinstance(part, Line):
            alike[round(part.left / _SAME_EDGE), round(part.size)].append(part)
    for lines in alike.values():
        run_on = sum(last.text[-1:].isalnum() and line.text[:1].islower() for last, line in pairwise(lines))
        right = max(line.right for line in lines)
        reach = sum(line.right > right - 0.15 * (right - line.left) for line in lines)
        if run_on >= _FEWEST_RUN_ON and reach >= 0.4 * len(lines) and right < flow.right - 2 * lines[0].size:
            found.update({id(line): right for line in lines if id(line) not in found})
    return found


def _beside_boxes(flow: Flow) -> dict[int, float]:
    boxes = [part for part in flow.parts if isinstance(part, Table)]
    lines = [part for part in flow.parts if isinstance(part, Line)]
    return {
        id(line): box.left - _GUTTER
        for box in boxes
        for line in lines
        if box.top < line.base < box.bottom + line.size and line.right <= box.left
    }


def glued(last: str, following: str, habits: Habits) -> tuple[str, str]:
    """Two lines as they are to be set one after the other: a word divided at the end of the first is made whole, a real hyphen stays."""
    token = last.rsplit(" ", 1)[-1]
    if _ADDRESS.search(token) and token.endswith(_OPEN_ADDRESS) and not _ADDRESS.match(following):
        return last, following
    bare = last.rstrip("-\u00ad")
    end = _LAST_WORD.search(bare[-_LONGEST_WORD:]) if len(bare) < len(last) else None
    start = _FIRST_WORD.match(following)
    if not end or not start:
        return last, f" {following}"
    if not following[0].islower() or "/" in token:
        return bare, f"-{following}"
    first, second = end[0], start[0]
    whole, hyphened = f"{first}{second}".lower(), f"{first}-{second}".lower()
    if habits.words[whole]:
        return bare, following
    apart = habits.words[first.lower()] and habits.words[second.lower()] > 1
    return bare, f"-{following}" if habits.words[hyphened] or _PREFIX.match(first) or apart else following
