"""What a school or trust may choose for a setting, and which value counts.

Source of every question, option, floor, ceiling and lock: rules/settings.yaml, whose schema stands at its top; the terms of a policy
are settings too (schoolgate.policies.rules.terms).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from functools import cache
from typing import Any

from schoolgate import data
from schoolgate.common.errors import BadInput, Denied
from schoolgate.people import rules as people_rules
from schoolgate.policies.rules import terms

Setting = Mapping[str, Any]
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@cache
def settings() -> dict[str, Setting]:
    """Every setting by key, in the order of the file, then the terms."""
    return {**data.load("rules/settings.yaml")["settings"], **terms.TERMS}


def groups() -> dict[str, str]:
    """The headings of the settings screen."""
    return {**data.load("rules/settings.yaml")["groups"], terms.GROUP: terms.GROUP_TITLE}


def setting(key: str) -> Setting:
    """One setting. BadInput for a key that is not in the file."""
    found = settings().get(key)
    if found is None:
        raise BadInput(f"There is no setting called {key}. The settings are listed on the page 'Settings'.", "key")
    return found


def default(key: str) -> Any:
    """The value that counts until somebody chooses."""
    return setting(key)["default"]


def resolve(key: str, *, school: Any = None, trust: Any = None, nation: str = "england") -> Any:
    """The value that counts at a school: its own choice, else the trust's, else the default.

    A locked setting is always its default; one that only the trust changes ignores the school's. A stored choice that the
    file no longer allows (a floor was raised) gives way to the next one.
    """
    told = setting(key)
    if told.get("locked"):
        return told["default"]
    chosen = [] if told.get("change_by") == "trust" else [school]
    for value in (*chosen, trust):
        if value is not None and not problem(key, value, nation):
            return value
    return told["default"]


def check_choice(
    key: str, value: Any, *, at_school: bool, nation: str = "england", reason: str = "", approver: str = "",
    trust_value: Any = None,
) -> None:  # fmt: skip
    """Refuse a choice that is locked, not this body's to make, of the wrong kind, or below the floor.

    A school that differs from the trust gives the reason and says who approved it (catalogue, policies.settings_decided); where the
    trust itself is told of departures (`head_reason`) it may leave that to the trust instead.
    """
    told = setting(key)
    if told.get("locked"):
        raise Denied(f"“{told['question']}” cannot be changed. {_why(told)}".strip())
    if at_school and told.get("change_by") == "trust":
        raise Denied(f"“{told['question']}” is decided by the trust for all its schools.")
    wrong = problem(key, value, nation)
    if wrong:
        raise BadInput(wrong, "value")
    differs = at_school and trust_value is not None and value != trust_value
    if (differs or (at_school and told.get("change_by") == "head_reason")) and not reason.strip():
        raise BadInput("Give the reason why your school differs from the trust.", "reason")
    if differs and not approver.strip() and not trust_may_approve(told):
        raise BadInput("Say who approved that your school differs from the trust, such as the governing body.", "approver")


def trust_may_approve(told: Setting) -> bool:
    """A setting whose departures the trust hears of, so that it can approve one itself."""
    return bool(told.get("change_by") == "head_reason")


def problem(key: str, value: Any, nation: str = "england") -> str:
    """Why a value cannot stand, in one sentence; empty when it can."""
    told = setting(key)
    return _wrong_kind(told, value) or _below_floor(told, value, nation) or _above_ceiling(told, value)


def _why(told: Setting) -> str:
    return str(told.get("floor", {}).get("reason", "")).rstrip(".") + "." if told.get("floor", {}).get("reason") else ""


def label(told: Setting, value: Any) -> str:
    """An option as people read it."""
    return next((str(row["label"]) for row in told.get("options", ()) if row["value"] == value), str(value))


def _values(told: Setting) -> list[Any]:
    return [row["value"] for row in told.get("options", ())]


def _wrong_kind(told: Setting, value: Any) -> str:
    kind, question = told["type"], told["question"]
    if kind == "choice" and value not in _values(told):
        return f"“{question}” has no answer {value}. Choose one from the list."
    if kind == "meaning":
        return terms.problem_with(told, value)
    if kind == "multi":
        return _wrong_list(question, value, _values(told))
    if kind == "roles":
        return _wrong_list(question, value, sorted(people_rules.known_roles()))
    if kind == "role" and value not in people_rules.known_roles():
        return f"There is no role called {value}. Choose one from the list."
    if kind == "bool" and not isinstance(value, bool):
        return f"Answer “{question}” with yes or no."
    if kind == "number" and (isinstance(value, bool) or not isinstance(value, int | float) or value < 0):
        return f"Answer “{question}” with a number that is 0 or more."
    if kind == "text" and not (isinstance(value, str) and value.strip()):
        return f"Write an answer to “{question}”."
    if kind == "time" and not _is_time(value):
        return f"Answer “{question}” with a time such as 08:30."
    if kind == "time_range" and not _is_range(value):
        return f"Answer “{question}” with two times, the first before the second."
    return ""


def _wrong_list(question: str, value: Any, allowed: Sequence[Any]) -> str:
    if not isinstance(value, list) or not value:
        return f"Choose at least one answer to “{question}”."
    stray = [one for one in value if one not in allowed]
    return f"“{question}” has no answer {stray[0]}. Choose from the list." if stray else ""


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and bool(_TIME.fullmatch(value))


def _is_range(value: Any) -> bool:
    if not isinstance(value, Mapping) or set(value) != {"from", "to"} or not all(map(_is_time, value.values())):
        return False
    return time.fromisoformat(value["from"]) < time.fromisoformat(value["to"])


def _below_floor(told: Setting, value: Any, nation: str) -> str:
    """Where the floor's reason is not law in the school's nation it is advice and does not bind (`floor_nation`)."""
    floor = told.get("floor")
    if not floor or nation not in told.get("floor_nation", [nation]):
        return ""
    if _passes(told, floor, value):
        return ""
    return f"“{told['question']}”: this goes below the least that is allowed, {_floor_words(told, floor)}. {_why(told)}".strip()


def _passes(told: Setting, floor: Mapping[str, Any], value: Any) -> bool:
    if "not_looser_than" in floor and _values(told).index(value) > _values(told).index(floor["not_looser_than"]):
        return False
    if "must_include" in floor and not set(floor["must_include"]) <= set(value):
        return False
    if "must_be" in floor and value != floor["must_be"]:
        return False
    return not ("min" in floor and value < floor["min"]) and not ("max" in floor and value > floor["max"])


def _floor_words(told: Setting, floor: Mapping[str, Any]) -> str:
    if "not_looser_than" in floor:
        return f"“{label(told, floor['not_looser_than'])}”"
    if "must_include" in floor:
        return "which includes " + ", ".join(f"“{label(told, one)}”" for one in floor["must_include"])
    if "must_be" in floor:
        return (
            {True: "yes", False: "no"}.get(floor["must_be"], "")
            if isinstance(floor["must_be"], bool)
            else f"“{label(told, floor['must_be'])}”"
        )
    bounds = [f"at least {floor['min']}"] if "min" in floor else []
    return " and ".join([*bounds, *([f"at most {floor['max']}"] if "max" in floor else [])])


def _above_ceiling(told: Setting, value: Any) -> str:
    """A rule stricter than the ceiling would be unlawful or unfair; a ceiling that `applies` as advice does not bind."""
    ceiling = told.get("ceiling")
    if not ceiling or ceiling.get("applies") == "advice":
        return ""
    values = _values(told)
    limit = ceiling.get("not_stricter_than")
    if limit is not None and values.index(value) < values.index(limit):
        return f"“{told['question']}”: nothing stricter than “{label(told, limit)}” may be asked. {ceiling.get('reason', '')}.".strip()
    if "max" in ceiling and value > ceiling["max"]:
        return f"“{told['question']}”: no more than {ceiling['max']} may be asked. {ceiling.get('reason', '')}.".strip()
    if "min" in ceiling and value < ceiling["min"]:
        return f"“{told['question']}”: no less than {ceiling['min']} may be asked. {ceiling.get('reason', '')}.".strip()
    return ""
