"""The library, the import page, a policy with its history, and its text as people read it."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from schoolgate import policytext
from schoolgate.people import queries as people
from schoolgate.people.permissions import Permission
from schoolgate.policies import actions, queries, reading, rules
from schoolgate.policies.forms.documents import AdoptForm, ImportForm
from schoolgate.policies.models import Clause, PolicyVersion
from schoolgate.policies.views.answers import answered, sent, trail


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Every policy in reach: the trust's first, then school by school."""
    scope = request.scope  # type: ignore[attr-defined]
    context = {
        "shelves": queries.library(scope),
        "may_import": scope.may_anywhere(Permission.POLICY_EDIT),
        "may_see_settings": scope.may_anywhere(Permission.SETTING_VIEW),
        "may_see_map": scope.may_anywhere(Permission.REPORT_TRUST),
        "scope": scope,
    }
    return render(request, "policies/policy_list.html", context)


@require_http_methods(["GET", "POST"])
def import_document(request: HttpRequest) -> HttpResponse:
    """Upload a document. It becomes a draft that shows what was understood."""
    scope = request.scope  # type: ignore[attr-defined]
    rules.check_can_import(scope)
    files = request.FILES if request.method == "POST" else None
    form = ImportForm(sent(request), files, places=places(scope), initial={"place": request.GET.get("place", "")})
    made: list[PolicyVersion] = []
    if answered(request, form, lambda told: made.append(_import(scope, told))):
        version = made[0]
        counts = queries.progress(scope, [version.id])[version.id]
        messages.success(request, f"{version.source_name} is imported as version {version.number}: {counts.total} clauses were read.")
        return redirect("policies:reading", version.id)
    context = {"form": form, "breadcrumbs": trail(("Import a document", ""))}
    return render(request, "policies/import_form.html", context)


def places(scope: Any) -> list[tuple[str, str]]:
    """What an import can become: the next version of a policy, or a new policy of a school or the trust."""
    schools = [school for school in people.schools(scope) if scope.may(Permission.POLICY_EDIT, school.id)]
    own = [row for row in queries.policies_for(scope) if scope.may(Permission.POLICY_EDIT, row.school_id)]
    places = [(f"policy:{row.id}", f"The next version of {row.title} ({row.school or row.trust})") for row in own]
    places += [(f"school:{school.id}", f"A new policy of {school.name}") for school in schools]
    return [*places, *([("trust:", "A new policy of the trust")] if scope.may(Permission.POLICY_EDIT, None) else [])]


def _import(scope: Any, told: dict[str, Any]) -> PolicyVersion:
    kind, _, key = told["place"].partition(":")
    document, pictures = _read(told["file"])
    return actions.import_version(
        document=document,
        pictures=pictures,
        policy=queries.policy(scope, UUID(key)) if kind == "policy" else None,
        school=queries.school(scope, UUID(key)) if kind == "school" else None,
        title=told["title"],
        by=scope,
    )


def _read(upload: UploadedFile) -> tuple[policytext.Document, tuple[policytext.Picture, ...]]:
    """The uploaded document, read in a process of its own. The file is gone again when it has been read."""
    with tempfile.TemporaryDirectory(prefix="schoolgate-import-") as folder:
        path = Path(folder) / Path(str(upload.name)).name
        path.write_bytes(upload.read())
        return reading.read_file(path)


@require_safe
def detail(request: HttpRequest, policy_id: UUID) -> HttpResponse:
    """One policy: its versions, and the schools that adopted it."""
    scope = request.scope  # type: ignore[attr-defined]
    policy = queries.policy(scope, policy_id)
    versions = queries.versions_of(scope, policy_id)
    context = {
        "policy": policy,
        "versions": versions,
        "newest": next(iter(versions), None),
        "taken": queries.taken_from(scope, versions[0]) if versions else None,
        "adoptions": queries.adoptions_of(scope, policy_id) if policy.school_id is None else [],
        "may_edit": scope.may(Permission.POLICY_EDIT, policy.school_id),
        "may_adopt": policy.school_id is None
        and any(row.state == "in_force" for row in versions)
        and scope.may_anywhere(Permission.POLICY_ADOPT),
        "breadcrumbs": trail((policy.title, "")),
    }
    return render(request, "policies/policy_detail.html", context)


@require_safe
def text(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A version for plain reading, clause by clause."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    context = {
        "version": version,
        "sections": _sections(queries.clauses_of(scope, version_id), str(version.facts.get("title") or "")),
        "breadcrumbs": trail((version.policy.title, reverse("policies:detail", args=[version.policy_id])), ("Text", "")),
    }
    return render(request, "policies/version_text.html", context)


def _sections(clauses: list[Clause], title: str) -> list[dict[str, Any]]:
    """Clauses under the headings and lead-ins they stand under, in reading order; a heading is shown where it changes.

    The document's own title stands at the top of the page already.
    """
    sections: list[dict[str, Any]] = []
    for clause in clauses:
        if not sections or sections[-1]["path"] != clause.path:
            before = sections[-1]["path"] if sections else []
            pairs = zip(before, clause.path, strict=False)
            shared = next((place for place, (old, new) in enumerate(pairs) if old != new), min(len(before), len(clause.path)))
            fresh = [heading for heading in clause.path[shared:] if heading != title]
            sections.append({"path": clause.path, "fresh": fresh, "clauses": []})
        sections[-1]["clauses"].append(clause)
    return sections


@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, policy_id: UUID) -> HttpResponse:
    """A school takes a trust policy as its own."""
    scope = request.scope  # type: ignore[attr-defined]
    policy = queries.policy(scope, policy_id)
    schools = {str(school.id): school for school in people.schools(scope) if scope.may(Permission.POLICY_ADOPT, school.id)}
    form = AdoptForm(sent(request), places=[(key, school.name) for key, school in schools.items()])

    def act(told: dict[str, Any]) -> None:
        actions.adopt(policy=policy, school=schools[told.pop("place")], by=scope, **told)

    if answered(request, form, act):
        messages.success(request, f"“{policy.title}” now holds at the school.")
        return redirect("policies:detail", policy.id)
    here = (policy.title, reverse("policies:detail", args=[policy.id]))
    context = {"form": form, "policy": policy, "breadcrumbs": trail(here, ("Adopt", ""))}
    return render(request, "policies/adopt_form.html", context)
