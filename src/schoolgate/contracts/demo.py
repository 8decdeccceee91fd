"""What each package does in the demo year. Events are told in order of their day, by calling actions, as if on that day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Stage:
    """What the events share: the people and things made so far, by the names the story gives them."""

    things: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.things[name]

    def __setitem__(self, name: str, thing: Any) -> None:
        self.things[name] = thing


@dataclass(frozen=True, slots=True)
class Event:
    """`day` counts from today: -365 is a year ago, 0 this morning. Events of one day run in order of `hour`, then of name."""

    day: int
    hour: int
    name: str
    happen: Callable[[Stage], None]


_events: list[Event] = []


def event(*days: int, hour: int = 9) -> Callable[[Callable[[Stage], None]], Callable[[Stage], None]]:
    """Register a function of (stage) to happen on each of these days of the demo year."""

    def register(happen: Callable[[Stage], None]) -> Callable[[Stage], None]:
        _events.extend(Event(day, hour, f"{happen.__module__}.{happen.__name__}", happen) for day in days)
        return happen

    return register


def events() -> list[Event]:
    """The demo year in order."""
    return sorted(_events, key=lambda e: (e.day, e.hour, e.name))
