"""Who did it: every change is a fact with an author, who is a person, a one-time link or a named system process."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of a change.

    `id` is the person's id (or the process name); `label` is what a log page may show without opening a personal
    record, such as "headteacher" or "nightly check": never a name, so that erasure and an unbroken chain can both be kept.
    `from_where` is the address or device class the request came from, empty for a process.
    """

    kind: Literal["person", "system", "link"]
    id: str
    label: str
    from_where: str = ""


def system(process: str) -> Actor:
    """The actor for a named process such as "nightly readings"."""
    return Actor("system", process, process)
