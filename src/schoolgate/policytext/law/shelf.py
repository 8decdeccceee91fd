"""The rule file, ``rules/citations.yaml``, as loaded. What each key means stands at its head."""

from typing import Any

from schoolgate import data

_FILE = "rules/citations.yaml"


def shelf() -> dict[str, Any]:
    """The rule file as loaded; read it, never change it."""
    return data.load(_FILE)
