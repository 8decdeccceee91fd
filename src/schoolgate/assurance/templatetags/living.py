"""A state in the margin and the bar over a policy, drawn in Python: a page shows hundreds of them. `{% load living %}`."""

from collections.abc import Sequence

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from schoolgate.ui.charts import Segment

register = template.Library()

EMPTY = "#ebe5d8"  # what nothing stands behind: room in the bar, but no colour of a state


@register.simple_tag
def mark(state: object, words: object) -> SafeString:
    """A state as a shape and words. The page must hold `assurance/_icons.html`, whose shapes it points to."""
    key = escape(state)
    icon = f'<svg class="lp-tag__icon" width="16" height="16" aria-hidden="true" focusable="false"><use href="#lp-{key}"/></svg>'
    return mark_safe(f'<strong class="lp-tag lp-tag--{key}">{icon}<span>{escape(words)}</span></strong>')  # noqa: S308  both are escaped


@register.simple_tag
def state_bar(pieces: Sequence[Segment], words: str, height: int = 14) -> SafeString:
    """How many clauses are in each state, as one bar; `words` say the same for who cannot see it."""
    if not pieces:
        return SafeString("")
    drawn = "".join(
        f'<rect fill="{EMPTY if piece.state.key == "not_carried" else piece.state.fill}" stroke="#fff" stroke-width="2" '
        f'x="{piece.x}%" y="0" width="{piece.width}%" height="{height}"/>'
        for piece in pieces
    )
    frame = f'<svg class="lp-bar" width="100%" height="{height}" role="img" aria-label="{escape(words)}" focusable="false">'
    return mark_safe(f"{frame}{drawn}</svg>")  # noqa: S308  numbers and colours of ours; the words are escaped
