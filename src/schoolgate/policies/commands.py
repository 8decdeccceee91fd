"""Commands of this package: a policy document from the command line into the library."""

import json
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from schoolgate import policytext
from schoolgate.common.errors import BadInput
from schoolgate.contracts.commands import group
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import School
from schoolgate.policies import actions, queries, reading
from schoolgate.policies.models import Policy, PolicyVersion

app = group("policy", "One policy document: its clauses, its law, the controls that could carry it.")
say = Console(stderr=True, soft_wrap=True)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="Policy as docx, doc, odt, pdf, rtf, html, md, rst or txt", show_default=False)],
    school: Annotated[
        str, typer.Option("--school", help="The school's reference, or the trust's for a policy of the trust", show_default=False)
    ],
    title: Annotated[str, typer.Option(help="Title of a new policy; else the document's own")] = "",
    policy: Annotated[str, typer.Option(help="Id of the policy this is the next version of")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output and nothing else")] = False,
) -> None:
    """Store a policy document as a draft version."""
    scope, place = _place(school)
    try:
        document, pictures = reading.read_file(file)
    except policytext.Unreadable as unreadable:
        raise BadInput(str(unreadable), "file") from unreadable
    version = actions.import_version(
        document=document, pictures=pictures, policy=_policy(scope, policy, place), school=place, title=title, by=scope
    )
    told = _told(version, scope)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    counted = f"{told['clauses']} clauses, {told['findings']} findings, {len(version.warnings)} warnings"
    say.print(f"Imported “{told['title']}” as version {told['number']}: {counted}.", markup=False)
    say.print("It is a draft. Join its clauses on the page 'Policies'.", markup=False)


def _place(ref: str) -> tuple[Scope, School | None]:
    """The school with this reference, or None for the trust that has it, and the scope of a process over that trust."""
    for trust in people.trusts():
        scope = people.scope_of_process("policy import", trust)
        if trust.ref == ref:
            return scope, None
        found = people.schools(scope).filter(ref=ref).first()
        if found:
            return scope, found
    raise BadInput(f"There is no school or trust with the reference {ref}. References are listed on the page 'People'.", "school")


def _policy(scope: Scope, key: str, place: School | None) -> Policy | None:
    """The policy with this id, which must belong to the place that was named."""
    if not key:
        return None
    try:
        found = queries.policies_for(scope).filter(pk=UUID(key)).first()
    except ValueError:
        raise BadInput(f"{key} is not the id of a policy. Copy it from the address of the policy's page.", "policy") from None
    if found is None or found.school_id != (place.id if place else None):
        raise BadInput(f"There is no policy with the id {key} there. Copy it from the address of the policy's page.", "policy")
    return found


def _told(version: PolicyVersion, scope: Scope) -> dict[str, object]:
    return {
        "policy": str(version.policy_id),
        "version": str(version.id),
        "title": version.policy.title,
        "number": version.number,
        "state": version.state,
        "fingerprint": version.fingerprint,
        "clauses": queries.progress(scope, [version.id])[version.id].total,
        "findings": len(queries.findings_of(scope, version.id)),
        "warnings": version.warnings,
    }
