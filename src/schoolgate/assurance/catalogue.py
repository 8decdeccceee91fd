"""The control catalogue as the running system reads it: every entry whole, with its numbers resolved for one school.

The wording, the ids and the numbers live in data/catalogue/controls.yaml and nowhere else. A number that a school may change
names a setting; this module puts the school's own value in its place.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from schoolgate import data

COMPUTED, ATTESTED = "computed", "attested"
NEVER = "Never"
NAME = re.compile(r"[a-z][a-z_]*(?:\.[a-z_]+)?")


@dataclass(frozen=True, slots=True)
class Control:
    """One promise the system can prove for one school on one date. Texts are the catalogue's own.

    `parameters` are as written, each a default, a setting, a clock or a shared number: `resolved` gives the values.
    `lines` are the named tests of its items, name to meaning. `per_clause`: a clause shows only its own items.
    """

    id: str
    title: str
    promise: str
    kind: str
    shape: str
    denominator: str
    numerator: str
    window: str
    due: str
    broken: str
    evidence: str
    asks: str
    no_data: str
    not_applicable: str
    lines: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    who_acts: tuple[str, ...] = ()
    law: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    beyond: str = ""
    per_clause: bool = False

    @property
    def may_be_not_applicable(self) -> bool:
        """A nil rule that begins "Never" lets nobody say that the question cannot arise."""
        return not self.not_applicable.startswith(NEVER)

    @property
    def takes_nil_statements(self) -> bool:
        """The nil rule names a statement "I looked, there was nothing" as a proof."""
        return "nil statement" in self.no_data or "shared nil rule" in self.no_data

    @property
    def package(self) -> str:
        return self.id.partition(".")[0]


@cache
def controls() -> dict[str, Control]:
    """Every control of the catalogue by id, in the catalogue's order."""
    return {entry["id"]: _control(entry) for entry in data.load("catalogue/controls.yaml")["controls"]}


@cache
def shared_numbers() -> dict[str, Any]:
    """The shared parameters by name: remind_days, late_days, start_days and the rest. Texts use them without listing them."""
    return {name: entry["default"] for name, entry in data.load("catalogue/controls.yaml")["shared_parameters"].items()}


@cache
def precedence() -> tuple[str, ...]:
    """Of several states true of one control, the first of these is shown."""
    return tuple(data.load("catalogue/controls.yaml")["precedence"])


@cache
def clause_precedence() -> tuple[str, ...]:
    """Of the states of the controls a clause is joined to, the first of these is shown."""
    return tuple(data.load("catalogue/controls.yaml")["clause_precedence"])


def resolved(control: Control, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The control's parameters as plain values for a school with these settings, shared numbers included.

    A clock is given as its key in rules/calendar.yaml. KeyError names a setting the school's settings lack: a mistake in the data.
    """
    return {**shared_numbers(), **{name: _value(written, settings) for name, written in control.parameters.items()}}


def worded(text: str, control: Control, settings: Mapping[str, Any]) -> str:
    """One of the control's texts with this school's numbers in place of the names of parameters and settings."""
    values, units = resolved(control, settings), _units(control)

    def told(found: re.Match[str]) -> str:
        name = found.group()
        if name in values and isinstance(values[name], int) and not isinstance(values[name], bool):
            return f"{values[name]} {units.get(name, '')}".strip()
        if name in settings and not isinstance(settings[name], list | dict):
            return f"the setting {name} ({str(settings[name]).replace('_', ' ')})"
        return name.replace("_", " ") if name in values else name

    worded = NAME.sub(told, text)
    return worded[:1].upper() + worded[1:]


def _units(control: Control) -> dict[str, str]:
    """What each number counts, such as "school days"."""
    rows = {**data.load("catalogue/controls.yaml")["shared_parameters"], **control.parameters}
    settings = data.load("rules/settings.yaml")["settings"]
    named = {name: settings[row["setting"]].get("unit", "") if "setting" in row else row.get("unit", "") for name, row in rows.items()}
    return {name: unit.replace("_", " ") for name, unit in named.items() if unit}


def _value(written: Mapping[str, Any], settings: Mapping[str, Any]) -> Any:
    if "setting" in written:
        return settings[written["setting"]]
    if "clock" in written:
        return written["clock"]
    if "shared" in written:
        return shared_numbers()[written["shared"]]
    return _filled(written["default"], settings)


def _filled(default: Any, settings: Mapping[str, Any]) -> Any:
    """A default, with the settings put in where it is a table that names some."""
    if isinstance(default, Mapping):
        if set(default) == {"setting"}:
            return settings[default["setting"]]
        return {name: _filled(inner, settings) for name, inner in default.items()}
    return list(default) if isinstance(default, list) else default


def _control(entry: Mapping[str, Any]) -> Control:
    counts, due, nil = entry["counts"], entry["due"], entry["nil_rule"]
    plain: dict[str, Any] = {name: entry[name] for name in ("id", "title", "promise", "kind", "shape", "evidence", "asks", "parameters")}
    listed: dict[str, Any] = {name: tuple(entry[name]) for name in ("who_acts", "law", "serves")}
    return Control(
        **plain, **listed,
        denominator=counts["denominator"], numerator=counts["numerator"], window=counts["window"], lines=counts.get("lines", {}),
        due=due["due"], broken=due["broken"], no_data=nil["no_data"], not_applicable=nil["not_applicable"],
        beyond=entry.get("beyond", ""), per_clause=entry.get("per_clause", False),
    )  # fmt: skip
