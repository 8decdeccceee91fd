"""What policies ask of whom: four queries, however many policies there are."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse

from schoolgate.contracts.todo import Task, todo
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission
from schoolgate.policies import choices, queries, rules
from schoolgate.policies.models import MarkKind, PrincipleMark, VersionState
from schoolgate.policies.principles import CONTRADICTS, Judged, Side
from schoolgate.policies.queries import Pending

REMIND = "review.warn_days"


@todo("policies.versions")
def versions_to_act_on(scope: Scope, today: date) -> Iterable[Task]:
    """Clauses to join, findings to decide, versions to approve, to mend or to bring into force, reviews coming."""
    if not scope.may_anywhere(Permission.POLICY_EDIT) and not scope.may_anywhere(Permission.POLICY_APPROVE):
        return []
    warn = _warn_days(scope)
    tasks: list[Task] = []
    for row in queries.pending(scope):
        school_id = row.version.policy.school_id
        if rules.can_approve(row.version, scope):
            first = "policies:version" if row.version.number == 1 else "policies:compare"  # what changed is read before it is approved
            tasks.append(_task(row, "Approve", first, _submitted(row)))
        if scope.may(Permission.POLICY_EDIT, school_id):
            tasks += [*_to_mend(row), *_next_step(row), *_review(row, warn.get(school_id, warn[None]), today)]
    return tasks


def _warn_days(scope: Scope) -> dict[object, int]:
    """How many days ahead a review is announced: by school, and (None) for the trust's own policies."""
    held = queries.setting_choices(scope, scope.school_ids)
    trust = held[None, REMIND].value if (None, REMIND) in held else None
    days: dict[object, int] = {None: choices.resolve(REMIND, trust=trust)}
    for school_id, key in held:
        if key == REMIND and school_id is not None:
            days[school_id] = choices.resolve(REMIND, school=held[school_id, key].value, trust=trust)
    return days


def _named(row: Pending) -> str:
    policy = row.version.policy
    return f"“{policy.title}”, version {row.version.number} ({policy.school or policy.trust})"


def _task(row: Pending, verb: str, where: str, why: str, *, due_on: date | None = None, count: int = 1) -> Task:
    return Task(f"{verb} {_named(row)}", reverse(where, args=[row.version.id]), due_on, why, count)


def _submitted(row: Pending) -> str:
    unjoined = row.unjoined
    return f"It waits for your decision. {unjoined} of its clauses have nothing behind them." if unjoined else "It waits for your decision."


def _to_mend(row: Pending) -> Iterable[Task]:
    version, unjoined = row.version, row.unjoined
    if unjoined:
        days = rules.parameter("policies.clauses_joined", "join_days")
        due = version.in_force_from + timedelta(days=days) if version.state == VersionState.IN_FORCE and version.in_force_from else None
        verb = f"Join {unjoined} {'clause' if unjoined == 1 else 'clauses'} of"
        yield _task(row, verb, "policies:clauses", "Nothing stands behind them yet.", due_on=due, count=unjoined)
    if row.findings and row.oldest_finding:
        due = row.oldest_finding + timedelta(days=rules.parameter("policies.text_faults_closed", "decide_days"))
        verb = f"Decide {row.findings} {'finding' if row.findings == 1 else 'findings'} in"
        yield _task(row, verb, "policies:findings", "The text check found them.", due_on=due, count=row.findings)


def _next_step(row: Pending) -> Iterable[Task]:
    if row.version.state == VersionState.CHANGES_ASKED:
        yield _task(row, "Change", "policies:version", "The approver asked for changes.")
    if row.version.state == VersionState.APPROVED:
        yield _task(row, "Bring into force", "policies:version", "It is approved and holds nowhere yet.")


def _review(row: Pending, warn: int, today: date) -> Iterable[Task]:
    version = row.version
    if version.state == VersionState.IN_FORCE and version.review_on and version.review_on <= today + timedelta(days=warn):
        yield _task(row, "Review", "policies:version", "Its review date is near or past.", due_on=version.review_on)


# ------------------------------------------------------------------ the trust's principles


@todo("policies.principles")
def principles_to_act_on(scope: Scope, today: date) -> Iterable[Task]:
    """A school's own list: principles to mark, gaps to close, questions to answer. The trust's: the map, and departures to decide."""
    across = scope.may(Permission.POLICY_EDIT, None)
    tasks = [_departure(mark) for mark in queries.waiting_departures(scope)] if scope.may(Permission.POLICY_APPROVE, None) else []
    own = scope.schools_where(Permission.POLICY_EDIT)
    if not own:
        return tasks
    board = queries.principles_board(scope, own, today)
    if across:
        return [*tasks, *_of_trust(scope, board)]
    for school_id in own:
        tasks += _of_school(board.sides[school_id], board.judged(school_id))
    return tasks


def _departure(mark: PrincipleMark) -> Task:
    asked = f"Decide whether {mark.school} may depart from principle {mark.ref}"
    return Task(asked, reverse("policies:departure", args=[mark.id]), None, "It waits for somebody of the trust who did not mark it.")


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
