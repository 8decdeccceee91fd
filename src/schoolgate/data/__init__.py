"""The shelf of dated facts: law, routes, settings, roles, clocks, platforms and the control catalogue.

Everything here is data with a source and keeps its id for ever; code reads it and never repeats it.
No Django, no database, no clock: engines and the web application read the same rows.

``catalogue/examples.csv`` holds clauses as schools word them, written for this catalogue and taken from no policy: ``control`` (ids
parted by ";", best first; empty where nothing is asked), ``kind`` (control, attested or informational) and ``text``. The suggestions
of controls for a clause learn from it.
"""

import csv
from functools import cache
from importlib import resources
from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _text(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


def file_bytes(name: str) -> bytes:
    """The bytes of one file of the shelf, such as ``"matcher/model.npz"``. Not kept: read it once."""
    return resources.files(__name__).joinpath(name).read_bytes()


@cache
def load(name: str) -> dict[str, Any]:
    """One YAML file of the shelf, such as ``"rules/roles.yaml"``. Shared between callers: read, never change it."""
    loaded: dict[str, Any] = yaml.load(_text(name), Loader=_Loader)  # noqa: S506  both are safe loaders
    return loaded


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one CSV file of the shelf, such as ``"catalogue/obligations.csv"``, each keyed by its header."""
    return tuple(csv.DictReader(_text(name).splitlines()))
