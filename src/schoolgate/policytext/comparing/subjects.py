"""What a statement is about: the people, things and acts of a school's life online, by whatever words a policy names them.

Two policies seldom use the same words for the same rule. Each subject gathers the ways policies have of naming one thing, so that
"accept as a friend" and "follow" meet in *contact*, and "log-in" and "password" in *passwords*.
"""

import re

_SUBJECTS = {
    # People.
    "pupils": r"pupils?|child(?:ren)?|students?|learners?|young (?:people|persons?)|minors?",
    "parents": r"parents?|carers?|guardians?|famil(?:y|ies)",
    "colleagues": (
        r"colleagues?|co-workers?|each other|one another|(?:other|another) (?:member of staff|staff|employees?)|school personnel on|"
        r"about .{0,30}(?:staff|personnel)"
    ),
    "governors": r"governors?|trustees?|governing|trust(?:ee)? board",
    "press": r"journalists?|press|reporters?|media (?:enquir|quer)\w+|newspapers?",
    "police": r"police|criminal|lado|designated officer|authorities|agenc(?:y|ies)",
    "safeguarding lead": r"dsl|designated (?:safeguarding|person|teacher)|child protection|safeguarding",
    "contractors": r"contract(?:or|ed)\w*|suppliers?|third part(?:y|ies)",
    # Accounts and places.
    "private accounts": (
        r"(?:personal|private|own)(?: \w+){0,2} (?:accounts?|sites?|pages?|profiles?|medium|media|network\w*|web-?spaces?|webspace|"
        r"web space|lives|life|capacity|communications?)|"
        r"web-?spaces?|web space|out of school|outside (?:of )?(?:work|school)|own time|their (?:pages?|profiles?)|profiles?|"
        r"blog\w*"
    ),
    "school accounts": (
        r"official|school[- ‐]sanctioned|sanctioned|on behalf of|"
        r"(?:school|academy|trust)(?:['’]s?)?(?: own| official)?(?: social(?: media| networking)?)? (?:accounts?|pages?|sites?|"
        r"website|channels?|platforms?|profiles?)|"
        r"for (?:work|professional) purposes|professional communications|channels?|hosted|moderat\w+|accounts? (?:creation|details)"
    ),
    "new account": (
        r"creat(?:e|es|ed|ing|ion)\b.{0,40}(?:sites?|accounts?|pages?|platforms?|media|webspace)|set(?:ting)? up|"
        r"new (?:social|sites?|accounts?)|business case|opening (?:an? )?accounts?"
    ),
    "purpose": (
        r"purposes? (?:for|of) (?:using|them|the)|aims? of|objectives?|audiences?|worthwhile|business case|outcomes?|"
        r"carefully consider|careful consideration|plan(?:ned)?"
    ),
    # Things.
    "pictures": r"photo\w*|images?|pictures?|videos?|film\w*|record(?:er|ers|ings?)\b|cameras?",
    "phones put away": (
        r"switched (?:on|off)|silent|put away|lockers?|bring (?:\w+ )?(?:phones?|mobiles)|"
        r"(?:in|into) (?:a|the) (?:secure place|classroom)|out of (?:view|sight)|away from the children"
    ),
    "phones": r"(?:mobile|personal|home)? ?(?:tele)?phones?|mobiles?|handsets?|telephone numbers?|text messag\w+",
    "e-mail": r"e-?mails?",
    "passwords": r"pass-?words?|log-?ins?|log-?ons?|usernames?|credentials",
    "privacy settings": (
        r"privacy|(?:security|account) settings|restrict (?:access|who)|['‘]?invite['’]? only|public listings|closed group|"
        r"allowed to view|who can (?:see|view)|open or (?:private|closed)"
    ),
    "personal details": (
        r"personal(?:ly)? (?:identif\w+ )?(?:information|details?|data)|"
        r"(?:home|personal) (?:contact|address|addresses|e-?mail|phone|mobile|and mobile)\w*|date of birth|contact details|"
        r"identity theft|addresses|location"
    ),
    "confidences": (
        r"confiden\w+|(?:business|commercially|politically|publicly)[- ]sensitive|sensitive (?:information|data)|divulg\w+|"
        r"disclos\w+|secrets?"
    ),
    "logo": r"logos?|brand\w*|badges?|crests?|uniforms?|(?:school|academy|trust)['’]s (?:or \S+ )?name|name of the (?:school|trust)",
    "employer named": (
        r"identif(?:y|ies|ied) (?:themsel\w+|either|your)|occupation|job (?:title|role)|employees? of|place of work|"
        r"where (?:they|you) work|nam(?:e|ing) the school|(?:reference|refer) to (?:the school|any|specific)|associates? itself|"
        r"communicating on behalf|disclaimers?|who they are|appear as if|profession|fields in the user profile|"
        r"members? of (?:the )?\w+(?: \w+)? (?:trust|academy|school)"
    ),
    "reputation": (
        r"reputations?|disrepute|good name|reflects? (?:well|negatively|badly|on)|brand and image|school['’]s image|"
        r"professional standing|professionalism|jeopardis\w+|undermine"
    ),
    "abuse": (
        r"derogat\w+|defam\w+|offen[sc]\w+|abus\w+|insult\w*|rude\w*|threat(?:en)?\w*|harass\w*|discriminat\w+|libel\w*|attack\w*|"
        r"disrespect\w*|hatred|hate|unacceptable|inappropriate (?:comments?|remarks?|postings?)|allegations"
    ),
    "courtesy": r"respect(?:ful(?:ly)?|ing)?|courte\w+|polite\w*|(?:solely|be|with) professional(?:ism)?|sensitivity|tone|ethos|values",
    "mentions": (
        r"mentions?|public postings|postings? about|(?:comments?|posts?)(?: or \w+)? (?:\w+ )?(?:about|that refer to|related to)|"
        r"made about (?:them|staff)"
    ),
    "targets": r"subject(?:ed)? to|victims?|target\w*|bullied|made about them|protect themselves",
    "comments": r"comments?|posts?|postings?|posted|posters?|remarks?|repl(?:y|ies)|quer(?:y|ies)|messages?",
    "encyclopaedia": r"encyclop\w+|wiki\w*",
    "complaints": r"complain\w*|grievances?",
    "opinions": r"opinions?|views(?: as)?\b|viewpoints?|political\w*|religious",
    "politics": r"politic\w+|religious|religion|party",
    "copyright": r"copyright\w*|plagiar\w+|intellectual property|citing|referencing|rights for|acknowledge the source",
    "links": r"(?:links? to|external (?:sites?|links?)|hyperlinks?)",
    "terms of use": r"terms of use|house rules|conditions of use|group rules",
    "age limit": r"under (?:the )?(?:age of )?(?:13|thirteen)|age (?:restrictions?|limits?|requirements?)|minimum age|13\+",
    "illegal pictures": (
        r"indecent|sexual\w*|porn\w*|adult (?:or inappropriate|material|of)|"
        r"(?:illegal|inappropriate|unsuitable)(?: or \w+)? (?:images?|material|content)|child abuse|grooming"
    ),
    "bullying": r"(?:cyber-?)?bull(?:y|ied|ies|ying)",
    "evidence": r"screen ?-?(?:prints?|shots?)|keep (?:records?|copies)|evidence|urls?\b|(?:record|note) the (?:time|date|url)",
    "software": r"download\w*|software|programs?|install\w*|games?|licen[cs]\w+",
    "chat": r"chat-?rooms?|public chat|instant messag\w+|messaging",
    "visits": r"(?:school|educational) (?:visits?|trips?)|trips?|outings?|residentials?",
    "school events": r"school (?:events?|activit(?:y|ies)|related)|performances?|assembl(?:y|ies)",
    "equipment": (
        r"equipment|devices?|computers?|laptops?|ipads?|tablets?|ict|it systems?|school property|"
        r"(?:school|internal) (?:network|systems?)"
    ),
    "filtering": r"filter\w*|firewall|blocked|access (?:has been )?denied|key ?word search",
    "use at work": (
        r"(?:school|working|work|teaching) (?:day|hours|time)|contact time|(?:while|whilst) at work|during (?:lessons|school)|"
        r"personal use|private use|access(?: to)? (?:\w+ )?social|excessive"
    ),
    "removable media": r"(?:memory|usb) (?:sticks?|drives?)|removable media|cloud|portable (?:drives?|storage)|encrypt\w*|back-?ups?",
    "data protection": (
        r"data (?:protection|breach(?:es)?|subjects?|controllers?)|gdpr|information commissioner|privacy notices?|subject access"
    ),
    "retention": r"retention|kept (?:no longer|for)|retained|dispos\w+|destroyed|shredded",
    "remote teaching": r"(?:remote|online|live)[- ](?:learning|teaching|lessons?)|live-?stream\w*|video ?conferenc\w*|webcams?",
    "extremism": r"extremis\w+|radicali[sz]\w+|terroris\w+|prevent duty",
    "nudes": r"sexting|nudes?|semi-nudes?|youth produced|upskirt\w*",
    "watches": r"smart ?-?watch(?:es)?|wearables?",
    "tagging": r"tag(?:s|ged|ging)?|geo-?tag\w*|hashtags?|check(?:ing)?[- ]in",
    "advertising": r"advert\w*|endors\w+|promot(?:e|ing|ion) (?:of )?(?:products?|businesses|services)|sponsor\w*",
    "wi-fi": r"wi-?fi|wireless|internet connection|mobile data",
    "generated content": r"artificial intelligence|\bai\b|chatbots?|deep-?fakes?",
    "two-step sign-in": r"two[- ](?:step|factor)|multi-?factor|2fa|mfa",
    "help for parents": r"workshops?|parents['’]? evenings?|newsletters?",
    # Acts.
    "contact": (
        r"friend\w*|follow(?:ers?|ing)?(?! (?:the|this|their|these|guid|polic|rule))|"
        r"(?<!into )(?<!in )contact(?!ing)(?! (?:details|time|with (?:children|pupils)|number))\w*|communicat\w+|engage with|"
        r"messag\w+|correspond\w*|social contact|befriend\w*|subscribers?"
    ),
    "watching": (
        r"monitor\w*|maintain(?:ed|ing)? (?:a|and|the|it)|maintained|check(?:ed|s|ing)? regularly|refreshed|neglect\w*|supervis\w+|"
        r"managing content"
    ),
    "taking down": r"remov\w+|delet\w+|tak(?:e|en|ing) down|block\w*|hid(?:e|den)",
    "reporting": r"report(?:ed|s|ing)?|inform(?:ed|s)?|notif\w+|refer(?:red)?|alert\w*|made? .{0,20}known|acknowledged with",
    "consent": r"permission\w*|consent\w*|parental|ask(?:s|ed)? not to be",
    "approval": r"approv\w+|authoris\w+|agreed with|prior\b|sanctioned",
    "advice": r"advice|(?:seek|provide|offer) (?:guidance|advice)|always advise",
    "departures": r"contravene|justification|cannot cover|professional judgements?|eventualities|exceptions? to",
    "breaches": r"disciplin\w+|dismiss\w*|sanctions?|formal action|breach\w*|failure to|consequences?",
    "training": r"train(?:ing|ed)?|induction|inset|briefings?|webinars?",
    "teaching": r"taught|teach(?:es|ing)?|educat\w+|curriculum|lessons?|literacy|objectives for internet",
    "review": r"review(?:ed|s|ing)?|biennial\w*|updated? (?:annually|regularly)",
    "surveys": r"surveys?|questionnaires?",
    "policy kept": (
        r"acceptable use|"
        r"(?:comply|complies|adhere|abide|follow|accordance|line) (?:with|to|by|the|all|this)\b.{0,40}(?:polic(?:y|ies)|principles|"
        r"rules|document|guidance)|"
        r"apply the principles|read and understood|sign(?:ed)?\b"
    ),
    "separate lives": r"separate|conflicts?|objectivity|personal and professional|professional and personal",
    "boundaries": r"boundar(?:y|ies)|misinterpret\w*|misconstrued|motives|motivation|conduct",
    "joining": r"(?:when|on) (?:they )?join\w*|new staff|new to the|induction",
    "personal gain": r"personal gain|advantage",
    "support": r"support(?:s|ed|ing)? (?:all|of|staff)|counsel\w*|trade unions?|professional association",
    "law": r"legislation|\bacts?\b \d{4}|lawful\w*|legal\w*|laws?\b",
    "equality": r"equalit(?:y|ies)|equal opportunit\w+|prejudice|racis\w+|discrimination",
    "accuracy": r"accura\w+|facts?\b|verif\w+|up to date|typos|true",
    "wider public": r"public|wider (?:school )?community|members of the community|neighbours",
}
DISTINCT = frozenset(
    (
        *("press", "new account", "pictures", "phones put away", "phones", "e-mail", "passwords", "confidences", "logo"),
        *("employer named", "reputation", "encyclopaedia", "complaints", "politics", "copyright", "links", "terms of use", "age limit"),
        *("illegal pictures", "bullying", "evidence", "software", "chat", "visits", "filtering", "taking down", "departures", "training"),
        *(
            "surveys",
            "removable media",
            "retention",
            "remote teaching",
            "extremism",
            "nudes",
            "watches",
            "tagging",
            "advertising",
            "wi-fi",
            "separate lives",
            "joining",
            "personal gain",
            "equality",
        ),
    )
)
"""Subjects that mark a rule: two statements that share none of theirs are seldom about the same thing. People and common acts are none."""

PRIVATE, OFFICIAL = "private accounts", "school accounts"

_PATTERNS = tuple((name, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for name, words in _SUBJECTS.items())


def subjects_of(text: str) -> dict[str, int]:
    """Each subject a text speaks of, with how many times it names it."""
    found = ((name, len(pattern.findall(text))) for name, pattern in _PATTERNS)
    return {name: times for name, times in found if times}
