"""What a web page puts around a policy and people copy with it: menus, notices about cookies, links back to the top."""

import re

from schoolgate.policytext.outline.days import date_in
from schoolgate.policytext.outline.evidence import pairs_in

_MENU = re.compile(r"\s+(?:\||»|›|>|•|/)\s+")
_ON_EVERY_MENU = re.compile(r"(?:home|menu|search|news|about(?: us)?|contact(?: us)?)", re.IGNORECASE)
_FEWEST = 3
_LONGEST_ENTRY = 25
_FOOT = r"(?:(?:cookie|privacy) (?:policy|notice)|cookies|terms of use|terms (?:and|&) conditions|accessibility(?: statement)?|site ?map)"
_LINE = re.compile(
    r"(?:skip to (?:the )?(?:main )?(?:content|navigation)|(?:back|return|go) to (?:the )?top(?: of (?:the )?page)?|share this(?: page)?|"
    r"print this page|(?:main )?menu|home ?page|search(?: this site)?|accept(?: all)?(?: cookies)?|cookie settings|"
    r"close (?:this )?window|google (?:translate|search)|interactive bar|posted on(?: .{0,25}\d{4})?|posted by:?|"
    r"top of page|(?:you are on )?page \d+ ?(?:of|/) ?\d+|download as .{2,30}|you might also like|read more|"
    r"you may download.{0,40} this page|(?:school )?logo|message sent from:?|"
    rf"click here to (?:download|print|view|open|read) .{{2,60}}|{_FOOT}(?:[ |•]+{_FOOT})+|"
    r"manage cookies|sitemap|site map|log ?in|follow us(?: on [\w ,&]+)?|(?:©|copyright (?:©|\d{4})).{0,60}|all rights reserved\.?|"
    r"(?:website|site) (?:design(?:ed)? )?(?:by|powered by) .{2,40}|powered by .{2,40})",
    re.IGNORECASE,
)
# Only with the button beside it: a privacy notice says the same of itself.
_COOKIES = re.compile(
    r"(?:cookies ?[:–-]|(?:[\w-]+ ){1,3}uses cookies\b|we use (?:\w+ )?cookies (?:to|on|so|for)\b).{0,200}"
    r"\b(?:(?:accept(?: all)?|reject(?: all)?|decline|got it|ok|(?:find out|learn|read) more|settings)\W*|clos(?:e|ing) this message\b.*)",
    re.IGNORECASE,
)
# The words under a row of pictures: "Life at our school Life at our school Life at our school".
_SAME_AGAIN = re.compile(r"(?P<words>\S.{5,60}?\S)(?: (?P=words)){2,}(?: \S.{0,60})?")
_LONGEST = 600


def is_web_line(text: str) -> bool:
    """Whether a line of its own is part of the page and not of the policy on it."""
    if len(text) > 260:
        return len(text) <= _LONGEST and bool(_SAME_AGAIN.fullmatch(text))
    bare = text.strip(" \t↓↑→←")
    return any(shape.fullmatch(bare) for shape in (_LINE, _COOKIES, _SAME_AGAIN)) or _is_menu(text)


def _is_menu(text: str) -> bool:
    """Short entries in a row, such as "Home | About us | Policies"; a line of readers, or of dates and versions, is none."""
    entries = _MENU.split(text.strip())
    if len(entries) < _FEWEST or not any(map(_ON_EVERY_MENU.fullmatch, entries)) or date_in(text) or pairs_in(text):
        return False
    return all(1 < len(entry) <= _LONGEST_ENTRY and entry[0].isupper() and entry[-1].isalpha() for entry in entries)
