"""What people who came or changed place have still to do. A package registers a question; the lists of joiners and movers ask them all."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that one person has still to do at one school. `due_on` None means there is no date."""

    school_id: UUID
    person_id: UUID
    words: str
    due_on: date | None = None


Wanted = Mapping[UUID, Collection[UUID]]
"""The persons asked about, by school."""

AskOwed = Callable[[Any, Wanted, date], Iterable[Owed]]

_asks: dict[str, AskOwed] = {}


def still_to_do(name: str) -> Callable[[AskOwed], AskOwed]:
    """Register a function of (scope, persons by school, today) that asks a constant number of queries, however many there are."""

    def register(ask: AskOwed) -> AskOwed:
        if name in _asks:
            raise ValueError(f"The question {name} about what is still to do is registered twice")
        _asks[name] = ask
        return ask

    return register


def questions() -> dict[str, AskOwed]:
    """Every question by name."""
    return dict(sorted(_asks.items()))
