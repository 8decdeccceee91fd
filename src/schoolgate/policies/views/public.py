"""What anybody may read without signing in: the policies in force at a school, each as a page and as files."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from schoolgate.common import pdf
from schoolgate.common.errors import NotFound
from schoolgate.people.access import Scope
from schoolgate.policies import exporting, queries
from schoolgate.policies.models import PolicyVersion


@require_safe
def public_list(request: HttpRequest, school: str) -> HttpResponse:
    """The policies in force at a school that are public."""
    found, scope = queries.public_school(school)
    return render(request, "policies/public_list.html", {"school": found, "rows": queries.public_policies(scope, found.id)})


@require_safe
def public_policy(request: HttpRequest, school: str, policy_id: UUID) -> HttpResponse:
    """One policy in force, to read here or to take along."""
    found, scope = queries.public_school(school)
    one = queries.public_policy(scope, found.id, policy_id)
    context = {**page_of(scope, one.version), "school": found, "one": one, "kinds": kinds()}
    return render(request, "policies/public_policy.html", context)


@require_safe
def public_file(request: HttpRequest, school: str, policy_id: UUID, kind: str) -> HttpResponse:
    """The same as a file."""
    found, scope = queries.public_school(school)
    return file_of(request, scope, queries.public_policy(scope, found.id, policy_id).version, kind)


def kinds() -> list[tuple[str, str]]:
    """The kinds of file this machine can make."""
    return [(key, kind.title) for key, kind in exporting.KINDS.items() if key != "pdf" or pdf.can_draw()]


def page_of(scope: Scope, version: PolicyVersion) -> dict[str, Any]:
    """A version as a page or a PDF shows it."""
    lines = exporting.lines_of(version, queries.words_of(scope, version.id))
    return {"version": version, "facts": exporting.facts_of(version), "lines": lines}


def file_of(request: HttpRequest, scope: Scope, version: PolicyVersion, kind: str) -> HttpResponse:
    """A version as a file to keep. A plain page says so where this machine cannot draw a PDF."""
    told = exporting.KINDS.get(kind)
    if told is None:
        raise NotFound("There is no such kind of file")
    if kind == "pdf":
        try:
            data = _drawn(render_to_string("policies/policy_pdf.html", page_of(scope, version)))
        except pdf.NoPdf as missing:
            return render(request, "policies/no_pdf.html", {"version": version, "sentence": missing.sentence}, status=503)
    else:
        data = exporting.written(kind, version, queries.words_of(scope, version.id))
    name = exporting.file_name(version, told.ending)
    return HttpResponse(data, content_type=told.media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@lru_cache(maxsize=256)
def _drawn(html: str) -> bytes:
    """Drawing takes a second or two and anybody may ask: the same page is drawn once in each process."""
    return pdf.made_from(html)
