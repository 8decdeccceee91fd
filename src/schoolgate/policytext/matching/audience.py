"""Whom a clause binds: "no posts about staff" is one control's in a code for parents and another's in a code for teachers.

What each control's texts on the shelf say of whom is learnt; a clause leans towards the controls that speak to its own people.
"""

from collections.abc import Collection, Sequence

import numpy as np

from schoolgate.policytext.matching.examples import Example
from schoolgate.policytext.matching.index import Floats
from schoolgate.policytext.outline.wording import actors

AUDIENCES = ("pupils", "parents", "staff")
_NOBODY_IN_PARTICULAR = frozenset(("everyone", "school"))

# Chosen with the source policies, the eight marked ones and the 80 first pages of the model card in view; the answer changes little around.
_LEANING = 0.1
_FEW = 20
"""A control with few texts is taken to speak to everybody as often as all controls together do: so many texts of that kind are added."""
_MOST = 3.0
_HALF = 0.5


def audience(bound: Collection[str]) -> str | None:
    """The one group that a clause binds, from the names of those it binds: pupils, parents, or staff for all who work or govern.

    None where it binds several groups, or nobody is named.
    """
    groups = {name if name in AUDIENCES else "staff" for name in bound if name not in _NOBODY_IN_PARTICULAR}
    return groups.pop() if len(groups) == 1 else None


def learn_leaning(examples: Sequence[Example], controls: Sequence[str]) -> Floats:
    """How much binding each audience (a row each) speaks for each control (a column each): never against one.

    It grows with the logarithm of how much oftener the texts of the control bind them than all texts do.
    """
    places = {control: place for place, control in enumerate(controls)}
    bound = np.zeros((len(AUDIENCES), len(controls)))
    texts = np.zeros(len(controls))
    for example in examples:
        for control in example.controls[:1]:
            texts[places[control]] += 1
            group = audience(actors(example.text))
            if group:
                bound[AUDIENCES.index(group), places[control]] += 1
    usual = (bound.sum(axis=1, keepdims=True) + 1) / (texts.sum() + len(AUDIENCES))
    oftener = (bound + _FEW * usual) / (texts + _FEW) / usual
    return (_LEANING * np.clip(np.log(oftener), 0, _MOST)).astype(np.float32)


def leaning_rows(bound: Sequence[Collection[str]], sections: Sequence[Sequence[str]], leaning: Floats) -> Floats:
    """What to add to the support of each clause, a row each, by whom it binds; the last column, for none at all, stays as it is.

    ``bound`` names for each clause, in the document's order, those it binds, and ``sections`` the headings above it. A clause that binds
    no one group speaks, half as surely, to the group that the last one in its chapter bound.
    """
    rows = np.zeros((len(bound), leaning.shape[1] + 1), np.float32)
    chapter, last = None, None
    for row, names, section in zip(rows, bound, sections, strict=True):
        if section[:1] != chapter:
            chapter, last = section[:1], None
        own = audience(names)
        last = own or last
        if last:
            row[:-1] = leaning[AUDIENCES.index(last)] * (1 if own else _HALF)
    return rows
