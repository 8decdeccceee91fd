"""What only points elsewhere: names of related papers, lists of links, "see below", and sentences that announce what follows."""

import re
from dataclasses import replace

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.model import Aside

_RELATED = re.compile(
    r"\b(?:related|linked|associated|other|relevant|supporting)\b.{0,30}\b(?:polic(?:y|ies)|documents?|procedures?|guidance)\b|"
    r"\bin conjunction with\b|"
    r"\b(?:further|useful|more|additional)\b.{0,20}\b(?:reading|information|links?|websites?|resources|guidance)\b|^links?\b|"
    r"\breferences$|\bbibliography\b|"
    r"\bresources\b|\bwebsites\b|\blinks with\b|\borganisations\b|\bread (?:alongside|with)\b",
    re.IGNORECASE,
)
_LINKS = re.compile(
    r"^(?:useful |helpful |external |other |appendix \w+\W+)*(?:links?\b(?! with)|web ?sites\b|further (?:reading|information|"
    r"resources|help|guidance)|(?:useful )?resources$|(?:useful |key )?contacts?(?: details)?$|"
    r"references$|bibliography|sources of (?:help|support|information)|organisations$)",
    re.IGNORECASE,
)
_POINTED = re.compile(r"\b(?:links?|websites?|resources|organisations|publications)\b", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:glossary|definitions?|appendix|annex|polic(?:y|ies)|agreement|legislation|legal|procedures?)\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:must|should|shall|will|may|can|cannot|is|are|was|were|has|have|do|does|need|needs|requires?|sets?|ensures?|applies|"
    r"provides?|gives?|covers?)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|www\.|\.(?:co|org|gov|ac)\.uk\b", re.IGNORECASE)
_SEE = re.compile(r"^\(?(?:please )?(?:see|refer to|cf\.?)\b[^.]{0,80}\.?\)?$|^\((?:please )?see\b.{0,300}\)\.?$", re.IGNORECASE)
_ANNOUNCES = re.compile(
    r"\b(?:(?:set out|outlined|listed|described|shown|given|detailed|explained|summarised|found) (?:\w+ )?(?:below|overleaf|"
    r"in the (?:sections?|table|links?|pages?) below)|"
    r"(?:the )?following (?:sections?|pages?|tables?|links?|paragraphs?|statements?|parts?|appendi\w+|agreements?)\b[^.]{0,120}|"
    r"as follows)\W*$",
    re.IGNORECASE,
)
_PLEA = re.compile(r"\b(?:please|would|contact|ask|speak)\b", re.IGNORECASE)
_A_FEW = 8
_DUTY = re.compile(r"\b(?:must|should|shall|cannot|may not|not)\b", re.IGNORECASE)


def without_pointers(blocks: list[Block], asides: list[Aside]) -> list[Block]:
    """The blocks that state something themselves. "See below" is joined to what it stands after; the rest goes to the asides."""
    kept: list[Block] = []
    above, led, linking = "", False, False
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if block.kind == "heading":
            above, led = block.text, False
            linking = bool(_LINKS.search(block.text)) or (linking and not _OTHER.search(block.text))
        elif block.kind == "para":
            led = block.text.rstrip().endswith((":", "-", "–"))
            above = block.text if led else above
            linking = linking and (
                len(block.text) <= 60
                or led
                or not _VERB.search(block.text)
                or bool(_RELATED.search(block.text) or _POINTED.search(block.text))
            )
        last = kept[-1] if kept else None
        bare = block.kind == "para" and not block.label
        if bare and _SEE.match(block.text) and last and last.kind in ("para", "item") and not last.text.endswith(":"):
            kept[-1] = replace(last, text=f"{last.text} {block.text}", places=last.places + block.places)
        elif (bare and (_names_a_paper(block, above) or _announces(block, following))) or (linking and not led and _entry(block)):
            asides.append(Aside("reference", block.text, block.page))
        else:
            kept.append(block)
    return kept


def _entry(block: Block) -> bool:
    """An entry in a list of links or further reading: a title or an address that states nothing."""
    return (
        block.kind in ("para", "item", "row")
        and not block.label
        and len(block.text) <= 200
        and not _VERB.search(_LINK.split(block.text)[0])
    )


def _names_a_paper(block: Block, above: str) -> bool:
    """A plain line that names a paper or an address, under a heading or lead-in that says such follow."""
    bare = _LINK.split(block.text)[0] if _LINK.search(block.text) else block.text
    sentence = block.text.endswith(".") and len(block.text.split()) > _A_FEW
    if len(block.text) > 260 or block.text.endswith(":") or sentence or _PLEA.search(bare):
        return False
    if ";" in block.text:
        return False
    linked = bool(_LINK.search(block.text))
    return bool(_RELATED.search(above)) and (linked or len(block.text) <= 110) and not _VERB.search(bare)


def _announces(block: Block, following: Block | None) -> bool:
    """One sentence that only says that sections, links or pages follow; not one that leads into a list."""
    text = block.text
    if following is None or following.kind in ("item", "row", "side", "header") or len(text) > 260 or re.search(r"[.!?]\s+[A-Z]", text):
        return False
    return bool(_ANNOUNCES.search(text)) and not _DUTY.search(text)
