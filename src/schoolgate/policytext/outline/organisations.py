"""Whose a policy is, from its cover, its running lines and the way its text names the school."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.model import Aside
from schoolgate.policytext.outline.roles import named

COVER = 16
"""So many blocks at the start may be the cover."""
_STATEMENT = 110
_KIND = re.compile(
    r"^(?:schools?|academy|academies|college|nursery|nurseries|pre-?schools?|playgroup|kindergarten|trust|federation|primary|"
    r"infants?|juniors?|"
    r"ysgol|bunscoil|gaelscoil|partnership)$",
    re.IGNORECASE,
)
_OF_SCHOOLS = re.compile(r" (?:of|for) (?:Schools|Academies|Nurseries|Learning)\b")
_OF_SEVERAL = re.compile(r"(?:Federation|Partnership) of [A-Z]")
_AND_MORE = re.compile(
    r" (?:&|and) (?:Nursery(?: School| Unit| Class)?|Pre-?[Ss]chool|Playgroup|Sixth Form|College)(?![\w’'&/-]|\.\w| [A-Za-z])"
)
_WHOLE = re.compile(r"\b(?:school|academy|college|trust|federation|nursery|pre-?school|ysgol)$|^ysgol\b", re.IGNORECASE)
_PREFIXED = {"ysgol", "bunscoil", "gaelscoil"}
_JOINING = {"of", "and", "&", "the", "in", "on", "upon", "with", "for"}
_PLAIN = frozenset(
    [
        "school", "schools", "academy", "academies", "college", "nursery", "preschool", "pre-school", "playgroup", "trust", "federation",
        "primary", "secondary", "infant", "infants", "junior", "juniors", "high", "middle", "first", "special", "free", "grammar",
        "community", "foundation", "voluntary", "aided", "controlled", "independent", "maintained", "state", "local", "boarding",
        "church", "england", "catholic", "multi", "multi-academy", "learning", "education", "educational", "early", "years", "the",
        "our", "this", "that", "these", "all", "any", "each", "every", "at", "in", "on", "of", "for", "and", "by", "to", "from", "if",
        "when", "where", "while", "as", "is", "are", "a", "an", "no", "other", "both", "your", "my", "their", "its", "his", "her",
        "whole", "home", "national", "partner", "feeder", "new", "single", "board", "governing", "policy", "policies", "staff", "pupils",
        "pupil", "parents", "parent", "student", "students", "children", "child", "headteacher", "governors", "safeguarding", "online",
        "general", "sunday", "summer", "after-school", "breakfast", "club", "key", "stage", "form", "forms", "post-16", "sixth", "day",
        "welcome", "dear", "within", "mixed", "public", "private", "uk", "british", "english", "welsh", "scottish", "irish", "infants'",
        "department", "leadership", "improvement", "partnership", "ysgol", "bunscoil",
    ]
)  # fmt: skip
_ANOTHER = re.compile(
    r"©|\bcopyright\b|\ball rights reserved\b|\b(?:model|template) policy\b|\btemplate\b|\b(?:based (?:up)?on|adapted from|"
    r"produced by|developed by|"
    r"with thanks to|acknowledgements?\b)",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"©|\bcopyright\b|\ball rights reserved\b", re.IGNORECASE)
_OUTSIDE = re.compile(
    r"^\s*(?:Ltd|Limited|plc|Council|Act\b|Regulations|Teachers|Standards|Information|Admissions|Governance|Forum|Association|"
    r"Board\b|Body\b|Committee\b)"
)
_SAID_OF = re.compile(r"\b(?:[Aa]t|of|for)(?: the)?\s*$")
_COMPANY = re.compile(r"^\s*(?:Ltd|Limited|plc)\b")
_WORD = re.compile(r"[\w’'.&/-]*\w|&")
# "Internet in Larch Primary School" is about the internet: what stands before "in" is no part of a name.
_MATTER = re.compile(
    r"^(?:internet|ict|technolog\w+|safety|media|phones?|devices?|images?|photo\w*|use|conduct|safeguarding|behaviour|"
    r"learning|bullying|cameras?|policy|protection|safe)$",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(?:at|within|by|from|for|of)\s+(?P<name>[A-Z][\w’-]*(?:\s+[A-Z][\w’-]*){0,3})")


def states(block: Block) -> bool:
    """Whether a block says something at length, as a cover does not."""
    return block.kind in ("para", "item") and len(block.text) > _STATEMENT


def organisation_of(blocks: Sequence[Block], asides: Sequence[Aside], title: str | None) -> str | None:
    """The school or trust the policy belongs to: the one it names most and most prominently; never a council or a provider of models."""
    weights: Counter[str] = Counter()
    others: set[str] = set()
    own = {block.text.strip(" .") for block in blocks[:COVER]}
    for text, weight in _weighed(blocks, asides, title):
        others.update(_family(name) for name, _ in schools_in(text, company=True))
        if _ANOTHER.search(text) and not (_RIGHTS.search(text) and any(name in own for name, _ in schools_in(text))):
            others.update(_family(name) for name, _ in schools_in(text))
            continue
        for name, at in schools_in(text):
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
        yield "\n".join(block.cells) or block.text, 3 if place < COVER and not states(block) else 2 if block.kind == "heading" else 1
    for text in {aside.text for aside in asides if aside.kind in ("furniture", "cover", "signature")}:
        yield text, 2


def _family(name: str) -> str:
    return next(
        (word.lower() for word in name.split() if word.lower().strip(".") not in _PLAIN and word.lower() not in ("st", "st.")), name
    )


def schools_in(text: str, *, company: bool = False) -> list[tuple[str, int]]:
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
            found.append((name, int(bool(_SAID_OF.search(text[: words[first].start()])))))
    return found


def _reach(text: str, words: Sequence[re.Match[str]], place: int) -> tuple[int, int]:
    """The first and the last word of the name around a word such as "School"."""
    return _first_of(text, words, place), _last_of(text, words, place)


def _first_of(text: str, words: Sequence[re.Match[str]], place: int) -> int:
    first = place
    while first and _touch(text, words[first - 1], words[first]) and _of_name(words, first - 1):
        first -= 1
    while first < place and (words[first][0].lower() in _PLAIN - {"infant", "junior", "community"} or words[first][0].lower() in _JOINING):
        if words[first][0].lower() in {*_PREFIXED, "first"} or _OF_SEVERAL.match(text, words[first].start()):
            break
        first += 1
    return first


def _of_name(words: Sequence[re.Match[str]], place: int) -> bool:
    """Whether a word before others of a name may belong to it: one with a capital, or one that joins it to a name before."""
    word = words[place][0]
    if word.lower() not in _JOINING:
        return word[0].isupper()
    joined = words[place - 1][0] if place else ""
    return joined[:1].isupper() and word != "The" and not _MATTER.match(joined)


def _last_of(text: str, words: Sequence[re.Match[str]], place: int) -> int:
    last = place
    welsh = words[place][0].lower() in _PREFIXED
    while last + 1 < len(words) and _touch(text, words[last], words[last + 1]):
        after = words[last + 1][0]
        if (
            not (_KIND.match(after) or (after in ("Academy", "Multi-Academy", "Multi", "Learning") and last + 2 < len(words)) or welsh)
            or not after[0].isupper()
        ):
            break
        last += 1
    joined = _AND_MORE.match(text, words[last].end())
    if joined:
        return last + len(_WORD.findall(joined[0]))
    if _OF_SCHOOLS.match(text[words[last].end() :]) and last + 2 < len(words):
        return last + 2
    while last > place and not _KIND.match(words[last][0]) and not welsh:
        last -= 1
    return last


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
