"""Write docs/reference from the code itself; with --check, say which page no longer tells the truth and fail."""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolgate.config.settings_test")

import click
import django
import typer

django.setup()

from django.urls import URLPattern, URLResolver, get_resolver  # noqa: E402

from schoolgate import data  # noqa: E402
from schoolgate.cli.main import application  # noqa: E402
from schoolgate.config.environment import DECLARED  # noqa: E402
from schoolgate.contracts import controls, routes  # noqa: E402
from schoolgate.policies import rules as policy_rules  # noqa: E402

PAGES = Path(__file__).parents[1] / "docs" / "reference"
MADE = "<!-- Written by `make docs` from the code; do not edit. -->\n"


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(list(heads))]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def controls_page() -> str:
    carried = controls.carried()
    catalogue = data.load("catalogue/controls.yaml")["controls"]
    rows = [
        (f"`{c['id']}`", c["promise"], c["kind"], c["shape"], "yes" if c["id"] in carried else "not by this version") for c in catalogue
    ]
    return f"# Controls\n\n{len(carried)} of {len(catalogue)} are carried by this version.\n\n" + table(
        ["Control", "Promise", "Kind", "Shape", "Carried"], rows
    )


def states_page() -> str:
    return "# States of a policy version\n\n```mermaid\n" + policy_rules.states_diagram().strip() + "\n```\n"


def permissions_page() -> str:
    loaded = data.load("rules/roles.yaml")
    permissions = table(["Permission", "Meaning"], [(f"`{key}`", text) for key, text in loaded["permissions"].items()])
    roles = [(r["title"], r["kind"], r["scope"], ", ".join(f"`{p}`" for p in r["permissions"]) or "none") for r in loaded["roles"].values()]
    return f"# Permissions and roles\n\n{permissions}\n## Roles\n\n" + table(["Role", "Kind", "Scope", "May"], roles)


def settings_page() -> str:
    variables = [
        (f"`{v.name}`", f"`{v.default}`" if v.default else "", v.meaning) for v in DECLARED.values() if v.name != "SCHOOLGATE_HOME"
    ]
    variables.insert(0, ("`SCHOOLGATE_HOME`", "`var`", DECLARED["SCHOOLGATE_HOME"].meaning))
    settings = data.load("rules/settings.yaml")["settings"]
    rows = [
        (f"`{key}`", s["question"], s["type"], s.get("default", ""), floor_of(s), "yes" if s.get("locked") else "")
        for key, s in settings.items()
    ]
    school = table(["Setting", "Question", "Type", "Default", "Floor", "Locked"], rows)
    ours = table(["Variable", "Default", "Meaning"], variables)
    return f"# Settings\n\n## Of the installation\n\n{ours}\n## Of a trust and its schools\n\n{school}"


def floor_of(setting: dict[str, Any]) -> str:
    """The floor of a setting without its reason."""
    return ", ".join(f"{key}: {value}" for key, value in (setting.get("floor") or {}).items() if key != "reason")


def commands_page() -> str:
    root = typer.main.get_command(application(["docs"]))
    parts = [f"## `{name}`\n\n{command.help or ''}\n\n{parameters(command)}" for name, command in walk(root, "schoolgate")]
    return "# Commands\n\n" + "\n".join(parts)


def walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command below a group, with the words that call it."""
    if hasattr(command, "commands"):
        for word, below in sorted(command.commands.items()):
            yield from walk(below, f"{name} {word}")
    else:
        yield name, command


def parameters(command: click.Command) -> str:
    """The arguments and options of one command."""
    rows = []
    for parameter in command.params:
        if parameter.name != "help":
            names = (
                ", ".join(f"`{o}`" for o in parameter.opts)
                if parameter.param_type_name == "option"
                else f"`{(parameter.name or '').upper()}`"
            )
            rows.append((names, getattr(parameter, "help", None) or ""))
    return table(["Argument or option", "Meaning"], rows) if rows else ""


def urls_page() -> str:
    patterns = dict(addresses(get_resolver().url_patterns, "/", ""))
    rows = [
        (f"`{patterns[r.name]}`", f"`{r.name}`", r.action, r.resource, r.data, r.tenant, r.needs or ("anyone" if r.public else "signed in"))
        for r in routes.rows().values()
        if r.name in patterns
    ]
    return "# Addresses\n\nEvery address has a policy row; one without a row is not answered.\n\n" + table(
        ["Address", "Name", "Does", "To", "Data", "Tenant", "Needs"], sorted(rows)
    )


def addresses(patterns: list[Any], prefix: str, space: str) -> Iterator[tuple[str, str]]:
    """Every named address below a list of patterns."""
    for pattern in patterns:
        here = prefix + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, here, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}", here


WRITERS = {
    "controls": controls_page,
    "states": states_page,
    "permissions": permissions_page,
    "settings": settings_page,
    "commands": commands_page,
    "urls": urls_page,
}


def main(check: bool) -> int:
    """Write every page, or compare it; the exit code says whether all of them are true."""
    stale = []
    for name, write in WRITERS.items():
        page, text = PAGES / f"{name}.md", MADE + write()
        if check and (not page.exists() or page.read_text(encoding="utf-8") != text):
            stale.append(page.name)
        elif not check:
            PAGES.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")
    if stale:
        print(f"docs/reference is behind the code: {', '.join(stale)}. Run `make docs` and commit what it writes.")  # noqa: T201
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
