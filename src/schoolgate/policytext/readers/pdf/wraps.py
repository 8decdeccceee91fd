"""How one document sets its lines: the space between them, where they end, how it divides words."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from schoolgate.policytext.readers.pdf.shapes import Flow, Line

_OPEN_WORD = re.compile(r"(\w+)[-\u00ad]+$")
_PREFIX = re.compile(
    r"^(?:e|anti|non|co|re|pre|self|cyber|multi|inter|cross|well|on|off|up|ex|mid|sub|semi|long|short|full|part|all|one|two|three|age|high|low)$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.|@)\S*$", re.IGNORECASE)
_ADDRESS_START = re.compile(r"https?://|www\.", re.IGNORECASE)
_OPEN_ADDRESS = ("/", "_", "=", "&", "?", "%", "/-")
_USUAL_LEADING = 1.2
_DOUBTED = 0.12


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
                habits.words.update(word.lower() for word in re.findall(r"\w+(?:-\w+)*", line.text))
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
    """Right edges of stretches of at least four lines that all end at nearly one place short of the column's edge."""
    found: dict[int, float] = {}
    run: list[Line] = []
    for part in [*flow.parts, None]:
        if isinstance(part, Line) and run and abs(part.left - run[-1].left) < 2 and part.base - run[-1].base < 1.8 * part.size:
            run.append(part)
            continue
        if len(run) >= 4:
            right = max(line.right for line in run)
            width = right - min(line.left for line in run)
            if sum(line.right > right - 0.15 * width for line in run) >= 0.6 * len(run):
                found.update({id(line): right for line in run})
        run = [part] if isinstance(part, Line) else []
    return found


def glued(text: str, line: Line, habits: Habits) -> str:
    """The text so far with the next line: a word divided at the end of the line is made whole, a real hyphen stays."""
    following = line.text
    address = _ADDRESS.search(text)
    if address and text.endswith(_OPEN_ADDRESS) and not _ADDRESS_START.match(following):
        return text + following
    end = _OPEN_WORD.search(text)
    start = re.match(r"\w+", following)
    if not end or not start:
        return f"{text} {following}"
    if not following[0].islower() or "/" in text.rsplit(" ", 1)[-1]:
        return f"{text[: end.end(1)]}-{following}"
    first, second = end[1], start[0]
    bare = text[: end.end(1)]
    whole, hyphened = f"{first}{second}".lower(), f"{first}-{second}".lower()
    if habits.words[whole]:
        return bare + following
    if habits.words[hyphened] or _PREFIX.match(first):
        return f"{bare}-{following}"
    apart = habits.words[first.lower()] and habits.words[second.lower()] > 1
    return f"{bare}-{following}" if apart else bare + following
