"""Sentences taken apart for comparison: who, whether it is allowed or forbidden, what about, and the limits it sets."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from schoolgate.policytext.law.preparing import prepare
from schoolgate.policytext.model import Clause
from schoolgate.policytext.outline.roles import named
from schoolgate.policytext.outline.wording import LEAD_IN, sentences
from schoolgate.policytext.words import content_words

_FORBIDS = re.compile(
    r"\b(?:must|may|should|shall|can|will|do|does|are|is) (?:not|never)\b|\bcannot\b|n't\b|\bnever\b|\b(?:is|are) (?:strictly )?"
    r"(?:forbidden|prohibited|banned|unacceptable)\b|\bnot (?:allowed|permitted)\b|\bno (?:\w+ ){1,3}(?:may|can|should|must|will)\b",
    re.IGNORECASE,
)
_ALLOWS = re.compile(
    r"\b(?:may|can)\b(?! (?:be|have|lead|result|cause|affect|help))|\b(?:is|are) (?:allowed|permitted|free|entitled|encouraged|welcome)\b|"
    r"\bmay be (?:used|taken|kept|worn|shared|posted|sent|brought|carried|made|given|put)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\b(?:must|should|shall|will|(?:is|are) (?:required|expected) to|(?:has|have) to)\b", re.IGNORECASE)
# A sentence with a condition tells an exception apart from its rule: the two can both hold.
_CONDITION = re.compile(
    r"\b(?:unless|except\w*|other than|apart from|only|if|where|when|whenever|without|provided|subject to|outside|however|during|until|"
    r"after|before|with the (?:\w+ ){0,4}(?:permission|agreement|approval|consent)|permission|permitted by|authoris\w+|approved|"
    r"emergenc\w+|"
    r"instead|otherwise|normally|usually|generally|exceptional\w*)\b",
    re.IGNORECASE,
)
# Words that ask, allow or forbid, or say nothing of what a sentence is about.
_EMPTY = frozenset(
    content_words(
        "must shall should may can cannot never will allowed permitted forbidden prohibited banned encouraged expected required "
        "free entitled welcome acceptable unacceptable need needs always please ensure make sure aim aims seek try school schools "
        "member members policy use uses used using strictly"
    )
)
_SAME = {
    **dict.fromkeys(("colleague", "practition"), "staff"),
    **dict.fromkeys(("handset", "smartphon"), "phone"),
    **dict.fromkeys(("lesson", "classroom"), "class"),
    **dict.fromkeys(("snap", "footage"), "photo"),
    **dict.fromkeys(("retain", "stored", "store", "hold", "held"), "keep"),
    **dict.fromkeys(("kept",), "keep"),
    **dict.fromkeys(("reply", "answer", "respond"), "respond"),
    **dict.fromkeys(("inform", "notify", "notifi", "tell", "told"), "report"),
    **dict.fromkeys(("destroy", "dispos", "eras"), "delet"),
    **dict.fromkeys(("publish", "upload", "share"), "post"),
    **dict.fromkeys(("log", "document"), "record"),
}
_SIGNER = re.compile(r"\b(?:I|I'll|I'm|my)\b")
_TEACHERS = re.compile(r"\bteachers?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a clause. ``force`` is forbids, allows, asks or states.

    ``about`` holds the words that carry what it is about, its lead-in's among them; ``own`` those of the sentence alone, ``under`` those of
    the heading above it. ``form`` is the path of a sentence a signer says ("I will ..."), which binds only who signs there; else empty.
    """

    ref: str
    order: int
    text: str
    force: str
    who: frozenset[str]
    about: frozenset[str]
    own: frozenset[str]
    under: frozenset[str]
    form: tuple[str, ...]
    conditional: bool


def statements(clauses: Sequence[Clause]) -> Iterator[Statement]:
    """The sentences of a document, each with who it binds. A bullet is read together with its lead-in."""
    order = 0
    for clause in clauses:
        lead = prepare(clause.path[-1]) if clause.path and LEAD_IN.search(clause.path[-1]) else ""
        for sentence in sentences(prepare(clause.text)):
            order += 1
            whole = f"{lead.rstrip(': -')} {sentence}" if lead else sentence
            if len(whole) <= 400:
                yield _statement(clause, order, sentence, whole)


def _statement(clause: Clause, order: int, sentence: str, whole: str) -> Statement:
    force = "forbids" if _FORBIDS.search(whole) else "allows" if _ALLOWS.search(whole) else "asks" if _ASKS.search(whole) else "states"
    who = frozenset(named(whole)) or frozenset(clause.actors)
    under = next((about(prepare(line)) for line in reversed(clause.path) if not LEAD_IN.search(line)), frozenset())
    form = clause.path if _SIGNER.search(whole) else ()
    return Statement(clause.ref, order, sentence, force, who, about(whole), about(sentence), under, form, bool(_CONDITION.search(whole)))


@lru_cache(maxsize=8192)
def about(text: str) -> frozenset[str]:
    """The words of a text that carry what it is about, as stems; words for the same thing are one word."""
    told = _TEACHERS.sub("staff", re.sub(r"\d+", " ", text))
    return frozenset(_SAME.get(word, word) for word in content_words(told) if word not in _EMPTY)
