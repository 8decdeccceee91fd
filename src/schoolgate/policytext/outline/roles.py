"""The words schools use for the people a policy binds."""

import re
from functools import lru_cache

_WORDS = (
    ("headteacher", r"head ?teachers?|principals?|executive heads?|headmaster|headmistress"),
    ("leaders", r"SLT|SMT|(?:senior )?leadership team|(?:school|senior) leaders?|senior (?:management|staff|member of staff)"),
    ("dsl", r"DSLs?|designated (?:safeguarding|person|officer|teacher|member)(?: \w+){0,3}"),
    ("governors", r"governors?|governing (?:body|bodies|board)"),
    ("trustees", r"trustees?|trust(?:ee)? board|board of trustees|regional boards?|(?:trust['’]?s? )?head of communications|the trust"),
    ("moderators", r"moderators?|administrators?|account (?:owner|holder)s?"),
    ("contractors", r"contractors?|contracted providers?|suppliers?"),
    ("volunteers", r"volunteers?|helpers?|visitors?"),
    ("pupils", r"pupils?|students?|children|child|young (?:people|person)|learners?"),
    ("parents", r"parents?|carers?|guardians?"),
    (
        "staff",
        r"staff|employees?|teachers?|personnel|practitioners?|adults?|colleagues|trainees?|technicians?|"
        r"(?:teaching|classroom|learning support) assistants?|coordinators?",
    ),
    ("everyone", r"everyone|anyone|any person|users?|(?:wider |whole )?school community|individuals?|individual"),
)
_NAMES = tuple((name, re.compile(rf"\b(?:{words})\b(?!['’])", re.IGNORECASE)) for name, words in _WORDS)
# What is about people without naming who acts: "child protection", "pupil data", "safeguarding children".
_MATTER = re.compile(
    r"\b(?:child(?:ren)?|young people|pupil|student|learner|parent|staff|adult)(?:['’]?s?['’]?) "
    r"(?:protection|safety|premium|data|information|welfare|wellbeing|records?|images?|exploitation|abuse|rights|progress(?:ion)?|handbook|room)\b|"
    r"\bsafeguarding (?:of )?(?:children|pupils|young people)\b",
    re.IGNORECASE,
)
_PREPOSITIONS = {"of", "from", "with", "about", "to", "for", "between", "on", "against", "involving"}
_DONE_TO = {*("protecting", "safeguarding", "educating", "keeping", "encouraging", "enabling", "informing")}
_BESIDE = {
    *("the", "a", "an", "any", "all", "some", "these", "those", "every", "each", "other", "our", "their", "its", "his", "her"),
    *("former", "current", "indecent", "and", "or"),
}
_SCHOOL = re.compile(
    r"(?:^|\b(?:the|our|each|every|all|this|that)\s+)(?:schools?|academy|academies|college|nursery|setting|pre-?school)\s*$"
    r"|\bwe\s*$|\bschools\s*$",
    re.IGNORECASE,
)


@lru_cache(maxsize=2048)
def named(text: str, *, subject: bool = True) -> tuple[str, ...]:
    """The roles a text names. As a subject, those that stand after "of", "from", "with" and the like are left out: they are acted on."""
    found = []
    text = _MATTER.sub(lambda hit: "_" * len(hit[0]), text)
    for name, pattern in _NAMES:
        for hit in pattern.finditer(text):
            if not subject or not _acted_on(text[: hit.start()]):
                found.append(name)
                break
    if not found and _SCHOOL.search(text.strip()):
        found.append("school")
    return tuple(found)


def _acted_on(before: str) -> bool:
    """Whether the words just before a name make it an object: "pictures of the [pupils]", but not "a member of [staff]"."""
    words = re.split(r"[\s/,]+", before[-80:].lower())
    words = [word for word in words if word]
    joined = False
    for place in range(len(words) - 1, -1, -1):
        word = words[place]
        if word in _PREPOSITIONS:
            return not (word == "of" and place and words[place - 1] in ("member", "members"))
        if word in _DONE_TO:
            return True
        if word in _BESIDE:
            joined = joined or word in ("and", "or")
        elif joined:
            joined = False
        else:
            return False
    return False
