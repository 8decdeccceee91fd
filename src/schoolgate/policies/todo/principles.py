"""What the trust's principles ask of whom."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from schoolgate.contracts.todo import Task, todo
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission
from schoolgate.policies import queries
from schoolgate.policies.models import MarkKind, PrincipleMark
from schoolgate.policies.rules.principles import CONTRADICTS, Judged, Side


@todo("policies.principles")
def principles_to_act_on(scope: Scope, today: date) -> Iterable[Task]:
    """A school's own list: principles to mark, gaps to close, questions to answer. The trust's: the map, and departures to decide."""
    across = scope.may(Permission.POLICY_EDIT, None)
    tasks = [_departure(mark) for mark in queries.marked_departures(scope)] if scope.may(Permission.POLICY_APPROVE, None) else []
    own = scope.schools_where(Permission.POLICY_EDIT)
    if not own:
        return tasks
    board = queries.principles_board(scope, own, today, doubted=across)
    if across:
        return [*tasks, *_of_trust(scope, board)]
    for school_id in own:
        tasks += _of_school(board.sides[school_id], board.judged(school_id))
    return tasks


def _departure(mark: PrincipleMark) -> Task:
    asked = f"Decide whether {mark.school} may depart from principle {mark.ref}"
    return Task(
        asked, reverse("policies:principle_departure", args=[mark.id]), None, "It waits for somebody of the trust who did not mark it."
    )


def _of_trust(scope: Scope, board: queries.Board) -> Iterable[Task]:
    """One line for all schools: who is behind stands on the map."""
    url = reverse("policies:principle_map", args=[scope.trust_id])
    if board.parent is None:
        if queries.parents_to_choose(scope):
            why = "Nothing says yet what your schools' own policies are held against."
            yield Task("Choose the text your schools' policies are held against", url, None, why)
        return
    loose = [one for school_id in board.sides for one in board.judged(school_id) if one.how in CONTRADICTS and one.question is None]
    if loose:
        noun = "place" if len(loose) == 1 else "places"
        yield Task(f"Look at {len(loose)} {noun} where a school's policy seems looser than a principle", url, None, "", len(loose))


def _of_school(side: Side, found: list[Judged]) -> Iterable[Task]:
    if side.version is None:
        return
    title, url = side.version.policy.title, reverse("policies:principles", args=[side.version.id])
    open_ones = [one for one in found if one.mark is None]
    if open_ones:
        noun = "principle" if len(open_ones) == 1 else "principles"
        due_on = min(one.due_on for one in open_ones if one.due_on)
        yield Task(f"Mark how “{title}” meets {len(open_ones)} {noun} of the trust", url, due_on, "Nobody has marked them.", len(open_ones))
    for one in found:
        if one.question is not None:
            where = reverse("policies:principle", args=[side.version.id, one.principle.ref])
            yield Task(f"Answer the trust about principle {one.principle.ref} and “{title}”", where, None, one.question.words)
    gaps = [one for one in found if one.mark is not None and one.mark.kind == MarkKind.GAP]
    if gaps:
        noun = "gap" if len(gaps) == 1 else "gaps"
        due_on = min(one.mark.gap_on for one in gaps if one.mark and one.mark.gap_on)
        yield Task(f"Close {len(gaps)} {noun} between “{title}” and the trust's principles", url, due_on, "", len(gaps))
