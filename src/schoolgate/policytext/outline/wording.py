"""What a statement asks and of whom, read from its own words, else from the lead-in or heading above it."""

import re
from collections.abc import Sequence
from functools import lru_cache

from schoolgate.policytext.outline.roles import named

_END = re.compile(r"(?<=[.!?])[\"'’”)]*\s+(?=[\"'‘“(]?[A-Z0-9])")
LEAD_IN = re.compile(r":\s*[-–—]?\s*$|\s[-–—]\s*$")
_SHORT = re.compile(r"(?<!['’\w])(?:e\.g|i\.e|etc|Mr|Mrs|Ms|Dr|St|No|para|pp?|vs|cf|ss?|Rev|inc|incl)\.$", re.IGNORECASE)

# Each force with the words that show it, strongest first. What only looks like one of them is struck out before (_STATED).
_FORCES = tuple(
    (name, re.compile("|".join(words), re.IGNORECASE))
    for name, words in (
        (
            "must_not",
            (
                r"\b(?:must|shall|will|can|may) (?:not|never)\b",
                r"\bcannot\b|\bcan['’]t\b|\bwon['’]t\b|\bmustn['’]t\b",
                r"\b(?:is|are) (?:not|never) (?:normally |usually |generally )?(?:permitted|allowed|acceptable|"
                r"considered acceptable|to (?!be limited))",
                r"\b(?:is|are) instructed not to\b|\bno (?:[\w’'/-]+ ){1,4}(?:is|are) (?:permitted|allowed)\b",
                r"\b(?:is|are) never (?:appropriate|right)\b|\bon no account\b|\bno (?:\w+ ){1,5}(?:is|are) to be\b",
                r"^no (?:[\w’'/-]+ ){1,5}(?:may|can|shall|must)\b|\b(?:agrees?|undertakes?|promises?) not to\b",
                r"\bwe (?:do not|don['’]t|never) (?!believe|think|know|expect|consider|want|wish|intend)",
                r"\b(?:is|are|considered|also not considered) (?:strictly )?(?:prohibited|forbidden|banned|unacceptable|"
                r"not acceptable)\b",
                r"\balso not considered acceptable\b|\bnot allowed\b|\b(?:do|does) not (?:allow|tolerate)\b|\bwill not tolerate\b|"
                r"\b(?:considers?|considered|deemed|regarded) [^.;]{0,60}\b(?:inappropriate|"
                r"unacceptable)\W*$|\bdoes not permit\b|\bduty not to\b|"
                r"\bat no time\b",
                r"\brhaid\b[^.]*\bbeidio\b|\bni (?:chaniateir|cheir|chewch)\b",
                r"\bunder no circumstances\b|\bno (?:\w+ ){0,5}(?:may|can|will|must|shall|should) be\b",
            ),
        ),
        (
            "must",
            (
                r"\bmust\b|\bshall\b|\bwill\b|\b(?:is|are|be) required to\b|\b(?:has|have) to\b|"
                r"(?<!the )(?<!no )\bneeds? to (?!be aware|remember|recognise|understand)|"
                r"\b(?:is|are) to be (?!found|seen|limited)\w+(?:ed|en|pt|nt|ld)\b",
                r"\b(?:is|are) instructed to\b",
                r"\b(?:has|have) (?:(?:a|the|full|overall|ultimate|shared|joint|lead|special) ){0,2}(?:\w+ ){0,2}?"
                r"(?:duty|responsibility)\b|"
                r"\bit is the (?:role|responsibility|duty) of\b|\b(?:is|are|be) responsible for\b|\bbound by\b",
                r"\bit is (?:essential|compulsory|mandatory|crucial|vital)\b|\b(?:may|can) only\b",
                r"\brequires? (?:that|all|parental|written|prior)\b|\bis committed to\b",
                r"\bonly (?:be|using|with)\b[^.;]{0,40}\b(?:consent|approval|permission)\b|\bI (?:agree|will|understand)\b",
                r"^responsibilit(?:y|ies) for\b|\brhaid\b",
            ),
        ),
        (
            "should_not",
            (
                r"\bshould(?:n['’]t| not| never| neither)\b|\bought not\b|\bnor should\b|\bneither should\b|\bdiscouraged\b",
                r"\b(?:requested|asked) (?:not to|to (?:refrain|avoid))\b|^no (?:[\w’'/-]+ ){1,5}should\b",
                r"\bit is (?:very )?important not to\b",
                r"\bwe (?:would |do |also )*(?:ask|request|urge)\b[^.;]{0,60}\b(?:not to|do not|are not|is not|refrain|avoid)\b",
                r"\badvised (?:against|to avoid|not to)\b|\bshould avoid\b|\b(?:recommend|advise)\b[^.;]{0,40}\b(?:do not|not to)\b",
            ),
        ),
        (
            "should",
            (
                r"\bshould\b|\bought to\b|\badvised\b|\badvise\b|\brecommend(?:s|ed|ations?)?\b|\bencouraged\b|\bexpected to\b",
                r"\b(?:is|are) (?:requested|asked|urged|invited) to\b|\bwe (?:would |do |also )*(?:ask|request|urge)\b|\badvisable\b",
                r"\badvice is to\b",
                r"(?<=[\w,;] )please (?!note|see|refer|contact|find|click|read|visit)[a-z]+",
                r"\bneeds? to be aware\b|\bgood practice\b|\bbest practice that\b|\breminded\b|\bcaution\b|"
                r"\bit is important (?:that|to)\b",
            ),
        ),
        ("may", (r"\bmay\b", r"\bpermits?\b", r"\b(?:is|are) (?:permitted|allowed|entitled|free) to\b", r"\bmight\b|\bcould\b")),
    )
)
_ORDER = [name for name, _ in _FORCES]
_BANS = frozenset(("must_not", "should_not"))
DUTIES = _BANS | {"must", "should"}
"""The forces of what somebody is to do or leave alone."""
# What follows is a list of kinds or examples: it asks for nothing.
_LISTS_KINDS = re.compile(r"\b(?:can|may|might|could)? ?includes?:|\bsuch as:|\bexamples?\b[^:]{0,40}:|\bsigns\b[^:]{0,60}:", re.IGNORECASE)
_STATED = re.compile(
    r"\b(?:may|can|will|could) not (?:be (?:possible|aware|illegal|known)|yet|necessarily|reflect)\b|\bcannot cover\b|"
    r"\b(?:this|it|there|these|which|and|that) will (?:avoid|raise|reflect|be (?:occasions|a\b)|lead|help)|\bas recommended\b|"
    r"\bwill (?:lead|reflect|flourish|be (?:misused|viewed as|worth))\b|\bshould have no expectation\b|\bcould be (?:held|construed)\b|"
    r"\bwill be (?:referred to|known|described|called) (?:collectively )?as\b|\bwhat is (?:and what is )?(?:not |un)acceptable\b|"
    r"\bwhat is acceptable and what is not\b|\b(?:will|are|is) not (?:be )?(?:expected|required|obliged) to\b|"
    r"\bwill not be taken lightly\b|"
    r"\b(?:may|might|can|could) (?:also |well |still |potentially |sometimes |often )*(?:"
    r"take (?:on )?(?:many|various|different|a number of)\b|"
    r"be (?:tempted|aware|familiar|necessary|vulnerable|affected|difficult|personal|at risk|other|some|many|a|an)\b|"
    r"(?:affect|lend|endanger|cause|occur|arise|happen|appear|seem|become|feel|understand|appreciate|need|mean|involve|differ|"
    r"vary|suffer|experience)\b)|\bthere may be\b|"
    r"\b(?:may|might) not (?:always |fully )?(?:understand|appreciate|know|realise|feel|think)\b|"
    r"\bcan(?: ?not|['’]t) be (?:held|blamed)\b|\b(?:shall|will) mean\b|"
    r"\b(?:how|what|which|whether) (?:[\w’'-]+ ){1,8}(?:will|should|must|may|can)(?: not)? be\b",
    re.IGNORECASE,
)
_MONTH = re.compile(r"\bMay(?= (?:19|20)\d\d\b)|(?<=\d )May\b|(?<=\d(?:st|nd|rd|th) )May\b")
_NEGATIVE = re.compile(
    r"^[\"'“‘]?(?:please )?(?:do not|don['’]t|never|not(?! (?:only|all|every|just)\b)|neither|avoid|ban|have no|"
    r"no (?!one\b|doubt|longer|matter))\b",
    re.IGNORECASE,
)
_IMPERATIVE = re.compile(
    r"^(?:please )?(?:always |only |regularly )?"
    r"(?:report|make|use(?! of)|obey|keep|tell|ask|comply|attend|receive|provide|monitor|check|record|store|create|control|take|know|"
    r"ensure|handle|be|consider|inform|follow|communicate|stay|remember|support|work|set|respect|treat|think|save|block|speak|seek|give|"
    r"maintain|review|read|respond|refer|adhere|act|abide|protect|safeguard|log|avoid|choose|show|help|wear|turn|switch|"
    r"implement|undertake|"
    r"[a-z]+ing (?!information\b))\b",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(
    r"^(?:do(?: not|n['’]t)s?|never|avoid|(?:unacceptable|inappropriate|prohibited|banned)\b.{0,40}|"
    r"not (?:allowed|permitted)|bad practice|unsafe):$",
    re.IGNORECASE,
)
_WANTED = re.compile(r"^(?:(?:please )?do(?:['’]?s)?|always|acceptable\b.{0,20}|good practice|safe):$", re.IGNORECASE)
_PROMISE = re.compile(r"^I (?!have\b|am\b|was\b|had\b|may\b|can\b)(?P<never>never |do not |don['’]t )?(?:always |only )?[a-z]+")
_LISTS_DUTIES = re.compile(r"responsib|\brole|\bdut(?:y|ies)\b|task|\brule|expect|step|action|measure|procedure", re.IGNORECASE)
_AIM = re.compile(r"\b(?:purpose|aims?|objectives?)\b", re.IGNORECASE)
_ACT = re.compile(
    r"^[\w\s,'()&-]{0,90}\bAct(?: \(?\d{4}\)?)?(?:,? and)?[;,.]?$|"
    r"^[\w\s,'()&-]{0,120}\b(?:Act|Acts|Regulations)\b[\w\s()&-]{0,50}\b\d{4}[;,.]?(?: and)?$"
)
_VERB = re.compile(
    r"\b(?:must|shall|should|will|may|can|cannot|could|ought|is|are|has|have|need|needs|accepts?|permits?|does|do|agree|"
    r"understand|believe|"
    r"recommend|support|requires?|recognises?|monitors?)\b",
    re.IGNORECASE,
)
_CHARGED = re.compile(r"\b(?:role|responsibility|duty) of (?P<who>(?:[\w’'/-]+ ){1,6})to\b", re.IGNORECASE)
_MODAL = re.compile(
    r"\b(?:must|shall|should|will|may|can|cannot|ought|need|needs|advised|encouraged|expected|required|responsible)\b", re.IGNORECASE
)


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph. A dot after "e.g." or a title does not end one."""
    parts: list[str] = []
    for piece in _END.split(text):
        if parts and _SHORT.search(parts[-1][-12:]):
            parts[-1] += " " + piece
        else:
            parts.append(piece)
    return [part.strip() for part in parts if part.strip()]


@lru_cache(maxsize=2048)
def force(sentence: str) -> str | None:
    """The force the words of one sentence show by themselves; None for a plain statement or a bare instruction."""
    cleared = _STATED.sub(" ", _MONTH.sub(" ", sentence))
    return next((name for name, pattern in _FORCES if pattern.search(cleared)), None)


def _led_by(above: Sequence[str]) -> str | None:
    """The force of the nearest lead-in that has one. A heading that names who acts ("Role of the Headteacher") asks as well."""
    for line in reversed(above):
        if _AIM.search(line):
            return "declares"
        if _FORBIDDEN.match(line):
            return "must_not"
        if _WANTED.match(line):
            return "must"
        found = force(line)
        if found:
            return found
        if _LISTS_KINDS.search(line) and not _LISTS_DUTIES.search(line):
            return "declares"
        if line.rstrip().endswith(" to:") or (_IMPERATIVE.match(line) and line.endswith(":")):
            return "must"
    return None


def modality(text: str, above: Sequence[str] = ()) -> str:
    """One of must, must_not, should, should_not, may, declares: the strongest thing the text says, else what stands above it says."""
    own = [found for found in map(force, sentences(text)) if found]
    if set(own) == {"may"} and _NEGATIVE.match(text):
        own = []  # "Do not do what might harm the school" bans; it allows nothing.
    led = _led_by([line for line in above if LEAD_IN.search(line)])
    if own and not (led and _goes_on(text, own, led)):
        return min(own, key=_ORDER.index)
    if _NEGATIVE.match(text):
        return "should_not" if led in ("should", "should_not") else "must_not"
    if _ACT.match(text):
        return "declares"
    promise = _PROMISE.match(text)
    if promise:
        return "must_not" if promise["never"] else "must"
    if led:
        return led
    return "must" if _IMPERATIVE.match(text) else "declares"


def _goes_on(text: str, own: Sequence[str], led: str) -> bool:
    """Whether what a list item says only goes on with its lead-in: "must not: use what may harm", "must: ask who should".

    A whole sentence that asks for something keeps its own force, whatever it stands under.
    """
    said, small = set(own), text[:1].islower()
    if led in _BANS:
        return said <= {"may"} or (small and led == "must_not" and said <= {"may", "should"})
    if led not in _ORDER:
        return said <= {"may"}
    fragment = small or bool(_IMPERATIVE.match(text))
    return fragment and not _BANS & said and all(_ORDER.index(found) > _ORDER.index(led) for found in own)


def actors(text: str, above: Sequence[str] = ()) -> tuple[str, ...]:
    """Who the text binds: those its sentences name as acting, else those the nearest lead-in or heading names. Never guessed."""
    fragment = text[:1].islower() or bool(_NEGATIVE.match(text)) or bool(_IMPERATIVE.match(text))
    from_above = next((found for found in map(_addressed, reversed(above)) if found), ())
    if fragment and from_above:
        return from_above
    found: dict[str, None] = {}
    for sentence in sentences(text):
        if _MODAL.search(sentence) or not found:
            found.update(dict.fromkeys(_acting(sentence)))
    return tuple(found) or from_above


def _addressed(line: str) -> tuple[str, ...]:
    """Whom a heading or lead-in is about: who acts in a lead-in ("Staff show pupils that they:"), and anyone a title names."""
    acting = named(line) if LEAD_IN.search(line) else ()
    return acting or named(line, subject=False)


def _acting(sentence: str) -> tuple[str, ...]:
    """Who acts in one sentence: charged with it, named before its verb, just after it ("should staff share"), or after "by"."""
    charged = _CHARGED.search(sentence)
    if charged:
        return named(charged["who"])
    verb = _VERB.search(sentence)
    if not verb:
        return ()
    found = named(sentence[: verb.start()])
    if found:
        return found
    asked = re.match(r"\s*(?:any |all |the )?[\w-]+(?: members?)?", sentence[verb.end() :])
    by = re.search(r"\bby (?P<who>(?:\w+ ){0,3}\w+)", sentence[verb.end() :])
    return (named(asked[0]) if asked and verb.start() > 0 else ()) or (named(by["who"], subject=False) if by else ())
