"""The components as template tags, and dates in words. `{% load ui %}`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from schoolgate.ui import charts, dates, qr
from schoolgate.ui.states import STATES, State, state_of

register = template.Library()
COMPONENTS = "ui/components/"


@register.filter
def day(value: date | datetime | None) -> str:
    """`6 March 2026`; nothing for nothing."""
    return dates.day(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """`6 March 2026, 2:05pm` on a London clock; nothing for nothing."""
    return dates.moment(value) if value else ""


@register.filter
def since(value: date | datetime | None, now: datetime | None) -> str:
    """`2 minutes ago`, counted from `now`; the exact words instead where the page does not know what now is."""
    if not value:
        return ""
    if not now:
        return dates.moment(value) if isinstance(value, datetime) else dates.day(value)
    return dates.since(value, now)


@register.filter
def state(key: object) -> State:
    """The state behind a key, for its `.words`, `.meaning` and `.icon`."""
    return state_of(key)


@register.inclusion_tag(COMPONENTS + "_state_tag.html")
def state_tag(state: object, words: str = "") -> dict[str, Any]:
    """A state as shape and words. `words` replaces the usual ones, such as "Due by Friday"."""
    return {"state": getattr(state, "value", state), "words": words}


@register.inclusion_tag(COMPONENTS + "_summary_list.html")
def summary_list(rows: Iterable[Mapping[str, Any]], title: str = "") -> dict[str, Any]:
    """Keys and values. A row is {key, value} and may have `actions`: [{text, url, about}], `about` for a listener only.

    With a `title` the list stands in a card of its own.
    """
    return {"rows": rows, "title": title}


@register.inclusion_tag(COMPONENTS + "_table.html")
def data_table(
    caption: str, head: Sequence[Any], rows: Iterable[Sequence[Any]], caption_size: str = "m", empty: str = ""
) -> dict[str, Any]:
    """A table. A heading is text or {text, numeric}; a cell is text or {text, url, state, numeric, day, moment},
    or {cells}: several of them, one below the other.

    The first cell of a row is its heading. `empty` is the sentence shown when there are no rows.
    """
    columns = [column if isinstance(column, Mapping) else {"text": column} for column in head]
    lines = [[_cell(cell, column) for cell, column in zip(row, columns, strict=True)] for row in rows]
    return {"caption": caption, "columns": columns, "lines": lines, "caption_size": caption_size, "empty": empty}


def _cell(cell: Any, column: Mapping[str, Any]) -> dict[str, Any]:
    """One cell with its column's name, which a narrow screen shows before the value."""
    parts = dict(cell) if isinstance(cell, Mapping) else {"text": cell}
    return {**parts, "label": column["text"], "numeric": parts.get("numeric", column.get("numeric", False))}


@register.inclusion_tag(COMPONENTS + "_timeline.html", takes_context=True)
def timeline(context: Context, events: Iterable[Mapping[str, Any]], label: str = "What happened") -> dict[str, Any]:
    """Events in the order given: {at, title} and perhaps `by`, `text`, `url`, `state`."""
    return {"events": events, "label": label, "page_made_at": context.get("page_made_at")}


@register.inclusion_tag(COMPONENTS + "_empty.html")
def empty_state(missing: str, url: str = "", button: str = "", why: str = "") -> dict[str, Any]:
    """What is missing in one sentence, why that matters, and the next step as a button."""
    return {"missing": missing, "why": why, "url": url, "button": button}


@register.inclusion_tag(COMPONENTS + "_pagination.html", takes_context=True)
def pagination(context: Context, page: Page, parameter: str = "page") -> dict[str, Any]:
    """Links to the other pages of a list; keeps the rest of the query. Nothing where there is one page."""
    request = context.get("request")
    query = request.GET.copy() if request else None
    items = []
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        items.append({"number": number, "url": _query(query, parameter, number)} if isinstance(number, int) else {})
    return {
        "page": page,
        "items": items,
        "previous": _query(query, parameter, page.number - 1) if page.has_previous() else "",
        "next": _query(query, parameter, page.number + 1) if page.has_next() else "",
    }


def _query(query: Any, parameter: str, number: int) -> str:
    if query is None:
        return f"?{parameter}={number}"
    query[parameter] = number
    return f"?{query.urlencode()}"


@register.inclusion_tag(COMPONENTS + "_task_list.html")
def task_list(items: Iterable[Mapping[str, Any]], id: str = "tasks") -> dict[str, Any]:
    """Things to do: {text, url} and perhaps `hint`, `state`, `status`. Two lists on one page need two ids."""
    return {"items": items, "id": id}


@register.inclusion_tag(COMPONENTS + "_button_form.html", takes_context=True)
def button_form(
    context: Context,
    url: str,
    text: str,
    *,
    kind: str = "",
    denied: str = "",
    confirm: str = "",
    name: str = "",
    value: str = "",
    id: str = "",
) -> dict[str, Any]:
    """A button that posts. `kind` is secondary, warning or empty; `name` and `value` are sent with it.

    `denied` is the sentence of the rule that says no: the button is then shown but cannot be used, with the sentence beside it.
    `confirm` is a question the browser asks first where JavaScript runs; a step that cannot be undone needs its own page too.
    """
    anchor = id or "button-" + "".join(letter if letter.isalnum() else "-" for letter in f"{url}-{text}".lower()).strip("-")
    given = {"url": url, "text": text, "kind": kind, "denied": str(denied or ""), "confirm": confirm, "name": name, "value": value}
    return {**given, "id": anchor, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag(COMPONENTS + "_age.html", takes_context=True)
def age(context: Context, at: datetime | None, now: datetime | None = None, never: str = "never") -> dict[str, Any]:
    """`2 minutes ago` with the exact time behind it, counted from `now` or from when the page was made."""
    return {"at": at, "now": now or context.get("page_made_at"), "never": never}


@register.inclusion_tag(COMPONENTS + "_bar.html")
def bar(counts: Mapping[object, int], title: str, id: str = "bar") -> dict[str, Any]:
    """How many are in each state, as one stacked bar with its table. `counts` is {state: number}."""
    pieces = charts.segments(counts)
    return {"pieces": pieces, "title": title, "id": id, "total": sum(piece.count for piece in pieces), "sentence": charts.sentence(pieces)}


@register.inclusion_tag(COMPONENTS + "_history_line.html")
def history_line(readings: Sequence[tuple[date, object]], until: date, title: str, id: str = "history") -> dict[str, Any]:
    """One control over time, as a strip with one lane for each state and its table. `readings` are (date, state)."""
    runs = charts.periods(readings, until)
    return {
        "runs": runs,
        "lanes": charts.lanes(runs),
        "title": title,
        "id": id,
        "until": until,
        "sentence": charts.history_sentence(runs),
    }


@register.inclusion_tag(COMPONENTS + "_state_key.html")
def state_key() -> dict[str, Any]:
    """What each state means, as a list."""
    return {"states": STATES}


@register.inclusion_tag(COMPONENTS + "_breadcrumbs.html")
def breadcrumbs(links: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """Where the page stands: [{text, url}], from the top down."""
    return {"links": links}


@register.inclusion_tag("ui/forms/_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """The box at the top of a page whose form was not accepted, with a link to each field. Nothing where all is well."""
    given = [form for form in forms if form and form.is_bound]
    general = [error for form in given for error in form.non_field_errors()]
    fields = [(field, error) for form in given for field in form for error in field.errors]
    return {"general": general, "fields": fields}


@register.simple_tag
def question(field: BoundField) -> SafeString:
    """A field whose label is the heading of the page, for a page that asks one question."""
    drawn: str = field.form.renderer.render(field.template_name, {"field": field, "heading": True})
    return mark_safe(drawn)  # noqa: S308 - drawn by an autoescaping template of ours


@register.simple_tag(name="qr")
def qr_code(text: str, title: str) -> SafeString:
    """A QR code of an address, drawn into the page."""
    return qr.svg(text, title)
