"""Which statements lay something down, and which are facts of the cover, background, aims, definitions or matters of another body."""

import re
from collections.abc import Sequence

from schoolgate.policytext.model import Clause

_WORD = re.compile(r"[A-Za-z][\w'’-]*")
_MODAL = re.compile(
    r"\b(?:must|shall|should|will|may not|cannot|required|responsib\w+|need to|needs to|have to|has to|expected to|encouraged|advised|"
    r"not (?:permitted|allowed|acceptable)|prohibited|do not|never|ensure)\b",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"^(?:(?:date|next|last|policy|original|review|version|approved|approval|adopted|ratified|author|owner|signed|agreed|issued|"
    r"updated|detail)"
    r"\b[\w\s/()]{0,30}:|(?:version )?\d+(?:\.\d+)+|(?:january|february|march|april|may|june|july|august|september|october|november|"
    r"december) \d{4}$"
    r"|https?://|www\.|this document has been (?:adopted|approved))",
    re.IGNORECASE,
)
_COVER = re.compile(
    r"^(?:audience|approved|approval|(?:other )?related policies|policy owner|owner|version(?: number)?|review(?: date)?|author|status|"
    r"date(?: of \w+)?|policy model)\s*:?$",
    re.IGNORECASE,
)
_LAW = re.compile(r"^[\w\s,'’()&-]{0,110}\b(?:Acts?|Regulations|Order|Code of Practice)\b[\w\s()&,-]{0,60}[.;]?$")
_AIMS = re.compile(
    r"\b(?:aims?|purposes?|objectives?) (?:of|to|are|is)\b|^(?:\d[\d.]*\s*)?(?:aims?|objectives?|purposes?|rationale)\s*:?$|"
    r"\baims? to:?$",
    re.I,
)
_SCOPE = re.compile(
    r"^(?:\W|\w{1,4}\.)*(?:(?:this|the) (?:\w+ ){0,4}(?:policy|document|guidance|section)\b(?: also)? "
    r"(?:applies|covers|sets? out|relates|outlines|defines|describes|takes account|aims|is intended|has been written|contained)"
    r"|(?:applies|relates) to\b|within this policy\b|references? to\b|it should be followed by any\b)",
    re.IGNORECASE,
)
_MEANS = re.compile(
    r"\b(?:can be|is|are) defined as\b|\bis a (?:broad |general )?term\b|\bincludes?,? but (?:is|are) not limited to\b|"
    r"\bare those made\b",
    re.I,
)
_WITHIN = re.compile(r"\b(?:within|outside) the (?:scope|purpose|remit) of this (?:policy|document)\W*$", re.IGNORECASE)
_COMPANIONS = re.compile(
    r"\bread (?:in conjunction|alongside|together)\b|\brelated (?:policies|documents|to this policy)\b|\bsupporting documents\b|"
    r"\bother (?:relevant )?policies\b|"
    r"\bfound (?:on|at) the following\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"^(?:we (?:believe|acknowledge|recogni[sz]e|celebrate|hope)|many (?:feel|parents|people)|the (?:internet|widespread)|thank you|"
    r"let us know|"
    r"in order to|if you would like|it is (?:hoped|likely|more likely|accepted))\b",
    re.IGNORECASE,
)
_BOARD = re.compile(
    r"\b(?:trustees?|trust(?:ee)? board|board of trustees|regional boards?|executive board|"
    r"(?:the )?trust(?:['’]s)? (?:will|has|must|shall)|central (?:team|staff) (?:will|has|have))\b",
    re.IGNORECASE,
)
_FEW = 3
"""A statement of fewer words lays nothing down by itself unless a lead-in above it does."""


def why_no_principle(clause: Clause, kind: str) -> str | None:
    """Why a statement asks nothing of a school, in plain words; None where it does ask, forbid or allow something.

    ``kind`` is that of the match ("informational" where the catalogue's nearest statements are background).
    """
    text, above = clause.text.strip(), _above(clause)
    if _is_fact(clause):
        return "a fact about the document"
    if _is_name(clause):
        return "names a law or a document"
    if _SCOPE.match(text) or _MEANS.search(text) or _MEANS.search(above) or _WITHIN.search(text):
        return "says what the document covers or what its words mean"
    if any(_AIMS.search(line) for line in clause.path[-2:]) and (above.endswith(":") or clause.modality == "declares"):
        return "an aim of the document, not a rule"
    if _of_the_board(clause):
        return "what the trust's own board does, nothing a school must say"
    if _background(clause, kind):
        return "background, not a rule"
    return None


def says_nothing(clause: Clause) -> bool:
    """Whether a statement is a fact of the cover or only names a law or a document: there is nothing in it for another text to meet."""
    return _is_fact(clause) or _is_name(clause)


def _above(clause: Clause) -> str:
    return clause.path[-1] if clause.path else ""


def _is_fact(clause: Clause) -> bool:
    return bool(_FACT.match(clause.text.strip()) or _COVER.match(_above(clause).strip()))


def _is_name(clause: Clause) -> bool:
    text, above = clause.text.strip(), _above(clause)
    return bool((_LAW.match(text) and not _MODAL.search(text)) or (_COMPANIONS.search(above) and above.endswith(":")))


def _background(clause: Clause, kind: str) -> bool:
    """A plain statement, or one that only explains, and no sign of a duty, a ban or a permission in its own words."""
    if clause.modality == "declares":
        few = len(_WORD.findall(clause.text)) < _FEW
        return few or kind == "informational" or bool(_PLAIN.match(clause.text))
    return kind == "informational" and not _MODAL.search(clause.text)


def _of_the_board(clause: Clause) -> bool:
    """Whether the trust's board is the one that acts, by the nearest lead-in that names who does."""
    own = [clause.text.split(".")[0][:80]] if clause.actors == ("trustees",) else []
    return any(_acts(line) for line in (*own, *_leads(clause.path)))


def _leads(path: Sequence[str]) -> list[str]:
    return [line for line in path[-1:] if line.rstrip().endswith(":")]


def _acts(line: str) -> bool:
    found = _BOARD.search(line)
    return found is not None and not line[: found.start()].strip(" -–\"'").lower().removesuffix("the").strip()
