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
from schoolgate.policytext import (
    COVER,
    Alignment,
    Change,
    Clause,
    Document,
    Unreadable,
    align,
    check,
    compare,
    cover_of,
    match,
    read_safely,
)
from schoolgate.policytext.comparing.compare import KINDS as CHANGE_KINDS
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


TrustFile = Annotated[Path, typer.Argument(metavar="TRUST_FILE", help="The trust's text", show_default=False)]
SchoolFile = Annotated[Path, typer.Argument(metavar="SCHOOL_FILE", help="The school's own text", show_default=False)]
VERDICT_COLOURS = {"same": "green", "stricter": "cyan", "looser": "bold red", "missing": "yellow"}


@app.command("align")
def align_command(trust_file: TrustFile, school_file: SchoolFile, as_json: AsJson = False) -> None:
    """Set a school's text beside the principles of its trust: same, stricter, looser or missing."""
    found = align(_document(trust_file), _document(school_file))
    if as_json:
        _print_json(found.as_json())
    else:
        _show_alignment(found)


def _show_alignment(found: Alignment) -> None:
    out = Console()
    out.print(", ".join(f"{count} {verdict}" for verdict, count in found.summary.items()))
    table = Table("Principle", "The trust says", "Verdict", "The school says", "Why")
    for one in found.principles:
        if one.verdict is not None:
            passages = "\n".join(f"{clause.ref} {clause.text}" for clause in one.school)
            passages = passages or "".join(f"Nothing; nearest is {clause.ref}: {clause.text}" for clause in one.nearest[:1])
            verdict = f"[{VERDICT_COLOURS[one.verdict]}]{one.verdict}[/]"
            table.add_row(escape(one.ref), escape(one.text), verdict, escape(passages), escape(one.why))
    out.print(table)


OldFile = Annotated[Path, typer.Argument(metavar="OLD_FILE", help="The version before", show_default=False)]
NewFile = Annotated[Path, typer.Argument(metavar="NEW_FILE", help="The new version", show_default=False)]


@app.command("compare")
def compare_command(old_file: OldFile, new_file: NewFile, as_json: AsJson = False) -> None:
    """Say what changed from one version of a policy to the next, clause by clause."""
    old, new = _document(old_file), _document(new_file)
    changes = compare(_with_cover(old), _with_cover(new))
    counts = {kind: sum(change.kind == kind for change in changes) for kind in CHANGE_KINDS}
    if as_json:
        rows = [change.as_json() for change in changes]
        _print_json({"before": old.as_json()["source"], "after": new.as_json()["source"], "changes": rows, "summary": counts})
        return
    out = Console()
    out.print(", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in counts.items()))
    out.print(_table(("Before", "After", "Change", "Words"), (_changed(change) for change in changes if change.kind != "kept")))


def _with_cover(document: Document) -> tuple[Clause, ...]:
    return (*cover_of(aside.text for aside in document.asides if aside.kind == COVER), *document.clauses)


def _changed(change: Change) -> tuple[str, ...]:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    words = " ".join(marks[kind].format(words) for kind, words in change.pieces)
    kind = change.kind.replace("_", " ") + (", moved" if change.moved and change.kind != "moved" else "")
    return " ".join(change.before), " ".join(change.after), kind, words


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
