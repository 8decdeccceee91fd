"""Commands about one policy document: read it, check it, match it to controls. No database and no Django."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from schoolgate.common import clock
from schoolgate.contracts.commands import group
from schoolgate.policytext import Document, Unreadable, check, match, read_safely
from schoolgate.policytext.law.checking import NATIONS

app = group("policy", "One policy document: its clauses, its law, the controls that could carry it.")
say = Console(stderr=True, soft_wrap=True)

COLOURS = {"error": "bold red", "warn": "yellow", "info": "dim"}

File = Annotated[Path, typer.Argument(metavar="FILE", help="Policy as docx, doc, odt, pdf, rtf, html, md, rst or txt", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output and nothing else")]


@app.command("read")
def read_command(file: File, as_json: AsJson = False) -> None:
    """Read a policy into clauses."""
    document = _document(file)
    if as_json:
        _print_json(document.as_json())
        return
    out = Console()
    out.print(f"[bold]{escape(document.title or document.source.name)}[/bold]  {len(document.clauses)} clauses")
    for name in ("organisation", "version", "owner", "approved_on", "approved_by", "review_on"):
        value = getattr(document, name)
        out.print(f"{name.replace('_', ' ').capitalize()}: {escape(value) if value else 'not stated'}")
    rows = ((clause.ref, clause.modality.replace("_", " "), ", ".join(clause.actors), clause.text) for clause in document.clauses)
    out.print(_table(("Clause", "Force", "Who", "Text"), rows))
    for warning in document.warnings:
        say.print(f"{warning.ref + ': ' if warning.ref else ''}{warning.message}", style="yellow", markup=False)


@app.command("check")
def check_command(
    file: File,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Check as on this day, such as 2026-11-20; today unless said")
    ] = None,
    nation: Annotated[str, typer.Option(help=f"One of {', '.join(NATIONS)}")] = "england",
    as_json: AsJson = False,
) -> None:
    """Check a policy for out-of-date law, unsafe sentences and missing facts. Exit code 1 when there are errors."""
    day = _day(on)
    if nation not in NATIONS:
        _refuse(f"There are no rules for the nation {nation}. Choose one of: {', '.join(NATIONS)}.")
    report = check(_document(file), on=day, nation=nation)
    if as_json:
        _print_json(report.as_json())
    else:
        _show_report(report.as_json())
    if report.summary["error"]:
        raise typer.Exit(1)


@app.command("match")
def match_command(
    file: File,
    top: Annotated[int, typer.Option(min=1, max=20, help="Most suggestions for each clause")] = 3,
    as_json: AsJson = False,
) -> None:
    """Suggest the controls that could carry each clause, best first."""
    document = _document(file)
    matches = match(document, top=top)
    if as_json:
        _print_json({"source": document.as_json()["source"], "clauses": [found.as_json() for found in matches]})
        return
    rows = (
        (found.ref, found.text, "\n".join(f"{one.control} {one.score:.2f} ({one.why})" for one in found.suggestions) or "informational")
        for found in matches
    )
    Console().print(_table(("Clause", "Text", "Suggested controls"), rows))


def _document(file: Path) -> Document:
    try:
        return read_safely(file)
    except Unreadable as reason:
        _refuse(str(reason))
        raise


def _day(text: str | None) -> date:
    if text is None:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        _refuse(f"--on {text} is not a date. Write it as year-month-day, such as 2026-11-20.")
        raise


def _refuse(sentence: str) -> None:
    """Say why on standard error and leave with exit code 2."""
    say.print(sentence, style="red", markup=False, highlight=False)
    raise typer.Exit(2)


def _print_json(answer: dict[str, Any]) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _show_report(report: dict[str, Any]) -> None:
    counts = report["summary"]
    out = Console()
    out.print(
        f"[bold]{escape(report['source']['name'])}[/bold] on {report['on']}: "
        f"{_counted(counts['error'], 'error')}, {_counted(counts['warn'], 'warning')}, {_counted(counts['info'], 'note')}"
    )
    rows = (
        (
            finding["rule"],
            finding["severity"],
            finding["ref"] or "",
            finding["quote"] or "",
            finding["message"],
            finding["replaced_by"] or "",
        )
        for finding in report["findings"]
    )
    out.print(_table(("Rule", "Severity", "Clause", "Words", "What is wrong", "Say instead"), rows))


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(*heads, show_lines=False)
    for row in rows:
        table.add_row(*(f"[{COLOURS[cell]}]{cell}[/]" if cell in COLOURS else escape(cell) for cell in row))
    return table
