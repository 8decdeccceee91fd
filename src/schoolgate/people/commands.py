"""`schoolgate people`: a school is opened; a list of adults, or a roster of pupils, guardians and adults, goes into the registers."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings

from schoolgate.common import clock
from schoolgate.common.errors import BadInput
from schoolgate.contracts.commands import group
from schoolgate.people import actions, queries, roster
from schoolgate.people.comparison import Plan
from schoolgate.people.models import Nation, Phase, School, Trust
from schoolgate.people.rosters import reading
from schoolgate.people.rosters.layouts import LAYOUTS
from schoolgate.people.rosters.tables import is_roster
from schoolgate.people.trust_comparison import TrustPlan

app = group("people", "Open a school; bring people in from a list")

FORMATS = ("auto", "csv", *LAYOUTS)
SOME_LISTED = 1
PROCESS = "people import"
OPENING = "people open"


@app.callback()
def people() -> None:
    """Open a school; bring people in from a list."""


@app.command(name="import")
def import_(
    path: Annotated[Path, typer.Argument(help="A CSV file in UTF-8, or the folder or zip of a OneRoster or School Data Sync export")],
    format_: Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}")] = "auto",
    school: Annotated[str, typer.Option(help="The school's reference; a roster without it is of the whole trust")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object on standard output")] = False,
) -> None:
    """Write people into the registers. Exit code 1 when some rows could not be used."""
    if format_ not in FORMATS:
        raise BadInput(f"There is no format {format_}. Use one of: {', '.join(FORMATS)}.")
    if format_ in LAYOUTS or (format_ == "auto" and is_roster(path)):
        _import_roster(path, format_, school, dry_run, as_json)
        return
    found = _school(school)
    read = _read(path)
    scope = queries.scope_of_process(PROCESS, found.trust)
    plan = queries.roster_plan(scope, found, read, clock.today()) if dry_run else actions.import_roster(school=found, roster=read, by=scope)
    if as_json:
        typer.echo(json.dumps(_report(path, found, plan, dry_run)))
    else:
        _show(path, found, plan, dry_run)
    if plan.listed:
        raise typer.Exit(SOME_LISTED)


@app.command(name="open")
def open_(
    name: Annotated[str, typer.Argument(help="The school's name")],
    ref: Annotated[str, typer.Option(help="A short name for addresses and commands, such as alder-park")],
    phase: Annotated[str, typer.Option(help=f"One of {', '.join(Phase.values)}")],
    head: Annotated[str, typer.Option(help="The head's given name and family name")],
    email: Annotated[str, typer.Option(help="The address the head signs in with")],
    nation: Annotated[str, typer.Option(help=f"One of {', '.join(Nation.values)}")] = Nation.ENGLAND.value,
    urn: Annotated[str, typer.Option(help="Its number in the national register")] = "",
    trust: Annotated[str, typer.Option(help="The reference of the trust it joins; a school without one stands alone")] = "",
) -> None:
    """Set up a school and its head, who signs in by a code sent by e-mail and sets up the rest on the pages."""
    given, _, family = head.strip().rpartition(" ")
    about = actions.NewSchool(ref, name.strip(), phase, nation, urn)
    owner = _trust_named(trust) if trust else None
    actions.set_up_school(about=about, head=actions.Head(given, family, email.strip().lower()), trust=owner, process=OPENING)
    typer.echo(f"{about.name} is open. {head.strip()} signs in at {settings.BASE_URL}/account/login/ with “E-mail me a code”.")


def _trust_named(ref: str) -> Trust:
    known = {one.ref: one for one in queries.trusts()}
    if ref in known:
        return known[ref]
    at_hand = f"Known: {', '.join(sorted(known)[:20])}." if known else "None is here yet: leave --trust out."
    raise BadInput(f"There is no trust with the reference {ref}. {at_hand}")


def _import_roster(path: Path, format_: str, school: str, dry_run: bool, as_json: bool) -> None:
    """A roster of the whole trust, or of one school of it."""
    only = _school(school) if school else None
    trust = only.trust if only else _trust()
    read = reading.read(path)
    if format_ not in ("auto", read.layout):
        raise BadInput(f"{path.name} is written as {read.layout}, not {format_}. Leave --format out, or name that one.")
    scope = queries.scope_of_process(PROCESS, trust)
    today = clock.today()
    plan = queries.trust_roster_plan(scope, read, today, only) if dry_run else actions.import_trust_roster(roster=read, only=only, by=scope)
    if as_json:
        typer.echo(json.dumps(_trust_report(path, plan, dry_run)))
    else:
        _show_trust(path, plan, dry_run)
    if plan.refused:
        raise typer.Exit(SOME_LISTED)


def _trust() -> Trust:
    every = list(queries.trusts())
    if len(every) == 1:
        return every[0]
    known = ", ".join(sorted(one.ref for one in queries.every_school())[:20])
    raise BadInput(
        f"There are several trusts here. Say which school with --school. Known: {known}."
        if every
        else "There is no trust yet. Open a school first with `schoolgate people open`, or try `schoolgate demo`."
    )


def _trust_report(path: Path, plan: TrustPlan, dry_run: bool) -> dict[str, Any]:
    return {
        "source": path.name,
        "format": plan.layout,
        "dry_run": dry_run,
        "rows": plan.people_in,
        **plan.counts,
        "links": len(plan.ties),
        "listed": [{"file": one.file, "line": one.line, "reason": one.reason} for one in plan.refused],
        "missing": {"adults": [str(one.person_id) for one in plan.missing_adults], "pupils": [str(one) for one in plan.missing_pupils]},
        "warnings": plan.warnings,
    }


def _show_trust(path: Path, plan: TrustPlan, dry_run: bool) -> None:
    said = "Would change" if dry_run else "Imported"
    typer.echo(f"{said}: {path.name}, {LAYOUTS[plan.layout].title}, {plan.people_in} people, {len(plan.refused)} not used.")
    for who, counts in plan.counts.items():
        typer.echo(f"  {who}: " + ", ".join(f"{number} {kind}" for kind, number in counts.items()))
    typer.echo(f"  links between pupils and guardians: {len(plan.ties)} new")
    for one in plan.refused:
        typer.echo(one.sentence)
    for warning in plan.warnings:
        typer.echo(warning, err=True)
    missing = len(plan.missing_adults) + len(plan.missing_pupils)
    if missing:
        typer.echo(f"{missing} people here are not in the files. They stay; write down their last day if they have left.")


def _school(ref: str) -> School:
    """The school meant; BadInput with the references to choose from when it is not clear."""
    every = {one.ref: one for one in queries.every_school()}
    if not every:
        raise BadInput("There is no school yet. Open one first with `schoolgate people open`, or try `schoolgate demo`.")
    if not ref and len(every) == 1:
        return next(iter(every.values()))
    if ref in every:
        return every[ref]
    known = ", ".join(sorted(every)[:20])
    raise BadInput(
        f"There is no school with the reference {ref}. Known: {known}." if ref else f"Say which school with --school. Known: {known}."
    )


def _read(path: Path) -> roster.Roster:
    try:
        with path.open("rb") as file:
            return roster.read(file, path.name)
    except OSError as fault:
        raise BadInput(f"{path} cannot be read ({(fault.strerror or 'unknown reason').lower()}). Check the path and try again.") from fault


def _report(path: Path, school: School, plan: Plan, dry_run: bool) -> dict[str, Any]:
    return {
        "source": path.name,
        "school": school.ref,
        "dry_run": dry_run,
        "rows": plan.rows_in,
        **plan.counts,
        "listed": [{"line": one.line, "reason": one.reason} for one in plan.listed],
        "missing": [str(one.person_id) for one in plan.missing],
        "warnings": plan.warnings,
    }


def _show(path: Path, school: School, plan: Plan, dry_run: bool) -> None:
    """The outcome in lines: what was done, then what was not, each with what to do."""
    counts = ", ".join(f"{number} {kind}" for kind, number in plan.counts.items())
    said = "Would change" if dry_run else "Imported"
    typer.echo(f"{said} the register of {school.name} from {path.name}: {plan.rows_in} rows, {counts}, {len(plan.listed)} not used.")
    for one in plan.listed:
        typer.echo(one.reason)
    for warning in plan.warnings:
        typer.echo(warning, err=True)
    if plan.missing:
        typer.echo(f"{len(plan.missing)} on the register are not in the list. They stay; write down their last day if they have left.")
