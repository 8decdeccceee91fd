"""What packages can prove. A package registers a control downwards; `assurance` finds every `controls.py` by name.

A control is a question asked of one school on one date. Its function reads its own package's queries and those below,
changes nothing, and returns a `Count`; the state follows from the count by the catalogue's rules, so nobody types a state.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID


class State(StrEnum):
    """The five states of catalogue/controls.yaml, `states`."""

    MET = "met"
    DUE = "due"
    BROKEN = "broken"
    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"


class Standing(StrEnum):
    """Where one counted item stands. `LATE`: put right after its time; it stays out of the numerator (see `words` there).
    `LAPSING`: good, but a proof lapses inside remind_days; it stays in the numerator and still turns the control amber."""

    GOOD = "good"
    LAPSING = "lapsing"
    DUE = "due"
    BROKEN = "broken"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Item:
    """One counted thing: what it is, where it stands, since when, and where its record can be opened.

    `label` must not hold a pupil's name. `lines` gives the standing of each line the item is judged by.
    `put_right_on` belongs to a late item. `clause_id` belongs to per-clause controls. `due_on` is when time runs out.
    """

    label: str
    standing: Standing
    why: str = ""
    url: str = ""
    due_on: date | None = None
    put_right_on: date | None = None
    clause_id: UUID | None = None
    lines: Mapping[str, Standing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Count:
    """The answer of a control: every counted item, or the reason there is nothing to judge by.

    `silent` is the sentence for no data (nil_rule.no_data); it is only looked at when there are no items.
    `nil_stands` says a catalogue nil rule lets silence count as met ("none in force", a valid nil statement).
    `not_applicable` is the recorded fact because of which the catalogue says the question cannot arise; there are no items then.
    """

    items: Sequence[Item] = ()
    silent: str = ""
    nil_stands: str = ""
    not_applicable: str = ""
    window: str = ""
    measured: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One control asked of one school on one date.

    `params` are the control's parameters for this school, settings already resolved. `nil_until` is the last day covered by
    a nil statement for this control (plus nil_days), `switched_on` the day the control was first joined to a clause in force.
    """

    school_id: UUID
    trust_id: UUID
    on: date
    params: Mapping[str, Any]
    nil_from: date | None = None
    nil_until: date | None = None
    switched_on: date | None = None


Ask = Callable[[Question], Count]

_asks: dict[str, Ask] = {}


def control(ref: str) -> Callable[[Ask], Ask]:
    """Register the function that answers a control of the catalogue, by its id. Registering one twice is a mistake in the house."""

    def register(ask: Ask) -> Ask:
        if ref in _asks:
            raise ValueError(f"The control {ref} is registered twice")
        _asks[ref] = ask
        return ask

    return register


def carried() -> dict[str, Ask]:
    """The controls this version carries, by id, in order of id."""
    return dict(sorted(_asks.items()))
