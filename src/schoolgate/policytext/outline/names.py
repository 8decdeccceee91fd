"""What a policy is called and whose it is, from its cover, its running lines and the way its text names the school."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.model import Aside
from schoolgate.policytext.outline.days import date_in, without_dates
from schoolgate.policytext.outline.evidence import about, pairs_in
from schoolgate.policytext.outline.roles import named

_TITLE = re.compile(
    r"\b(?:polic(?:y|ies)|procedures?|agreements?|code of conduct|statement|guidelines?|guidance|protocol|charter|contract|rules|"
    r"privacy notice|terms of reference|strategy|plan|arrangements|handbook|polisi)\b",
    re.IGNORECASE,
)
_GENERIC_TITLE = re.compile(
    r"^(?:(?:policy|mission|vision|general|introductory) statements?|statement of (?:intent|purpose)|(?:policy|related|linked|"
    r"other|legal|statutory) "
    r"(?:guidance|policies|procedures?|documents?|aims?|history|framework)|"
    r"(?:policy|policies) (?:and|&) procedures?|the policy|policy|policies|"
    r"procedures?|guidance|guidelines|"
    r"rationale|agreement|code of conduct for .*|version control.*|document control.*|(?:.* )?(?:version|change|control) (?:log|"
    r"history|record).*)$",
    re.IGNORECASE,
)
# A heading over what is said of the policy itself; never its name.
_ABOUT_IT = re.compile(
    r"^(?:(?:us|review|monitor)ing|about|(?:aims?|scope|purpose|review) of) (?:this|the|our) polic(?:y|ies)$", re.IGNORECASE
)
TITLE_LABEL = re.compile(
    r"^(?:policy title|title(?: of (?:the )?policy)?|name of (?:the )?policy|policy name|document title)$", re.IGNORECASE
)
_NEXT_LABEL = re.compile(r"\s(?=[A-Z][a-z]+:\s)")
_HALF = re.compile(r"(?:\b(?:and|&|of|the|for|to|in|on|with)|[-–—&/])$", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:section )?\d{1,2}[.):]*\s+(?=\D)", re.IGNORECASE)
_COVER = 16
_STATEMENT = 110
_KIND = re.compile(
    r"^(?:schools?|academy|academies|college|nursery|nurseries|pre-?schools?|playgroup|kindergarten|trust|federation|primary|"
    r"infants?|juniors?|"
    r"ysgol|bunscoil|gaelscoil|partnership)$",
    re.IGNORECASE,
)
_OF_SCHOOLS = re.compile(r" (?:of|for) (?:Schools|Academies|Nurseries|Learning)\b")
_WHOLE = re.compile(r"\b(?:school|academy|college|trust|federation|nursery|pre-?school|ysgol)$|^ysgol\b", re.IGNORECASE)
_PREFIXED = {"ysgol", "bunscoil", "gaelscoil"}
_JOINING = {"of", "and", "&", "the", "in", "on", "upon", "with", "for"}
_PLAIN = frozenset(
    [
        "school",
        "schools",
        "academy",
        "academies",
        "college",
        "nursery",
        "preschool",
        "pre-school",
        "playgroup",
        "trust",
        "federation",
        "primary",
        "secondary",
        "infant",
        "infants",
        "junior",
        "juniors",
        "high",
        "middle",
        "first",
        "special",
        "free",
        "grammar",
        "community",
        "foundation",
        "voluntary",
        "aided",
        "controlled",
        "independent",
        "maintained",
        "state",
        "local",
        "boarding",
        "church",
        "england",
        "catholic",
        "multi",
        "multi-academy",
        "learning",
        "education",
        "educational",
        "early",
        "years",
        "the",
        "our",
        "this",
        "that",
        "these",
        "all",
        "any",
        "each",
        "every",
        "at",
        "in",
        "on",
        "of",
        "for",
        "and",
        "by",
        "to",
        "from",
        "if",
        "when",
        "where",
        "while",
        "as",
        "is",
        "are",
        "a",
        "an",
        "no",
        "other",
        "both",
        "your",
        "my",
        "their",
        "its",
        "his",
        "her",
        "whole",
        "home",
        "national",
        "partner",
        "feeder",
        "new",
        "single",
        "board",
        "governing",
        "policy",
        "policies",
        "staff",
        "pupils",
        "pupil",
        "parents",
        "parent",
        "student",
        "students",
        "children",
        "child",
        "headteacher",
        "governors",
        "safeguarding",
        "online",
        "general",
        "sunday",
        "summer",
        "after-school",
        "breakfast",
        "club",
        "key",
        "stage",
        "form",
        "forms",
        "post-16",
        "sixth",
        "day",
        "welcome",
        "dear",
        "within",
        "mixed",
        "public",
        "private",
        "uk",
        "british",
        "english",
        "welsh",
        "scottish",
        "irish",
        "infants'",
        "department",
        "leadership",
        "improvement",
        "partnership",
        "ysgol",
        "bunscoil",
    ]
)
_ANOTHER = re.compile(
    r"©|\bcopyright\b|\ball rights reserved\b|\b(?:model|template) policy\b|\btemplate\b|\b(?:based (?:up)?on|adapted from|"
    r"produced by|developed by|"
    r"with thanks to|acknowledgements?\b)",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    r"^\s*(?:Ltd|Limited|plc|Council|Act\b|Regulations|Teachers|Standards|Information|Admissions|Governance|Forum|Association|"
    r"Board\b|Body\b|Committee\b)"
)
_COMPANY = re.compile(r"^\s*(?:Ltd|Limited|plc)\b")
_WORD = re.compile(r"[\w’'.&/-]*\w|&")
_AT = re.compile(r"\b(?:at|within|by|from|for|of)\s+(?P<name>[A-Z][\w’-]*(?:\s+[A-Z][\w’-]*){0,3})")


def title_of(blocks: Sequence[Block]) -> str | None:
    """The policy's name: one a label gives, else the line of the cover that sounds most like one, else the first heading that does."""
    cover = list(takewhile(lambda block: not _states(block), blocks[:_COVER]))
    for block in cover:
        pairs = [block.cells] if len(block.cells) == 2 else [tuple(block.text.split(":", 1))]
        labelled = next((pair[1].strip() for pair in pairs if len(pair) == 2 and TITLE_LABEL.match(pair[0].strip(" :"))), None)
        if labelled:
            return _NEXT_LABEL.split(labelled)[0]
    lines = [block for block in cover if block.kind in ("heading", "para") and not block.label and _names_something(block.text)]
    best = max(lines, key=lambda block: _likeness(block, lines), default=None)
    headings = _headings(blocks)
    if best is not None and (_TITLE.search(best.text) or best.kind == "heading"):
        fuller = (block for block in headings[:6] if _sounds(block.text) and best.text.lower() in block.text.lower())
        return _whole(best if _TITLE.search(best.text) else next(fuller, best), lines)
    numbered = [block for block in blocks if block.kind == "heading" and block.label == "1"][:1]
    named_one = next((block for block in (*headings[:8], *numbered) if _sounds(block.text)), None) or next(
        (block for block in headings[:1] if not _ABOUT_IT.match(block.text)), None
    )
    return _NUMBERED.sub("", named_one.text).strip() if named_one else None


def _headings(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if block.kind == "heading" and not block.label]


def _states(block: Block) -> bool:
    return block.kind in ("para", "item") and len(block.text) > _STATEMENT


def _names_something(text: str) -> bool:
    bare = without_dates(text).strip(" -–—:.")
    if not 3 <= len(bare) <= 120 or "@" in text or "http" in text or about(text) or pairs_in(text) or _ABOUT_IT.match(text):
        return False
    return not re.match(r"(?:contents|index|page \d)", bare, re.IGNORECASE) and not (date_in(text) and len(bare) < 6)


def _sounds(text: str) -> bool:
    bare = _NUMBERED.sub("", text).strip()
    general = _GENERIC_TITLE.match(bare) or _ABOUT_IT.match(bare)
    return bool(_TITLE.search(bare)) and not general and len(bare) <= 120 and not bare.endswith("?")


def _likeness(block: Block, lines: Sequence[Block]) -> tuple[float, int]:
    """How much a cover line looks like the title: its words, the size of its letters, its style, and how early it stands."""
    place = lines.index(block)
    largest = max(line.size for line in lines)
    words = 3 if _sounds(block.text) else 2 if _TITLE.search(block.text) and place else 0
    if words < 3 and place and _GENERIC_TITLE.match(block.text) and not _joins(lines[place - 1], block):
        words = 0
    big = 2 if largest and block.size >= largest - 0.5 else 0
    school = 2.5 if any(name == block.text.strip(" .") for name, _ in _schools(block.text)) else 0
    return words + big - school + (block.kind == "heading") + block.bold * 0.5 - (block.text.endswith(".")) * 3, -place


def _joins(above: Block, block: Block) -> bool:
    """Whether a line goes on with the title begun above it."""
    if above.page != block.page or (above.size and block.size and abs(above.size - block.size) > 0.5):
        return False
    alike = bool(above.size) and above.size == block.size and above.bold == block.bold
    lower = block.text[:1].islower() and not block.text[1:2].isupper()
    short = len(block.text.split()) == 1 and bool(_TITLE.search(block.text)) and not _TITLE.search(above.text)
    return bool(_HALF.search(above.text)) or lower or short or (alike and above.size >= 16 and not _schools(above.text))


def _whole(best: Block, lines: Sequence[Block]) -> str:
    """A title that stands on two or three lines, joined."""
    if best not in lines:
        return _NUMBERED.sub("", best.text).strip()
    first = last = lines.index(best)
    while first and last - first < 2 and _joins(lines[first - 1], lines[first]):
        first -= 1
    while last + 1 < len(lines) and last - first < 2 and _joins(lines[last], lines[last + 1]) and not about(lines[last + 1].text):
        last += 1
    return _NUMBERED.sub("", " ".join(line.text.strip() for line in lines[first : last + 1])).strip(" :")


def organisation_of(blocks: Sequence[Block], asides: Sequence[Aside], title: str | None) -> str | None:
    """The school or trust the policy belongs to: the one it names most and most prominently; never a council or a provider of models."""
    weights: Counter[str] = Counter()
    others: set[str] = set()
    for text, weight in _weighed(blocks, asides, title):
        others.update(_family(name) for name, _ in _schools(text, company=True))
        if _ANOTHER.search(text):
            others.update(_family(name) for name, _ in _schools(text))
            continue
        for name, at in _schools(text):
            weights[name] += weight + at
    common = _common_words(blocks)
    families: dict[str, list[str]] = defaultdict(list)
    for name in weights:
        if _family(name) not in others and (_family(name) not in common or weights[name] > 3):
            families[_family(name)].append(name)
    if not families:
        return _place(blocks)
    family = max(families.values(), key=lambda names: sum(weights[name] for name in names))
    if sum(weights[name] for name in family) < 2 and len(families) > 1:
        return _place(blocks)
    firm = [name for name in family if weights[name] >= 2 or " and " not in name] or family
    return max(firm, key=lambda name: (bool(_WHOLE.search(name)), not name.isupper(), len(name.split()), weights[name]))


def _common_words(blocks: Sequence[Block]) -> set[str]:
    """The words the document also writes small: "Protecting School Data" names no school."""
    return {word for block in blocks for word in re.findall(r"\b[a-z][a-z’'-]+\b", block.text)}


def _weighed(blocks: Sequence[Block], asides: Sequence[Aside], title: str | None) -> Iterator[tuple[str, int]]:
    yield title or "", 3
    for place, block in enumerate(blocks):
        yield "\n".join(block.cells) or block.text, 3 if place < _COVER and not _states(block) else 2 if block.kind == "heading" else 1
    for text in {aside.text for aside in asides if aside.kind in ("furniture", "cover", "signature")}:
        yield text, 2


def _family(name: str) -> str:
    return next(
        (word.lower() for word in name.split() if word.lower().strip(".") not in _PLAIN and word.lower() not in ("st", "st.")), name
    )


def _schools(text: str, *, company: bool = False) -> list[tuple[str, int]]:
    """The names of schools and trusts in a text, each with 1 more after "at" or "of"; or else of companies named like one."""
    words = list(_WORD.finditer(text))
    prose = text.rstrip().endswith(".")
    found: list[tuple[str, int]] = []
    used = -1
    for place, word in enumerate(words):
        if place <= used or not _KIND.match(word[0]) or not (word[0][0].isupper() or "-" in word[0]):
            continue
        if place and words[place - 1][0].lower() in _JOINING and word[0].lower() not in _PREFIXED:
            continue
        first, last = _reach(text, words, place)
        used = last
        if prose and not company and re.match(r" [A-Z]", text[words[last].end() :]):
            continue
        name = re.sub(r"\s+", " ", text[words[first].start() : words[last].end()])
        distinct = [
            part for part in name.split() if part[0].isupper() and part.lower().strip(".’'") not in _PLAIN and not _KIND.match(part)
        ]
        if (
            distinct
            and last - first < 9
            and bool((_COMPANY if company else _OUTSIDE).match(text[words[last].end() :])) == company
            and len(name) > 5
        ):
            found.append((name, int(bool(re.search(r"\b(?:at|of|for)(?: the)?\s*$", text[: words[first].start()])))))
    return found


def _reach(text: str, words: Sequence[re.Match[str]], place: int) -> tuple[int, int]:
    """The first and the last word of the name around a word such as "School"."""
    first = last = place
    while first and _touch(text, words[first - 1], words[first]):
        before = words[first - 1][0]
        over = before.lower() in _JOINING and first > 1 and words[first - 2][0][0].isupper() and before != "The"
        if not (over or (before[0].isupper() and before.lower() not in _JOINING)):
            break
        first -= 1
    while first < place and (words[first][0].lower() in _PLAIN - {"infant", "junior", "community"} or words[first][0].lower() in _JOINING):
        if words[first][0].lower() in {*_PREFIXED, "first"}:
            break
        first += 1
    welsh = words[place][0].lower() in _PREFIXED
    while last + 1 < len(words) and _touch(text, words[last], words[last + 1]):
        after = words[last + 1][0]
        if (
            not (_KIND.match(after) or (after in ("Academy", "Multi-Academy", "Multi", "Learning") and last + 2 < len(words)) or welsh)
            or not after[0].isupper()
        ):
            break
        last += 1
    if _OF_SCHOOLS.match(text[words[last].end() :]) and last + 2 < len(words):
        return first, last + 2
    while last > place and not _KIND.match(words[last][0]) and not welsh:
        last -= 1
    return first, last


def _touch(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    between = text[one.end() : other.start()]
    return between.strip(" ’'") in ("", "(", ")", ".") and "\n" not in between and not (between.startswith(".") and len(one[0]) > 3)


def _place(blocks: Sequence[Block]) -> str | None:
    """A body without a word such as "School" in its name: the proper name people are most often said to be "at"."""
    found: Counter[str] = Counter()
    text = " \n ".join(block.text for block in blocks)
    for hit in _AT.finditer(text):
        name = re.sub(r"[’']s$", "", hit["name"])
        if len(name.split()) > 1 and not named(name, subject=False) and not any(word.lower() in _PLAIN for word in name.split()):
            found[name] += 1
    if not found:
        return None
    best, times = found.most_common(1)[0]
    longest = max((name for name in found if name.startswith(best)), key=lambda name: (len(name) - len(best) < 2, len(name)))
    return longest if times > 2 and len(re.findall(rf"\b{re.escape(best)}", text)) >= 6 else None
