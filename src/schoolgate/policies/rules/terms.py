"""The words every policy rests on and few define, as settings: each points at registers of the school or says what it means.

Source of the list: catalogue/controls.yaml, policies.settings_decided, line `terms`. They are settings like those of rules/settings.yaml
(trust default, school override, reason, approver, history), of the one type that file does not have, `meaning`:
{groups: [registers], words: what it means in the policy's own words}; one of the two at least.
"""

import re
from collections.abc import Mapping
from typing import Any

from schoolgate.people.models import Category

GROUP = "term"
GROUP_TITLE = "What words of the policy mean"
ADULTS = [{"value": str(value), "label": str(words)} for value, words in Category.choices]
PUPILS = [{"value": "pupil", "label": "Pupils on the roll"}]
PARENTS = [{"value": "guardian", "label": "Parents and carers on the register"}]

_EVERY_ADULT = [row["value"] for row in ADULTS]


def _term(question: str, options: list[dict[str, str]], groups: list[str], words: str = "") -> dict[str, Any]:
    return {
        "group": GROUP, "question": question, "type": "meaning", "options": options,
        "default": {"groups": groups, "words": words}, "change_by": "head",
    }  # fmt: skip


TERMS: dict[str, Mapping[str, Any]] = {
    "term.adult": _term("Who is an ‘adult’ in the policy?", ADULTS, _EVERY_ADULT),
    "term.staff": _term("Who is a ‘member of staff’ in the policy?", ADULTS, [str(Category.EMPLOYEE), str(Category.SUPPLY)]),
    "term.pupil": _term("Who is a ‘pupil’ in the policy?", PUPILS, ["pupil"]),
    "term.parent": _term("Who is a ‘parent’ in the policy?", PARENTS, ["guardian"]),
    "term.social_media": _term(
        "What is ‘social media’ in the policy?", [], [], "Any site or app on which people post, share or talk, whoever runs it."
    ),
    "term.personal_communication": _term(
        "What is ‘personal communication’ in the policy?", [], [], "Any message that is not sent through a channel of the school."
    ),
}

_USED = {
    "term.adult": r"adults?",
    "term.staff": r"(?:members? of )?staff(?: members?)?|employees?",
    "term.pupil": r"pupils?|students?|child(?:ren)?|learners?",
    "term.parent": r"parents?|carers?",
    "term.social_media": r"social (?:media|network(?:s|ing)?)",
    "term.personal_communication": r"(?:personal|private) (?:communications?|messages?|messaging)",
}
_PATTERNS = {key: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for key, words in _USED.items()}


def terms_in(text: str) -> list[str]:
    """The terms a text uses, by key."""
    return [key for key, pattern in _PATTERNS.items() if pattern.search(text)]


def problem_with(told: Mapping[str, Any], value: Any) -> str:
    """Why a meaning cannot stand, in one sentence; empty when it can."""
    question = told["question"]
    if not isinstance(value, Mapping) or set(value) != {"groups", "words"} or not isinstance(value["words"], str):
        return f"Say who or what is meant in “{question}”."
    known = {row["value"] for row in told["options"]}
    stray = [one for one in value["groups"] if one not in known]
    if stray:
        return f"“{question}” has no register {stray[0]}. Choose from the list."
    return "" if value["groups"] or value["words"].strip() else f"Tick a register or write what is meant in “{question}”."
