"""A long paragraph without numbers, cut into runs of sentences that each state one rule."""

import re

from schoolgate.policytext.outline.wording import DUTIES, force, sentences

_SHORTEST = 120
_LEANING = re.compile(
    r"^(?:[\"'‘“(]|(?:this|these|those|it|such|he|she|their|its|his|her|that|both|otherwise|however|for (?:example|instance)|"
    r"e\.g|i\.e|in particular|"
    r"therefore|thus|as such|likewise|also|then|nor|neither|please|exceptions?|the only exception|failure to|examples?|"
    r"in (?:this|these|such|that|those|so) "
    r"|if (?:this|these|it|they|so|not|appropriate|necessary|possible|required|applicable|he|she|that|such|we do|you do)|"
    r"where (?:this|these|it|they|such|appropriate|possible|necessary|applicable)"
    r"|when (?:this|these|it|they)|on (?:this|these|such)|at this|by doing|to do (?:this|so)|doing so|and|or|but|again|"
    r"the (?:same|latter|former|above))\b)"
    r"|^(?:[\w’'-]+ ){1,5}(?:therefore|then|in turn|equally|only apply|do (?:this|so|it))\b",
    re.IGNORECASE,
)
_EXCEPTING = re.compile(r"\bif exceptional\b|\bunless (?:exceptional|otherwise)\b|\bexceptional circumstances apply\b", re.IGNORECASE)
_MORE = re.compile(
    r"^(?!this|these)(?:[\w’'-]+ ){1,5}(?:must|should|shall|will|may|can) also (?!need to consult|be (?:necessary|possible|required))",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"^(?:if|where|when|unless|whenever|once|should)\b[^.]{10,}, .*\b(?:must|should|shall|will|is to|are to)\b", re.IGNORECASE
)
_ALLOWED = re.compile(
    r"\b(?:may|can)(?: also| only)? (?:not )?(?!be (?:aware|more|less|able|possible|necessary|needed|required|used to|found|"
    r"seen|subject|viewed|difficult|at risk|"
    r"\w+ing|a |an |the )|need|have|find|feel|want|underestimate|remain|wish|render|choose|consider|be most|result|lead|cause|"
    r"become|help|affect|include|occur|arise|take place|happen|mean|make|appear|"
    r"seem|believe|think|know|come|contain|differ|vary|exceed|raise|damage|harm|involve|constitute|indicate|suggest|increase|"
    r"prevent|hinder|range|form|put|even)\w",
    re.IGNORECASE,
)
_FREE = re.compile(r"\bno requirement\b|\bneed not\b|\bnot (?:normally |usually |generally )?required\b", re.IGNORECASE)


def runs(text: str) -> list[str]:
    """The runs of a paragraph. What only explains, excepts or goes on with "this" or "also" stays with the rule before it."""
    parts = sentences(text)
    if len(parts) < 2 or len(text) < _SHORTEST:
        return [text]
    made: list[list[str]] = [[]]
    ruled = False
    for part in parts:
        rule = _rules(part) or bool(_CASE.match(part))
        if rule and (ruled or (made[-1] and _CASE.match(part))) and not _leans(part):
            made.append([])
        ruled = ruled or rule
        made[-1].append(part)
    return [" ".join(run) for run in made]


def _rules(sentence: str) -> bool:
    """Whether a sentence lays down a duty, a ban or a permission."""
    return force(sentence) in DUTIES or bool(_ALLOWED.search(sentence) or _FREE.search(sentence))


def _leans(sentence: str) -> bool:
    """Whether a sentence goes on with the rule before it."""
    if _MORE.match(sentence):
        return False
    return bool(_LEANING.match(sentence) or _EXCEPTING.search(sentence))
