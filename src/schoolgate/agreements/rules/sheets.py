"""Texts to sign that the school makes itself: the private-use rules and the confidentiality undertaking. Pure.

Sources: catalogue/controls.yaml, agreements.personal_rules_signed and agreements.confidentiality_signed.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schoolgate import data
from schoolgate.common.errors import BadInput

PRIVATE = "agreements.personal_rules_signed"
BINDING = frozenset({"must", "must_not", "should", "should_not"})
RULES = frozenset({"must", "must_not", "should_not"})
"""A clause that must be on the private-use sheet when it is joined to that control; a `should` is printed there as well."""

PRIVATE_TITLE = "Rules for your own use of social media"
UNDERTAKING_TITLE = "Confidentiality undertaking"

PRIVATE_STATEMENTS = (
    "I have read these rules and the school’s choices behind them.",
    "I will keep them in my own time and on my own accounts.",
    "I know that the school looks at nobody’s private account to check.",
)

UNDERTAKING = (
    "I keep what I learn about pupils, families, colleagues, my employer and members of the public to myself, online and offline.",
    "I do not use what I learn for gain, my own or anybody else’s.",
    "I pass it on to nobody who does not need it for their work at the school.",
    "I keep to this after I have left.",
)
"""The four duties the catalogue names; a school may word them in its own way."""

UNDERTAKING_STATEMENTS = ("I have read this undertaking.", "I give it.")


def private_settings() -> list[str]:
    """The settings behind the private-use rules, in the catalogue's order."""
    entry = next(entry for entry in data.load("catalogue/controls.yaml")["controls"] if entry["id"] == PRIVATE)
    days = {"sign_days", "resign_days"}  # how long people have to sign is not one of the rules
    return [row["setting"] for name, row in entry["parameters"].items() if name not in days]


def answers_of(settings: Mapping[str, Any]) -> list[dict[str, str]]:
    """The school's answer to every question behind the rules, in words."""
    known = data.load("rules/settings.yaml")["settings"]
    found = []
    for key in private_settings():
        row, value = known[key], settings[key]
        labels = {option["value"]: option["label"] for option in row.get("options", [])}
        many = value if isinstance(value, list) else [value]
        words = "; ".join(_in_words(labels.get(one, one)) for one in many)
        found.append({"key": key, "question": row["question"], "answer": words or "None", "value": json.dumps(value, sort_keys=True)})
    return found


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value)


def fingerprint_of(parts: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, str]]) -> str:
    """SHA-256 of the words and of the settings behind them: the same today means the same sheet."""
    words = [[part["title"], [[line["ref"], line["text"]] for line in part["lines"]]] for part in parts]
    held = [[one["key"], one["value"]] for one in answers]
    return hashlib.sha256(json.dumps([words, held], ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def lines_in(parts: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Every rule of a sheet by the policy and its words."""
    return {(part["title"], " ".join(line["text"].split())) for part in parts for line in part["lines"]}


def check_lines(lines: Sequence[str], field: str = "lines") -> None:
    """A sheet has words, each line its own."""
    if not lines or any(not line.strip() for line in lines):
        raise BadInput("Write at least one line.", field)
    if len(set(lines)) != len(lines):
        raise BadInput("Two lines are the same.", field)
