"""A version as files to hand on, and a bundle of another school as a draft here."""

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
from schoolgate.common import clock
from schoolgate.people.access import Scope
from schoolgate.policies import actions, bundling, exporting, queries, rules
from schoolgate.policies.forms.delivery import BundleForm
from schoolgate.policies.models import AdoptedFrom, PolicyVersion
from schoolgate.policies.rules import settling
from schoolgate.policies.views.answers import answered, sent, trail
from schoolgate.policies.views.library import places
from schoolgate.policies.views.public import file_of, kinds


@require_safe
def export(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The ways a version can be taken along, and where it came from."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    came = queries.trail_of(scope, version)
    context = {
        "version": version, "kinds": kinds(), "trail": came,
        "changed": [(rules.CHANGES[kind], count) for kind, count in came.changed.items()] if came else [],
        "settings": _settings(scope, version, came.taken) if came else [], "columns": ["Setting", "There", "Here"],
        "breadcrumbs": trail((version.policy.title, reverse("policies:detail", args=[version.policy_id])), ("Files", "")),
    }  # fmt: skip
    return render(request, "policies/version_files.html", context)


def _settings(scope: Scope, version: PolicyVersion, taken: AdoptedFrom) -> list[list[str]]:
    """The settings a text was written for, there and here, as rows of a table. Settings and values we do not have are left out."""
    known = bundling.settings_we_have(taken.settings)
    here = queries.standings(scope, version.policy.school, keys=[row["key"] for row in known])
    return [
        [str(one.told["question"]), settling.shown(row["key"], row["value"]), settling.shown(row["key"], one.value)]
        for row in known
        for one in [here[row["key"]]]
    ]


@require_safe
def version_file(request: HttpRequest, version_id: UUID, kind: str) -> HttpResponse:
    """A version as PDF, Word or Markdown, or as a bundle for another school."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    if kind != "bundle":
        return file_of(request, scope, version, kind)
    data = policytext.bundle(queries.bundle_of(scope, version, clock.today()), exporting.cover(version))
    name = exporting.file_name(version, "bundle.zip")
    return HttpResponse(data, content_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_http_methods(["GET", "POST"])
def import_bundle(request: HttpRequest) -> HttpResponse:
    """Upload a bundle of another school. It becomes a draft that keeps the trail of where it came from."""
    scope = request.scope  # type: ignore[attr-defined]
    rules.check_can_import(scope)
    form = BundleForm(sent(request), request.FILES if request.method == "POST" else None, places=places(scope))
    made: list[PolicyVersion] = []
    unknown: list[str] = []

    def act(told: dict[str, Any]) -> None:
        bundle = _read(told["file"])
        kind, _, key = told["place"].partition(":")
        unknown.extend(bundling.unknown_controls(bundle))
        made.append(
            actions.import_bundle(
                bundle=bundle, policy=queries.policy(scope, UUID(key)) if kind == "policy" else None,
                school=queries.school(scope, UUID(key)) if kind == "school" else None, title=told["title"], by=scope,
            )
        )  # fmt: skip

    if answered(request, form, act):
        messages.success(request, "It is a draft now. What the other school joined its clauses to is suggested first: look and accept.")
        if unknown:
            messages.info(request, f"Left out, because this version does not know them: {', '.join(unknown[:20])}.")
        return redirect("policies:export", made[0].id)
    return render(request, "policies/bundle_form.html", {"form": form, "breadcrumbs": trail(("Take over a bundle", ""))})


def _read(upload: UploadedFile) -> policytext.Bundle:
    """The uploaded bundle, read in a process of its own. The file is gone again when it has been read."""
    with tempfile.TemporaryDirectory(prefix="schoolgate-bundle-") as folder:
        path = Path(folder) / Path(str(upload.name)).name
        path.write_bytes(upload.read())
        return policytext.read_bundle(path)
