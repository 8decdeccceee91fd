"""Words cut down to what they are about: stop words left out, endings taken off."""

import re
from functools import lru_cache

_WORD = re.compile(r"social[ -]+(?:media|network(?:ing|s)?)|[a-z][a-z'-]*[a-z]|[a-z]", re.IGNORECASE)
_PLAIN = str.maketrans({"’": "'", "‐": "-", "\u00a0": " ", "\n": " "})
STOP_WORDS = frozenset(
    re.split(
        r"\s",
        "a about above after all also am an and any are as at be because been before being below between both but by can cannot "
        "could did do does doing down during each either etc every few for from further had has have having he her here hers him "
        "his how however i if in into is it its itself just may me might more most must my neither never no nor not of off on "
        "once only or other others ought our out over own per s same shall she should so some such than that the their theirs "
        "them themselves then there these they this those through to too under until up upon us very was we were what when where "
        "whether which while who whom whose why will with within without would you your e.g eg ie i.e",
    )
)
_IRREGULAR = {
    "children": "pupil",
    "child": "pupil",
    "pupils": "pupil",
    "pupil": "pupil",
    "students": "pupil",
    "student": "pupil",
    "learner": "pupil",
    "learners": "pupil",
    "employee": "staff",
    "employees": "staff",
    "adults": "staff",
    "adult": "staff",
    "personnel": "staff",
    "carer": "parent",
    "carers": "parent",
    "parents": "parent",
    "photos": "photo",
    "photo": "photo",
    "photograph": "photo",
    "photographs": "photo",
    "image": "photo",
    "images": "photo",
    "picture": "photo",
    "pictures": "photo",
    "mobile": "phone",
    "mobiles": "phone",
    "phones": "phone",
    "telephone": "phone",
    "headteacher": "head",
    "headteachers": "head",
    "principal": "head",
    "governors": "governor",
    "governing": "governor",
    "email": "email",
    "e-mail": "email",
    "emails": "email",
    "e-mails": "email",
    "web": "web",
    "website": "web",
    "websites": "web",
    "site": "web",
    "sites": "web",
    "networking": "socialmedia",
    "bullying": "bully",
    "cyberbullying": "bully",
    "cyber-bullying": "bully",
    "passwords": "password",
    "log-ins": "password",
    "logins": "password",
    "login": "password",
    "reported": "report",
    "policies": "policy",
}
_ENDINGS = (
    "ations",
    "ation",
    "ements",
    "ement",
    "ments",
    "ment",
    "nesses",
    "ness",
    "ings",
    "ing",
    "ities",
    "ity",
    "ies",
    "ers",
    "ed",
    "es",
    "ly",
    "s",
)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without its ending, by a short list of endings; not a dictionary."""
    known = _IRREGULAR.get(word)
    if known:
        return known
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=1000)
def spoken_words(text: str) -> tuple[str, ...]:
    """Every word of a text in small letters, in order, "social media" and its like as one word."""
    return tuple(found[0].lower() for found in _WORD.finditer(text.translate(_PLAIN)))


@lru_cache(maxsize=1000)
def printed_words(text: str) -> tuple[tuple[str, str], ...]:
    """The words of a text that carry meaning, in order: each as printed, and its stem."""
    found = []
    for hit in _WORD.finditer(text.translate(_PLAIN)):
        bare = hit[0].removesuffix("'s").rstrip("'")
        word, printed = bare.lower(), text[hit.start() : hit.start() + len(bare)]
        if len(word) > 1 and word not in STOP_WORDS:
            found.append((printed, "socialmedia" if word.startswith(("social ", "social-")) else stem(word)))
    return tuple(found)


def content_words(text: str) -> list[str]:
    """The words of a text that carry meaning, stemmed, in order."""
    return [stemmed for _, stemmed in printed_words(text)]
