"""What is asked of whom. A package registers a question; `home` asks them all and sorts by when things fall due."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Task:
    """One thing asked of the person signed in. `due_on` None means there is no date yet; `why` is one short sentence.

    `verb_url` is where it is done. `count` is how many single things stand behind it.
    """

    title: str
    url: str
    due_on: date | None
    why: str = ""
    count: int = 1


AskTodo = Callable[[Any, date], Iterable[Task]]

_asks: dict[str, AskTodo] = {}


def todo(name: str) -> Callable[[AskTodo], AskTodo]:
    """Register a function of (scope, today) that lists tasks with a constant number of queries."""

    def register(ask: AskTodo) -> AskTodo:
        if name in _asks:
            raise ValueError(f"The to-do question {name} is registered twice")
        _asks[name] = ask
        return ask

    return register


def questions() -> dict[str, AskTodo]:
    """Every to-do question by name."""
    return dict(sorted(_asks.items()))
