"""Readings on the command line."""

import json
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from schoolgate.assurance import actions, catalogue, queries
from schoolgate.assurance.models import Assessment, Reading
from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.contracts.commands import group
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import School

app = group("")
TITLES = {"broken": "Broken", "due": "Due", "no_data": "No data", "met": "Met", "not_applicable": "Not applicable"}

FAULTS = {"broken": "broken", "late": "late", "due": "due", "lapsing": "about to lapse"}


@app.command()
def assess(
    school: Annotated[str, typer.Option(help="The school's short name (ref) or id", show_default=False)],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Take readings for this day; today when left out")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object on standard output")] = False,
) -> None:
    """Take readings of every control at a school and print them by state."""
    by, found = _school(school)
    assessment = actions.assess(school=found, on=on.date() if on else clock.today(), by=by)
    rows = _rows(assessment)
    if as_json:
        typer.echo(json.dumps(_answer(found, assessment, rows), ensure_ascii=False, indent=2))
    else:
        _print(found, assessment.on, rows)


def _school(name: str) -> tuple[Scope, School]:
    """The school with this ref or id in whichever trust it is, and the scope of this command there."""
    for scope in people.scopes_of_process("assess command"):
        try:
            return scope, queries.school_called(scope, name)
        except NotFound:
            continue
    raise NotFound(f"There is no school called {name} on this installation. Give its ref, such as alder-park.")


def _rows(assessment: Assessment) -> list[dict[str, Any]]:
    """The readings, worst first."""
    order = list(TITLES)
    readings = sorted(queries.readings_of(assessment).values(), key=lambda reading: (order.index(reading.state), reading.control))
    return [
        {
            "control": reading.control, "title": catalogue.controls()[reading.control].title, "state": reading.state,
            "good": reading.good, "counted": reading.counted, "why": reading.why or _faults(reading),
            "lines": {line: tally["state"] for line, tally in reading.lines.items()},
        }
        for reading in readings
    ]  # fmt: skip


def _faults(reading: Reading) -> str:
    """What is not in order, in numbers: `4 broken, 1 due`."""
    standings = reading.measured.get("standings", {})
    return ", ".join(f"{standings[name]} {word}" for name, word in FAULTS.items() if standings.get(name))


def _answer(school: School, assessment: Assessment, rows: list[dict[str, Any]]) -> dict[str, Any]:
    carried = {row["control"] for row in rows}
    return {
        "school": {"ref": school.ref, "name": school.name},
        "on": assessment.on.isoformat(),
        "taken_at": assessment.taken_at.isoformat(),
        "readings": rows,
        "not_carried": [ref for ref in catalogue.controls() if ref not in carried],
        "summary": {state: sum(row["state"] == state for row in rows) for state in TITLES},
    }


def _print(school: School, on: date, rows: list[dict[str, Any]]) -> None:
    console = Console()
    table = Table("State", "Control", "Count", "Why", title=f"{school.name}, {clock.in_words(on)}", title_justify="left")
    for row in rows:
        count = f"{row['good']} of {row['counted']}" if row["counted"] else ""
        table.add_row(TITLES[row["state"]], f"{row['title']}\n[dim]{row['control']}[/dim]", count, escape(row["why"]))
    console.print(table)
    console.print(f"{len(rows)} controls read; {len(catalogue.controls()) - len(rows)} of the catalogue are not carried by this version.")
