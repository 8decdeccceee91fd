"""What a statement asks and of whom, read from its own words."""

import re
from collections.abc import Sequence

_END = re.compile(r"(?<=[.!?])[\"'’”)]*\s+(?=[\"'‘“(]?[A-Z0-9])")
_SHORT = re.compile(r"\b(?:e\.g|i\.e|etc|Mr|Mrs|Ms|Dr|St|No|para|pp?|vs|cf|ss?|Rev|inc|incl)\.$", re.IGNORECASE)

_FORCE = (
    (
        "must_not",
        r"\b(?:must|shall|will|can|may|is|are) (?:not|never)\b|\bcannot\b|\bcan't\b|\bwon't\b|\bmust in no circumstances\b|"
        r"\bunder no circumstances\b|\bno (?:\w+ ){0,4}(?:may|can|will|must|shall|should) be\b|\b(?:prohibited|forbidden|banned|not permitted"
        r"|not allowed|not acceptable|unacceptable|not considered acceptable)\b|\bdoes not permit\b|\bneither\b[^.;]{0,60}\b(?:may|must|can)\b|"
        r"^(?:(?:do|should)? ?never|do not|don't|not)\b|\bdo not (?:make|post|share|use|place|publish|give|put)\b|\bnever [‘'\"]?\w+|"
        r"\bat no time\b",
    ),
    (
        "must",
        r"\bmust\b|\bshall\b|\bwill\b|\b(?:is|are|be) required to\b|\b(?:has|have) to\b|\bneeds? to\b|\b(?:has|have) (?:a|full) "
        r"(?:\w+ ){0,2}(?:duty|responsibility)\b|\b(?:is|are|be) responsible for\b|\b(?:it is )?(?:essential|compulsory|mandatory|crucial)\b|"
        r"\bmay only\b|\bcan only\b|\bonly (?:be|using|with)\b[^.;]{0,40}\b(?:consent|approval|permission)\b|\bI (?:agree|will|understand)\b|"
        r"\bare expected to\b|\brequires? (?:that|all)\b|\bensure\b|^(?:report|make|use|keep|tell|ask|comply|attend|receive|provide|monitor|"
        r"check|record|store|create|control|take|know)\b",
    ),
    (
        "should_not",
        r"\bshould(?:n't| not| never| neither)\b|\bought not\b|\bnor should\b|\badvised (?:against|to avoid|not to)\b|\bavoid\b|\bdiscouraged\b",
    ),
    (
        "should",
        r"\bshould\b|\bought to\b|\badvised\b|\badvise\b|\brecommend(?:ed|s)?\b|\bencouraged\b|\bexpected\b|\bbe (?:wary|careful|mindful|aware)\b|"
        r"\bremember\b|\bgood practice\b|\breminded\b|\bcaution\b",
    ),
    ("may", r"\bmay\b|\bcan\b|\bcould\b|\bpermits?\b|\b(?:is|are) (?:permitted|allowed|able|entitled|free)\b|\bmight\b"),
)
_FORCES = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _FORCE)
_NOT_FIRST = re.compile(r"\b(?:may|can|will|could|is|are) not (?:be (?:possible|aware)|only|yet|necessarily|reflect)\b", re.IGNORECASE)
_STATED = re.compile(
    r"\bwill (?:lead|reflect|be (?:recorded|viewed|considered|dealt|taken|resolved|treated|seen))\b|\bcan be (?:defined|found|misconstrued|powerful)\b|"
    r"\bcould (?:result|expose|be)\b",
    re.IGNORECASE,
)
_ACTORS = (
    ("headteacher", r"head ?teachers?|head teachers?|principals?|executive heads?|headmaster|headmistress"),
    ("leaders", r"SLT|SMT|(?:senior )?leadership team|(?:school|senior) leaders?|senior (?:management|staff|member of staff)|leadership"),
    ("dsl", r"DSLs?|designated (?:safeguarding|person|officer|teacher|member)[\w ]*"),
    ("governors", r"governors?|governing (?:body|bodies|board)|link governor"),
    ("trustees", r"trustees?|trust(?:ee)? board|board of trustees|executive|regional boards?|(?:trust'?s )?head of communications|the trust"),
    ("moderators", r"moderators?|administrators?|account (?:owner|holder)s?"),
    ("contractors", r"contractors?|contracted providers?|suppliers?|third part(?:y|ies)"),
    ("volunteers", r"volunteers?|helpers?|visitors?"),
    ("pupils", r"pupils?|students?|children|child|young (?:people|person)|learners?"),
    ("parents", r"parents?|carers?|famil(?:y|ies)|guardians?"),
    ("staff", r"staff|employees?|teachers?|school personnel|personnel|practitioners?|workers?|adults?|colleagues|trainees?|ICT technician|coordinator"),
    ("everyone", r"everyone|anyone|any person|all users|users?|all members of the (?:whole )?school community|school community|all adults|individuals?"),
    ("school", r"schools?|academ(?:y|ies)|we|college|nursery|setting|pre-?school"),
)
_ACTOR_WORDS = tuple((name, re.compile(rf"\b(?:{pattern})\b(?!['’]s? )", re.IGNORECASE)) for name, pattern in _ACTORS)
_VERB = re.compile(
    r"\b(?:must|shall|should|will|may|can|cannot|could|ought|is|are|has|have|need|needs|accepts?|permits?|does|do|agree|understand|believe|"
    r"recommend|support|requires?|recognises?|monitors?)\b",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph. A dot after "e.g." or a title does not end one."""
    parts: list[str] = []
    for piece in _END.split(text):
        if parts and _SHORT.search(parts[-1]):
            parts[-1] += " " + piece
        else:
            parts.append(piece)
    return [part.strip() for part in parts if part.strip()]


def _force(sentence: str) -> str | None:
    cleared = _STATED.sub(" ", _NOT_FIRST.sub(" ", sentence))
    return next((name for name, pattern in _FORCES if pattern.search(cleared)), None)


def modality(text: str, lead_in: str = "") -> str:
    """One of must, must_not, should, should_not, may, declares: the strongest thing the text says, else what its lead-in says."""
    own = [force for force in map(_force, sentences(text)) if force]
    led = _force(lead_in) if lead_in else None
    if led in ("must", "should") and re.match(r"(?:not|never|neither)\b", text, re.IGNORECASE):
        return f"{led}_not"
    if led in ("must_not", "should_not") and not own:
        return led
    if led == "should" and own and own[0] == "must":
        return "should"
    order = [name for name, _ in _FORCES]
    if own:
        return min(own, key=order.index)
    return led or "declares"


def _named(text: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in _ACTOR_WORDS if pattern.search(text))


def actors(text: str, above: Sequence[str] = ()) -> tuple[str, ...]:
    """Who the text binds: those named before its verb, else those the nearest lead-in or heading names. Never guessed."""
    for sentence in sentences(text):
        verb = _VERB.search(sentence)
        found = _named(sentence[: verb.start()]) if verb else ()
        if found:
            return _without_school(found)
    for line in reversed(above):
        found = _named(line)
        if found:
            return _without_school(found)
    return ()


def _without_school(found: tuple[str, ...]) -> tuple[str, ...]:
    """In "school staff" the school is a place, not the one who acts."""
    others = tuple(name for name in found if name != "school")
    return others or found
