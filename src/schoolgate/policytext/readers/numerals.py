"""A number in one of the looks a word processor prints: figures, letters, Roman numerals, or English words."""

_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ODD_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_MOST_ROMAN = 3_999
_MOST_LETTERS = 26 * 30


def shown(value: int, look: str) -> str:
    """A number in one of Word's looks. A number no list reaches, or a look we do not know, is shown in figures."""
    if look in ("bullet", "none"):
        return ""
    if look in ("lowerLetter", "upperLetter"):
        return _cased(_letters(value), look)
    if look in ("lowerRoman", "upperRoman"):
        return _cased(_roman(value), look)
    if look == "ordinal":
        return f"{value}{_ending(value)}"
    if look in ("cardinalText", "ordinalText"):
        words = _words(value) if look == "cardinalText" else _ordinal(value)
        return words[:1].upper() + words[1:]
    if look == "numberInDash":
        return f"- {value} -"
    width = look.count("0") + 1 if look.startswith("0") else 2 if look == "decimalZero" else 1
    return f"{value:0{width}}"


def told(printed: str) -> str:
    """A printed number, or nothing where it is only punctuation."""
    return printed if any(letter.isalnum() for letter in printed) else ""


def _cased(made: str, look: str) -> str:
    return made.upper() if look.startswith("upper") else made


def _letters(value: int) -> str:
    if not 0 < value <= _MOST_LETTERS:
        return str(value) if value else ""
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)


def _roman(value: int) -> str:
    if not 0 < value <= _MOST_ROMAN:
        return str(value) if value else ""
    made = ""
    for size, mark in _ROMAN:
        while value >= size:
            made += mark
            value -= size
    return made


def _ending(value: int) -> str:
    if value % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")


def _words(value: int) -> str:
    if not 0 <= value < 1000:
        return str(value)
    if value < 20:
        return _SMALL[value]
    if value < 100:
        return _TENS[value // 10 - 2] + (f"-{_SMALL[value % 10]}" if value % 10 else "")
    rest = f" {_words(value % 100)}" if value % 100 else ""
    return f"{_SMALL[value // 100]} hundred{rest}"


def _ordinal(value: int) -> str:
    head, last = _words(value), ""
    for mark in ("-", " "):
        if mark in head:
            head, _, last = head.rpartition(mark)
            head += mark
            break
    else:
        head, last = "", head
    if last in _ODD_ORDINALS:
        return head + _ODD_ORDINALS[last]
    return head + (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
