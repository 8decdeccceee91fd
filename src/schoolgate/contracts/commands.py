"""The command line, given out in groups. A package's `commands.py` adds its commands to a group; `cli` finds them by name."""

import typer

_groups: dict[str, typer.Typer] = {}


def group(name: str, meaning: str = "") -> typer.Typer:
    """The group of commands with this name ("" for commands without a group), made when first asked for."""
    if name not in _groups:
        _groups[name] = typer.Typer(name=name or None, help=meaning or None)
    return _groups[name]


def groups() -> dict[str, typer.Typer]:
    """Every group by name."""
    return dict(sorted(_groups.items()))
