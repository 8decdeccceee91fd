"""Which lines of a control a clause may be joined to alone."""

from collections import defaultdict
from collections.abc import Sequence

from schoolgate.policytext.matching.examples import Example
from schoolgate.policytext.matching.index import Floats

_NEIGHBOURS = 4
_SHARE = 0.5
_LINE_TEXT = 0.5
WHOLE = ""


def lines(control: str, alike: Floats, examples: tuple[Example, ...], places: Sequence[int]) -> tuple[str, ...]:
    """Lines named by the clause's nearest obligations of the control, and by the lines' own texts; none where the whole control is meant.

    ``alike`` is the clause's likeness to each example; ``places`` are the control's examples that say something about its lines.
    """
    near = sorted(places, key=lambda place: (-float(alike[place]), place))[:_NEIGHBOURS]
    strength: dict[str, float] = defaultdict(float)
    for place in near:
        example = examples[place]
        named = [line for owner, line in example.lines if owner == control]
        weight = float(alike[place]) ** 2 * (_LINE_TEXT if "#" in example.id else 1.0)
        for line in named or [WHOLE]:
            strength[line] += weight
    best = max(strength.values(), default=0.0)
    if strength.get(WHOLE, 0.0) >= best:
        return ()
    return tuple(line for line, weight in strength.items() if line != WHOLE and weight >= _SHARE * best)


def speakers(examples: Sequence[Example]) -> dict[str, list[int]]:
    """For each control the places of the examples that say something about its lines: obligations, and the texts of the lines.

    Sentences written for a control say nothing about its lines.
    """
    found: dict[str, list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        if example.lines or example.id[0].isdigit():
            for control in example.controls:
                found[control].append(place)
    return found
