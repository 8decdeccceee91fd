"""Lead-ins: sentences that say nothing without the list below them, and what kind of block each one governs."""

import re

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.labels import depth
from schoolgate.policytext.outline.wording import DUTIES, LEAD_IN, force, sentences

_STOPPED = re.compile(r"[.!?;,][\"'’”)]*$")
_OPEN = re.compile(
    r"\b(?:a|an|the|of|to|for|with|by|on|in|at|as|from|about|into|via|through|using|under|between|that|which|who|whom|whose|"
    r"when|where|if|and|or|not|never|"
    r"is|are|was|be|been|being|has|have|had|do|does|must|should|shall|will|may|can|cannot|could|would|might|i|you|he|she|it|we|"
    r"they|them|their|this|these|"
    r"those|includes?|including|covers?|covering|contains?|comprises?|ensur(?:e|es|ing)|means?|need|needs|agree|agrees|"
    r"understand|recognise|consider|avoid|aims?|"
    r"expects?|expect|requires?|require|provides?|provide|particular|example|instance|e\.g|i\.e|either|both|namely|also|then|"
    r"only|always|how|what|why)\s*$",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\bfollow(?:s|ing)\b|\bbelow\b|\blisted\b|\bset out (?:here|in)\b|\b(?:these|several|some|various|many|a number of|two|"
    r"three|four|five|six|seven|eight) "
    r"(?:[\w-]+ ){0,3}(?:rules|ways|steps|points|reasons|principles|categories|items|things|areas|examples|procedures?|"
    r"guidelines|criteria|circumstances|conditions|"
    r"types|forms|stages|strategies|measures|actions|questions|duties|responsibilities|tasks|aims|objectives|outcomes|signs|"
    r"expectations|groups|people|activities)\b|"
    r"\b(?:many|several|different) (?:\w+ )?forms\b|\bsuch as\b",
    re.IGNORECASE,
)
_TURN = re.compile(r",?\s(?:and|including|such as)\b(?!.*\b(?:and|including|such as)\b)[^,;]*:\W*$", re.IGNORECASE)
_HANGS = re.compile(r"\b(?:of|to|for|with|by|on|in|at|from|about)$", re.IGNORECASE)
_THEY = re.compile(r"^(?:they|he|she|it|these|this)\b", re.IGNORECASE)
_SAYS_MUCH = 15
_LISTS = ("item", "side")


def opening(block: Block, following: Block | None) -> tuple[str, str]:
    """What a block states by itself, and the lead-in it opens for what follows; each may be empty.

    A lead-in that follows other sentences stays in their clause as well, and so do one that is a finished duty and announces nothing, and
    a bullet that leads into bullets no deeper than itself.
    """
    if following is None or following.kind == "heading":
        return block.text, ""
    listed = following.kind in _LISTS or bool(following.printed and not following.label)
    marked = bool(LEAD_IN.search(block.text))
    flat = block.kind == "item" and leads_flat(block, following)
    if block.kind == "item" and not (following.kind == "item" and (following.level > block.level or flat)):
        return block.text, ""
    if not marked and not (listed and block.kind in ("para", "item") and following.kind == "item"):
        return block.text, ""
    *stated, last = sentences(block.text)
    if not marked and not _runs_on(last, block, following):
        return block.text, ""
    whole = bool(stated) or says_much(last) or flat or _is_rule(last)
    return block.text if whole else "", last


def spelt_out(lead: str, text: str) -> str:
    """A lead-in as its list is read under it: "They will:" with the sentence before it, which says who."""
    before = sentences(text.removesuffix(lead)) if _THEY.match(lead) else []
    return f"{before[-1]} {lead}" if before else lead


def leads_flat(block: Block, following: Block) -> bool:
    """Whether a bullet leads into those after it though they stand no deeper: it ends in a colon, or breaks off and they begin small."""
    if following.kind != "item" or following.level != block.level:
        return False
    return block.text.endswith(":") or (bool(_HANGS.search(block.text)) and following.text[:1].islower())


def _runs_on(sentence: str, block: Block, following: Block) -> bool:
    """Whether a sentence without a colon still runs into the list below it: it is unfinished, or announces what follows."""
    bare = sentence.strip()
    if _STOPPED.search(bare):
        return False
    if block.kind == "item" and following.level <= block.level:
        return leads_flat(block, following)
    return bool(_OPEN.search(bare) or _POINTS.search(bare)) or following.text[:1].islower() or block.kind == "para"


def _is_rule(sentence: str) -> bool:
    """Whether a sentence without a colon is a duty that needs no list: "Lessons will only be filmed with the school's camera"."""
    bare = sentence.strip()
    return not (LEAD_IN.search(bare) or _OPEN.search(bare) or _POINTS.search(bare)) and force(bare) in DUTIES


def says_much(sentence: str) -> bool:
    """Whether a lead-in is a duty by itself before it turns to its list: "... must be safe, and is related to the following:"."""
    turn = _TURN.search(sentence)
    said = sentence[: turn.start()] if turn else ""
    return len(said.split()) >= _SAYS_MUCH and force(said) in DUTIES and not _POINTS.search(said)


def followers(following: Block | None) -> str:
    """What kind of block a lead-in governs: items, rows, numbered paragraphs, or the plain lines straight below."""
    if following is None or following.kind in ("item", "row", "side"):
        return following.kind if following else "item"
    return f"label:{depth(following.label)}" if following.label else "line"
