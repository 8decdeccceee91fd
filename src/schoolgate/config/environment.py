"""Reading the environment. Each variable is declared once, with its default and meaning; the reference page lists them."""

import os
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable a school may set."""

    name: str
    default: str
    meaning: str


DECLARED: dict[str, Variable] = {}


def text(name: str, default: str, meaning: str) -> str:
    """A variable as text."""
    shown = "the folder of SCHOOLGATE_HOME" if default.startswith("sqlite:///") else default
    DECLARED[name] = Variable(name, shown, meaning)
    return os.environ.get(name, default)


def texts(name: str, default: str, meaning: str) -> list[str]:
    """A variable as a list, separated by commas."""
    return [part.strip() for part in text(name, default, meaning).split(",") if part.strip()]


def number(name: str, default: int, meaning: str) -> int:
    """A variable as a whole number; anything else stops the start with a sentence."""
    given = text(name, str(default), meaning)
    try:
        return int(given)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {given!r}: write a whole number, such as {default}") from None


def flag(name: str, default: bool, meaning: str) -> bool:
    """A variable as yes or no; anything else stops the start with a sentence."""
    given = text(name, "yes" if default else "no", meaning).lower()
    if given not in {"yes", "no", "true", "false", "1", "0", "on", "off"}:
        raise ImproperlyConfigured(f"{name} is {given!r}: write yes or no")
    return given in {"yes", "true", "1", "on"}
