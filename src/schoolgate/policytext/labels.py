"""Printed numbers and bullets at the start of a line, and the letters given to what has none."""

import re

BULLET = re.compile(r"^(?P<glyph>[·•●○▪▫■□☐☑☒◦‣∙⁃➢➤►▶❖✓✔*\uf0b7\uf0a7\uf0d8§¨]|[-–—](?=\s)|o(?=\s{2,}|\t| [A-Z]))\s*(?=\S)")
_DOTTED = re.compile(r"^(?P<printed>(?P<label>\d{1,2}(?:\.\d{1,3}){1,6}(?:\.?[a-z](?![a-z]))?)[.):]?)\s*(?=[^\d.%)\s])")
_APPENDED = re.compile(r"^(?P<printed>(?P<label>[A-Z]\d{0,2}(?:\.\d{1,2}){1,4})[.):]?)\s+(?=[A-Z‘“\"'])")
_WHOLE = re.compile(r"^(?P<printed>(?P<label>\d{1,2})[.):])\s*(?=[^\d.\s])")
_BARE = re.compile(r"^(?P<printed>(?P<label>\d{1,2}))\s+(?=[A-Z][A-Za-z’'&/, -]{2,60}$)")
_NAMED = re.compile(
    r"^(?P<printed>(?P<word>section|part|chapter|appendix|annex|schedule)\s+(?P<label>\d{1,2}|[A-Z]|[ivx]{1,4}\b)\b)\s*[.:–—-]?\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_DATED = re.compile(r"^\(?(?:[A-Z][a-z]{2,8}\.? )?(?:19|20)\d\d\)?$")
_LETTERED = re.compile(
    r"^(?P<printed>(?:\((?P<inner>[a-z]{1,2}|[ivx]{1,5}|\d{1,2})\)|(?P<plain>[a-z]|[ivx]{1,5})[.)]))(?:\s+(?=\S)|(?<=\))(?=[A-Z]))"
)

_COUNTED = re.compile(r"^(?P<label>\d{1,4}(?:\.\d{1,4}){0,8}(?:\.?[a-z]{1,4}|\.?\([a-z\d]{1,5}\)){0,4})[.):]*$")


def number_of(text: str) -> tuple[str, str, str] | None:
    """Split "6.2. Before opening" into its label "6.2", the number as printed "6.2." and the rest; None where no number stands."""
    for pattern in (_DOTTED, _WHOLE, _BARE, _APPENDED):
        found = pattern.match(text)
        if found and not _DATED.match(text[found.end() :].strip()):
            return found["label"], found["printed"], text[found.end() :]
    named = _NAMED.match(text)
    if named and len(text) <= 100 and not text.rstrip().endswith((".", ";", ",")):
        word = named["word"].lower()
        label = named["label"] if word in ("section", "part", "chapter") else f"{word.capitalize()} {named['label'].upper()}"
        return label, text[: named.start("rest")].strip(), named["rest"]
    return None


def letter_of(text: str) -> tuple[str, str] | None:
    """Split "(a) may be asked" into the letter as printed, "(a)", and the rest; None where no letter stands."""
    found = _LETTERED.match(text)
    return (found["printed"], text[found.end() :]) if found else None


def label_of(printed: str) -> str | None:
    """The label in a number that a list prints by itself: "1.1(a)" in "1.1(a).", "Appendix A" in "Appendix A:"; None in "(a)" or "IV."."""
    counted = _COUNTED.match(printed)
    if counted:
        return counted["label"].rstrip(".")
    number = number_of(f"{printed} X") if printed else None
    return number[0] if number else None


def titled(text: str) -> bool:
    """Whether a line reads like a heading where its look already says so: short, unnumbered, and not ended like a sentence."""
    return 0 < len(text) < 90 and not text.endswith((".", ";", ",", ":")) and not number_of(text)


def depth(label: str) -> int:
    """How deep a printed number is: 1 for "6", 2 for "6.2". An appendix counts as 1."""
    return label.count(".") + 1


def letters(index: int) -> str:
    """The letters for the index-th unnumbered statement, from 0: a ... z, aa, ab ..."""
    name = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, 26)
        name = chr(ord("a") + digit) + name
    return name
