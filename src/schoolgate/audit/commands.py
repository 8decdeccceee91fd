"""`schoolgate audit`: verify the log, and make the checkpoints that let somebody outside verify it."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from django.conf import settings

from schoolgate.audit import actions, checkpoints, keys, queries
from schoolgate.audit.checkpoints import Checkpoint
from schoolgate.audit.rules import INSTALLATION, written_time
from schoolgate.common.actors import system
from schoolgate.common.errors import BadInput
from schoolgate.contracts.commands import group

app = group("audit", "Verify the tamper-evident log, and make checkpoints to verify it by")

BROKEN = 1
_ENOUGH = checkpoints.LONGEST + 1  # whatever is longer is refused by its length


@app.command()
def verify(
    checkpoint: Annotated[Path | None, typer.Option(help="A checkpoint file, or - to read it from standard input")] = None,
    key: Annotated[str, typer.Option(help="The public key to check it by, 64 hex digits; this installation's when left out")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One object on standard output")] = False,
) -> None:
    """Recompute every chain and say the first bad entry of each broken one. Exit code 1 when one is broken."""
    report = _report(_read(checkpoint, key) if checkpoint else None)
    if as_json:
        typer.echo(json.dumps(report))
    else:
        _show(report)
    if not report["ok"]:
        raise typer.Exit(BROKEN)


@app.command()
def checkpoint(file: Annotated[Path | None, typer.Argument(help="Where to write it; standard output when left out")] = None) -> None:
    """Say, signed, where every chain ends now. Print it or mail it: it must be kept outside this machine."""
    text = actions.export_checkpoint(by=system("audit checkpoint"))
    if file is None:
        sys.stdout.write(text)
    else:
        _write(file, text)
    public_key = checkpoints.public_bytes(keys.existing_key(settings.AUDIT_KEY_FILE))
    typer.echo(f"Signed with the key {checkpoints.key_id(public_key)}.", err=True)


def _read(file: Path, key: str) -> Checkpoint:
    try:
        text = sys.stdin.read(_ENOUGH) if str(file) == "-" else _beginning(file)
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(f"{file} cannot be read ({_reason(fault)}); give the file that `schoolgate audit checkpoint` wrote.") from fault
    if not key:
        return checkpoints.verify_checkpoint(text, checkpoints.public_bytes(keys.existing_key(settings.AUDIT_KEY_FILE)))
    try:
        public_key = bytes.fromhex(key)
    except ValueError:
        public_key = b""
    if len(public_key) != 32:
        raise BadInput("The key given with --key is no public key; it is the 64 hex digits on the checkpoint's line Key.")
    return checkpoints.verify_checkpoint(text, public_key)


def _beginning(file: Path) -> str:
    with file.open(encoding="utf-8") as source:
        return source.read(_ENOUGH)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise BadInput(f"{file} cannot be written ({_reason(fault)}); name a file in a folder you may write to.") from fault


def _reason(fault: Exception) -> str:
    return (fault.strerror if isinstance(fault, OSError) else None) or "not text"


def _report(witness: Checkpoint | None) -> dict[str, Any]:
    """What `--json` prints: each chain's verdict, and what else a reader of the verdict must know."""
    trusts = queries.chains()[0]
    found = [_chain(trust_id, witness) for trust_id in sorted({*trusts, *(witness.chains if witness else ())}, key=lambda trust: trust.int)]
    faults, warnings = queries.troubles(), queries.openings()
    if witness and (late := checkpoints.turned_back(witness, queries.newest_serial())):
        warnings.append(late)
    held_to = witness and {"serial": witness.serial, "made": written_time(witness.made), "key": checkpoints.key_id(witness.public_key)}
    return {
        "ok": not faults and all(chain["ok"] for chain in found),
        "checkpoint": held_to,
        "chains": found,
        "faults": faults,
        "warnings": warnings,
    }


def _chain(trust_id: UUID, witness: Checkpoint | None) -> dict[str, Any]:
    verdict, head = queries.verdict(trust_id, witness)
    return {
        "trust": str(trust_id),
        "ok": verdict.ok,
        "entries": verdict.entries,
        "head": {"number": head.number, "hash": head.hash.hex()},
        "first_bad": verdict.first_bad,
        "fault": verdict.fault,
        "explained": list(verdict.explained),
    }


def _show(report: dict[str, Any]) -> None:
    for warning in report["warnings"]:
        typer.echo(f"Note: {warning}", err=True)
    for fault in report["faults"]:
        typer.echo(f"BROKEN  {fault}")
    for chain in report["chains"]:
        name = "The installation's own chain" if UUID(chain["trust"]) == INSTALLATION else f"Trust {chain['trust']}"
        if chain["ok"]:
            but = f" Breaks explained by a person: entry {', '.join(map(str, chain['explained']))}." if chain["explained"] else ""
            typer.echo(f"Sound   {name}: {_count(chain['entries'])}, ending in {chain['head']['hash'][:16]}.{but}")
        else:
            where = f" First bad entry: {chain['first_bad']}." if chain["first_bad"] else ""
            typer.echo(f"BROKEN  {name}.{where} {chain['fault']}")
    if not report["chains"]:
        typer.echo("Nothing has been recorded yet.")
    elif report["checkpoint"] is None:
        typer.echo("Held against the chains' own heads only; give --checkpoint to show that nothing was cut off or written anew.", err=True)


def _count(entries: int) -> str:
    return "1 entry" if entries == 1 else f"{entries:,} entries"
