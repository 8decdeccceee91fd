"""Which settings the text of a policy needs, whether they are decided, and how a setting is told in sentences. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from schoolgate import data
from schoolgate.people.rules import title_of
from schoolgate.policies import rules
from schoolgate.policies.models import Clause, SettingChoice
from schoolgate.policies.rules import choices, terms

TEXTS_KEPT = 20_000  # clauses in force of a trust of 60 schools; a few megabytes
NOT_CHOSEN = "default, not chosen"
WHO = {
    "trust": "Only the trust changes it, for all its schools.",
    "head": "The headteacher may change it.",
    "head_reason": "The headteacher may change it and gives the reason; the trust is told, or asked to approve it.",
}
LINE_OF_TYPE = {"number": "numbers", "meaning": "terms"}
"""Which line of policies.settings_decided a setting belongs to; every other type is a choice."""


@dataclass(frozen=True, slots=True)
class Need:
    """A clause that needs a setting: through a control it is joined to, or (`word`) through a word it leaves open."""

    clause_id: UUID
    ref: str
    version_id: UUID
    word: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """How one setting stands at a place: what counts there, who chose it, and what the trust says."""

    key: str
    value: Any
    own: SettingChoice | None  # the school's own choice, where it counts
    trust: SettingChoice | None
    trust_value: Any

    @property
    def told(self) -> Mapping[str, Any]:
        return choices.setting(self.key)

    @property
    def locked(self) -> bool:
        return bool(self.told.get("locked"))

    @property
    def chosen(self) -> SettingChoice | None:
        return self.own or self.trust

    @property
    def decided(self) -> bool:
        """A value is recorded and a person stands behind it; a locked setting leaves nothing to decide."""
        chosen = self.chosen
        return self.locked or (chosen is not None and (chosen.chosen_by_id is not None or bool(chosen.approver)))

    @property
    def differs(self) -> bool:
        return self.own is not None and self.value != self.trust_value

    @property
    def difference_approved(self) -> bool:
        """A departure that was put to the trust counts only where the trust agreed."""
        return self.own is not None and bool(self.own.reason) and (bool(self.own.approver) or self.own.asks_trust)

    @property
    def line(self) -> str:
        return LINE_OF_TYPE.get(self.told["type"], "choices")


# ------------------------------------------------------------------ what a text needs


@cache
def settings_of(control: str) -> tuple[str, ...]:
    """The settings that the parameters of a control name, those inside a table included."""
    row = rules.catalogue().get(control)
    return tuple(dict.fromkeys(_named(row["parameters"]))) if row else ()


def _named(written: Any) -> Iterable[str]:
    if isinstance(written, Mapping):
        for name, inner in written.items():
            if name == "setting" and isinstance(inner, str):
                yield inner
            else:
                yield from _named(inner)


@cache
def _open_words() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    """The words of rules/settings.yaml, vague_words, each with the setting that settles it. What stands in brackets is not text."""
    rows = {(re.sub(r"\s*\(.*\)", "", row["word"]), row["setting"]) for row in data.load("rules/settings.yaml")["vague_words"]}
    return tuple((re.compile(rf"\b{re.escape(word)}\b".replace(r"\ ", r"\s+"), re.IGNORECASE), word, key) for word, key in sorted(rows))


def open_words(text: str) -> list[tuple[str, str]]:
    """The open words of a text with the setting that settles each: (word, key)."""
    return list(_words_in(text)[1])


@lru_cache(maxsize=TEXTS_KEPT)
def _words_in(text: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The terms and the open words of a text. The texts in force are the same from page to page, and there are many words."""
    return tuple(terms.terms_in(text)), tuple((word, key) for pattern, word, key in _open_words() if pattern.search(text))


def needs_of(clause: Clause, controls: Iterable[str]) -> dict[str, Need]:
    """The settings one clause needs, by key. A word it leaves open says more than a control's parameter, so it is named."""
    about = (clause.id, clause.ref, clause.version_id)
    found = {key: Need(*about) for key in _words_in(clause.text)[0]}
    found |= {key: Need(*about) for control in controls for key in settings_of(control)}
    found |= {key: Need(*about, word) for word, key in open_words(clause.text)}
    return found


def needed(clauses: Iterable[tuple[Clause, Iterable[str]]]) -> dict[str, list[Need]]:
    """The settings that clauses need, given with the controls that carry each; with the clauses in their order."""
    found: dict[str, list[Need]] = {}
    for clause, controls in clauses:
        for key, need in needs_of(clause, controls).items():
            found.setdefault(key, []).append(need)
    return found


# ------------------------------------------------------------------ how it stands


def settled(key: str, *, school: SettingChoice | None = None, trust: SettingChoice | None = None, nation: str = "england") -> Settled:
    """How a setting stands. A stored choice that may not stand any more counts as not made."""
    told = choices.setting(key)
    own = school if school and told.get("change_by") != "trust" and not choices.problem(key, school.value, nation) else None
    held = trust if trust and not choices.problem(key, trust.value, nation) else None
    if told.get("locked"):
        own = held = None
    trust_value = held.value if held else told["default"]
    return Settled(key, own.value if own else trust_value, own, held, trust_value)


def needs_decision(one: Settled, needed: bool, *, at_school: bool) -> bool:
    """Somebody at this place should decide: a clause in force needs it, or the file asks for a confirmation, and nobody has.

    What only the trust changes waits at the trust, not at each of its schools.
    """
    theirs = not at_school or one.told.get("change_by") != "trust"
    return theirs and not one.decided and (needed or bool(one.told.get("must_confirm")))


# ------------------------------------------------------------------ in words


def shown(key: str, value: Any) -> str:
    """A value as people read it."""
    told = choices.setting(key)
    kind = told["type"]
    if kind == "bool":
        return "Yes" if value else "No"
    if kind in ("multi", "roles"):
        return ", ".join(_one(told, each) for each in value)
    if kind == "number":
        return f"{value} {unit(told, value)}".strip()
    if kind == "time_range":
        return f"{value['from']} to {value['to']}"
    if kind == "meaning":
        return "; ".join(filter(None, [", ".join(_one(told, each) for each in value["groups"]), value["words"]]))
    return _one(told, value)


def _one(told: Mapping[str, Any], value: Any) -> str:
    return title_of(value) if told["type"] in ("role", "roles") else choices.label(told, value)


def unit(told: Mapping[str, Any], number: Any = 2) -> str:
    """`working days`, `times a year`, or for one `working day`, `time a year`; nothing for a plain number."""
    words = str(told.get("unit") or "").replace("_", " ")
    if words.startswith("per "):
        return f"{'time' if number == 1 else 'times'} a {words.removeprefix('per ')}"
    if words == "age":
        return "years old"
    if words == "people":
        return "person" if number == 1 else "people"
    return words.removesuffix("s") if number == 1 else words


def limits(key: str) -> list[str]:
    """Floor, ceiling and lock of a setting, a sentence each with its reason."""
    told = choices.setting(key)
    floor, ceiling = told.get("floor") or {}, told.get("ceiling") or {}
    reason = _sentence(floor.get("reason"))
    if told.get("locked"):
        return [f"This is fixed and nobody can change it. {reason}".strip()]
    found = [f"{_floor(key, floor)} {reason}".strip()] if floor else []
    if told.get("floor_nation"):
        nations = " and ".join(each.replace("_", " ").title() for each in told["floor_nation"])
        found.append(f"The reason is law in {nations}; elsewhere this is advice.")
    return found + ([_ceiling(key, ceiling)] if ceiling else [])


def _sentence(words: Any) -> str:
    return f"{str(words).rstrip('.')}." if words else ""


def _floor(key: str, floor: Mapping[str, Any]) -> str:
    if "not_looser_than" in floor:
        return f"Nothing looser than “{shown(key, floor['not_looser_than'])}” is allowed."
    if "must_include" in floor:
        return f"It must include: {shown(key, floor['must_include'])}."
    if "must_be" in floor:
        return f"The answer must be: {shown(key, floor['must_be'])}."
    bounds = [f"{words} {floor[name]}" for name, words in (("min", "at least"), ("max", "at most")) if name in floor]
    return f"It must be {' and '.join(bounds)}."


def _ceiling(key: str, ceiling: Mapping[str, Any]) -> str:
    limit = ceiling.get("not_stricter_than", ceiling.get("max", ceiling.get("min")))
    words = f"“{shown(key, limit)}”"
    if ceiling.get("applies") == "advice":
        return f"Advice: nothing stricter than {words}. {_sentence(ceiling.get('reason'))}".strip()
    return f"Nothing stricter than {words} may be asked. {_sentence(ceiling.get('reason'))}".strip()


def asked_as(word: str, told: Mapping[str, Any]) -> str:
    """The question a word of the policy leaves open."""
    asks = "How many is that?" if told["type"] == "number" else "What does that mean here?"
    if told.get("unit") in ("days", "months", "hours", "minutes", "working_days", "school_days", "per_day", "per_term", "per_year"):
        asks = "How often, or how soon, is that?"
    return f"The policy says “{word}”. {asks}"
