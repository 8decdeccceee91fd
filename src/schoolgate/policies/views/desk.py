"""The import desk: what was understood of a document, beside the document itself, and everything a person can put right in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.policies import actions, queries, reading, rules
from schoolgate.policies.forms.documents import AsideForm, BindingForm, FactsForm, NumberForm, SplitForm, WordsForm
from schoolgate.policies.models import CorrectionKind, PolicyCorrection, PolicyVersion
from schoolgate.policies.rules import corrections
from schoolgate.policies.rules.corrections import Correction, Piece
from schoolgate.policies.views.answers import answered, sent, stated, trail
from schoolgate.policies.views.outline import Box, boxes
from schoolgate.ui.forms import Form

How = Callable[[Sequence[Piece], int], Correction]
DONE = {
    CorrectionKind.MERGE: "Joined into one clause, {0}.",
    CorrectionKind.SPLIT: "Clause {0} is two clauses now.",
    CorrectionKind.NUMBER: "Clause {0} has its new number.",
    CorrectionKind.WORDS: "The words of clause {0} are corrected.",
    CorrectionKind.FORCE: "What clause {0} asks is corrected.",
    CorrectionKind.MOVE: "Clause {0} is moved.",
    CorrectionKind.SET_ASIDE: "Clause {0} is set aside. Its words are kept.",
    CorrectionKind.BRING_BACK: "It is clause {0} now.",
    CorrectionKind.UNDO: "The correction of {0} is taken back.",
}
AT_ONCE: dict[str, How] = {
    "merge": corrections.merge,
    "merge_back": corrections.merge_back,
    "up": lambda pieces, at: corrections.move(pieces, at, -1),
    "down": lambda pieces, at: corrections.move(pieces, at, 1),
    "back": corrections.bring_back,
}
ASKS: dict[str, tuple[type[Form], Callable[[Any], How]]] = {
    "words": (WordsForm, lambda told: lambda pieces, at: corrections.words(pieces, at, told["text"])),
    "number": (NumberForm, lambda told: lambda pieces, at: corrections.number(pieces, at, told["ref"])),
    "binding": (BindingForm, lambda told: lambda pieces, at: corrections.force(pieces, at, told["modality"])),
    "split": (SplitForm, lambda told: lambda pieces, at: corrections.split(pieces, at, told["place"])),
    "aside": (AsideForm, lambda told: lambda pieces, at: corrections.set_aside(pieces, at, told["aside"])),
}
FOLDED = 4
"""So many pieces of one kind set aside in a row are folded into one line."""

TOOLS = (  # what is posted, the button, its key
    ("words", "Correct words", "e"),
    ("number", "Renumber", "n"),
    ("split", "Split", "s"),
    ("merge", "Join next", "m"),
    ("merge_back", "Join previous", "b"),
    ("binding", "What it asks", "f"),
    ("up", "Move up", "["),
    ("down", "Move down", "]"),
    ("back", "Make a clause", "c"),
    ("aside", "Set aside", "x"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A piece as the desk shows it, with its mark."""

    piece: Piece
    mark: str
    chosen: bool

    @property
    def kind(self) -> str:
        one = self.piece
        return corrections.ASIDES.get(one.aside, one.aside) if one.aside else corrections.FORCES.get(one.modality, one.modality)


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces that follow each other: many of one kind that were set aside are folded into one line."""

    rows: list[Row]

    @property
    def folded(self) -> str:
        """What the line says; empty where the pieces are shown one by one. A chosen piece is never folded away."""
        one = self.rows[0].piece
        if not one.aside or len(self.rows) < FOLDED or any(row.chosen for row in self.rows):
            return ""
        return f"{len(self.rows)} lines set aside: {self.rows[0].kind.lower()}"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the cover: what counts, where it comes from, and what a person gave last time."""

    name: str
    label: str
    value: str
    source: str
    offered: str = ""


def _trail(version: PolicyVersion, *here: str) -> list[dict[str, str]]:
    policy = (version.policy.title, reverse("policies:detail", args=[version.policy_id]))
    own = (f"Version {version.number}", reverse("policies:version", args=[version.id]))
    listed = ("What was read", reverse("policies:reading", args=[version.id]) if here else "")
    return trail(policy, own, listed, *[(text, "") for text in here])


@require_safe
def desk(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """What was understood of a document: warnings and facts first, then its pieces in order, page by page."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    about = "" if "page" in request.GET else request.GET.get("at", "")
    leaf = queries.leaf(version, request.GET.get("page"), about)
    rows = _rows(leaf, about)
    done = queries.corrections_of(scope, version_id)
    context = {
        "version": version, "leaf": leaf, "runs": _runs(rows), "boxes": boxes(leaf.picture, [row.piece for row in rows]),
        "progress": queries.progress(scope, [version.id]).get(version.id, queries.Progress()),
        "facts": _facts(scope, version, done) if leaf.number == 1 else [],
        "warnings": _warnings(version) if leaf.number == 1 else [],
        "done": done, "repeated": [row for row in done if row.repeats_id],
        "tools": TOOLS, "asides": corrections.ASIDES, "page": Paginator(range(leaf.of), 1).page(leaf.number),
        "may_edit": rules.can_correct(version, scope), "denied": rules.refusal(rules.check_can_correct, version, scope),
        "unchecked": any(version.checked_at and row.at > version.checked_at for row in done),
        "breadcrumbs": _trail(version),
    }  # fmt: skip
    return render(request, "policies/reading_desk.html", context)


def _rows(leaf: queries.Leaf, about: str) -> list[Row]:
    chosen = next((place for place in leaf.shown if about in (leaf.pieces[place].id, leaf.pieces[place].ref) and about), None)
    return [Row(leaf.pieces[place], corrections.mark(leaf.pieces, place), place == chosen) for place in leaf.shown]


def _runs(rows: list[Row]) -> list[Run]:
    return [Run(list(group)) for _, group in groupby(rows, key=lambda row: row.piece.aside or row.piece.id)]


def _facts(scope: Any, version: PolicyVersion, done: list[PolicyCorrection]) -> list[Fact]:
    told, offers = version.facts, queries.facts_offered(scope, version)
    said = queries.pieces_that_say(version, told)
    people = {row.about: row.by for row in reversed(done) if row.kind == CorrectionKind.FACT}
    facts = []
    for name, label in reading.FACTS.items():
        value = stated(told.get(name)) if name in reading.DATES else told.get(name) or ""
        source = _source(name, told, people.get(name), said[name])
        offer = stated(offers.get(name)) if name in reading.DATES else offers.get(name, "")
        facts.append(Fact(name, label, value, source, offer))
    return facts


def _source(name: str, told: dict[str, Any], person: Any, said: Piece | None) -> str:
    if name in reading.by_hand(told):
        return f"Corrected by {person}" if person else "Corrected by a person"
    if not told.get(name):
        return "The document does not say"
    if said is None:
        return "Put together from several places"
    where = f"clause {said.ref}" if said.ref else corrections.ASIDES.get(said.aside, said.aside).lower()
    page = f", page {said.page}" if said.page else ""
    return f"From the {where}{page}: “{said.text[:80]}{'…' if len(said.text) > 80 else ''}”".replace("the clause", "clause")


def _warnings(version: PolicyVersion) -> list[dict[str, str]]:
    """What the reader was not sure of, with the fact it is about. A fact that somebody gave or put right since is settled."""
    told = []
    for warning in version.warnings:
        fact = warning["code"].partition("_")[2]
        if fact not in reading.FACTS:
            told.append({**warning, "fact": ""})
        elif fact not in reading.by_hand(version.facts):
            told.append({**warning, "fact": fact})
    return told


@require_safe
def picture(request: HttpRequest, version_id: UUID, number: int) -> HttpResponse:
    """The picture of one page of the document."""
    found = queries.picture(request.scope, version_id, number)  # type: ignore[attr-defined]
    return HttpResponse(bytes(found.picture), content_type=found.media_type, headers={"X-Content-Type-Options": "nosniff"})


# ------------------------------------------------------------------ correcting


@require_POST
def correct(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One press of a button of the desk, for the piece that is chosen. What needs an answer first has a page of its own."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    do, (key, _, seen) = request.POST.get("do", ""), request.POST.get("item", "").partition(":")
    try:
        if do == "undo":
            return _undo(request, version)
        if not key:
            raise BadInput("Choose a clause first, then what to do with it.")
        if do in ("words", "number", "split", "binding"):
            return redirect(reverse("policies:correct_clause", args=[_clause_to_ask(scope, key)]) + f"#{do}")
        made = actions.correct_reading(version=version, piece=key, seen=seen, how=_how(request, do), by=scope)
        messages.success(request, DONE[CorrectionKind(made.kind)].format(made.about))
        return redirect(_back_to(version, _piece_after(made)))
    except (BadInput, Denied) as refused:
        messages.error(request, refused.sentence)
    except ValueError:
        messages.error(request, "Choose a clause first, then what to do with it.")
    return redirect(_back_to(version, key))


def _clause_to_ask(scope: Any, key: str) -> UUID:
    try:
        return queries.clause(scope, UUID(key)).id
    except NotFound:
        raise BadInput("This text is set aside, or gone. Make a clause of it first.") from None


def _how(request: HttpRequest, do: str) -> How:
    if do == "aside":
        kind = request.POST.get("aside", "")
        return lambda pieces, at: corrections.set_aside(pieces, at, kind)
    if do not in AT_ONCE:
        raise BadInput("Choose what to do with the clause.")
    return AT_ONCE[do]


def _undo(request: HttpRequest, version: PolicyVersion) -> HttpResponse:
    """The correction that is named, or the last one."""
    scope = request.scope  # type: ignore[attr-defined]
    named = request.POST.get("correction", "")
    row = queries.correction(scope, UUID(named)) if named else next(iter(queries.corrections_of(scope, version.id)), None)
    if row is None or row.version_id != version.id:
        raise BadInput("Nothing has been corrected yet.")
    made = actions.undo_correction(correction=row, by=scope)
    messages.success(request, DONE[CorrectionKind.UNDO].format(reading.FACTS.get(made.about, made.about).lower()))
    return redirect(_back_to(version, _piece_after(made)))


def _piece_after(made: PolicyCorrection) -> str:
    """Where to look after a correction: the first piece of what stands there now."""
    return str(made.after[0]["id"]) if isinstance(made.after, list) and made.after else ""


def _back_to(version: PolicyVersion, key: str) -> str:
    address = reverse("policies:reading", args=[version.id])
    return f"{address}?at={key}" if key else address  # no fragment: it would take the focus from the clause


@require_http_methods(["GET", "POST"])
def correct_clause(request: HttpRequest, clause_id: UUID) -> HttpResponse:
    """One clause with everything that can be put right about it, each with a button of its own."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.clause(scope, clause_id)
    version = found.version
    leaf = queries.leaf(version, None, str(clause_id))
    at = next(place for place in leaf.shown if leaf.pieces[place].id == str(clause_id))
    piece, do = leaf.pieces[at], request.POST.get("do", "")
    asked = {name: _asked(form, piece, sent(request) if do == name else None) for name, (form, _) in ASKS.items()}
    if do in asked and answered(request, asked[do], lambda told: _correct(request, piece, ASKS[do][1](told))):
        return redirect(_back_to(version, str(clause_id)))
    context = {
        "version": version, "clause": found, "piece": piece, "mark": corrections.mark(leaf.pieces, at), "asked": asked,
        "sent": asked.get(do), "page_has_errors": do in asked, "points": _points(piece.text),
        "leaf": leaf, "boxes": boxes(leaf.picture, [piece]),
        "denied": rules.refusal(rules.check_can_correct, version, scope),
        "breadcrumbs": _trail(version, f"Clause {piece.ref}"),
    }  # fmt: skip
    return render(request, "policies/clause_correct.html", context)


def _asked(form: type[Form], piece: Piece, given: Any) -> Form:
    return form(given, initial={"text": piece.text, "ref": piece.ref, "modality": piece.modality})


def _correct(request: HttpRequest, piece: Piece, how: How) -> None:
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, queries.clause(scope, UUID(piece.id)).version_id)
    made = actions.correct_reading(version=version, piece=piece.id, seen=request.POST.get("mark", ""), how=how, by=scope)
    messages.success(request, DONE[CorrectionKind(made.kind)].format(made.about))


def _points(text: str) -> dict[str, list[tuple[int, str, str]]]:
    """Where a clause can be cut: (letter, words before, words after). After a sentence or part of a list first, then anywhere."""
    told: dict[str, list[tuple[int, str, str]]] = {"likely": [], "other": []}
    for place in corrections.starts(text):
        before, after = text[max(place - 40, 0) : place].strip(), text[place : place + 60].strip()
        told["likely" if corrections.ends_a_part(text, place) else "other"].append((place, before, after))
    return told


# ------------------------------------------------------------------ facts, and the end of the desk


@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """What the document says of itself, to be put right by a person."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    if "use" in request.POST:
        return _use_offered(request, version)
    form = FactsForm(sent(request), initial=_initial(version))
    if answered(request, form, lambda told: actions.correct_facts(version=version, facts=_given(version, told), by=scope)):
        messages.success(request, "Saved. What you changed is marked as corrected by you.")
        return redirect("policies:reading", version_id)
    partly = [
        (label, stated(version.facts[name]))
        for name, label in reading.FACTS.items()
        if name in reading.DATES and version.facts.get(name) and len(version.facts[name]) < len("2026-01-01")
    ]
    context = {
        "form": form, "version": version, "partly": partly,
        "denied": rules.refusal(rules.check_can_correct, version, scope), "breadcrumbs": _trail(version, "Facts"),
    }  # fmt: skip
    return render(request, "policies/facts_form.html", context)


def _initial(version: PolicyVersion) -> dict[str, Any]:
    told = {name: version.facts.get(name) for name in reading.FACTS}
    return {**told, **{name: _day(told[name]) for name in reading.DATES}}


def _day(iso: str | None) -> date | None:
    """A date for the form's three fields; None where the document gives none, or only a month or year, or no real day."""
    try:
        return date.fromisoformat(iso or "")
    except ValueError:
        return None


def _given(version: PolicyVersion, told: dict[str, Any]) -> dict[str, str | None]:
    """What was typed, dates as ISO 8601. A date left empty where the document gives a month or year alone leaves that as it is."""
    given = {name: value.isoformat() if isinstance(value, date) else value or None for name, value in told.items()}
    unread = {name for name in reading.DATES if given[name] is None and version.facts.get(name) and not _day(version.facts[name])}
    return {name: value for name, value in given.items() if name not in unread}


def _use_offered(request: HttpRequest, version: PolicyVersion) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    name = request.POST["use"]
    offered = queries.facts_offered(scope, version)
    try:
        if name not in offered:
            raise BadInput("Nothing was given for this last time.")
        actions.correct_facts(version=version, facts={name: offered[name]}, by=scope)
        messages.success(request, f"{reading.FACTS[name]}: the same as last time.")
    except (BadInput, Denied) as refused:
        messages.error(request, refused.sentence)
    return redirect("policies:reading", version.id)


@require_POST
def check(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Done with the desk: the corrected text is checked again."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    try:
        actions.check_again(version=version, by=scope)
        messages.success(request, "The corrected text is checked again.")
    except Denied as denied:
        messages.error(request, denied.sentence)
    return redirect("policies:version", version_id)


__all__ = ["Box", "check", "correct", "correct_clause", "desk", "facts", "picture"]
