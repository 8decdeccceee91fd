"""Several people at one version, one setting or one fact at the same moment: real threads, real transactions, one right outcome each."""

import os
from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest
from tests import races
from tests.conftest import place
from tests.policies.conftest import DAY

from schoolgate import policytext
from schoolgate.audit.models import Entry
from schoolgate.common import clock
from schoolgate.common.errors import Denied, Replaced
from schoolgate.people import queries as people
from schoolgate.policies import actions, queries, rules
from schoolgate.policies.models import (
    ClauseKind,
    EarlyKind,
    EarlyReason,
    PolicyCorrection,
    PolicyVersion,
    SettingAnswer,
    VersionState,
)
from schoolgate.policies.rules import corrections
from schoolgate.policies.rules.knowing import Known

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
THREADS, ROUNDS = 16, int(os.environ.get("SCHOOLGATE_RACES", "6"))  # measured with 200; fewer each time the suite runs


@pytest.fixture(scope="module", autouse=True)
def law() -> None:
    """The law data is read once, before the clock starts."""
    rules.citation_rules()


at_once = partial(races.at_once, day=DAY)


@pytest.fixture
def approvers(cast) -> list:
    """Heads enough that each thread is a person of its own."""
    for number in range(THREADS):
        cast.people[f"governor{number}"] = place(cast.office, cast.school, f"governor{number}", "governor", "governor")
    return [cast.scope(f"governor{number}", DAY) for number in range(THREADS)]


SHORT = """Alder Park Primary
Social Media Policy

1.1 Two authorised people must be behind every post, {number} times a day.
1.2 Staff must check that every child in a picture has consent before it is used.
1.3 Staff must not be friends with pupils on private accounts.
"""


def drafts(cast) -> Iterator[PolicyVersion]:
    """A new version of one policy for every round, as the clerk imported it."""
    policy = None
    for number in range(ROUNDS):
        text = policytext.read_text(SHORT.format(number=number), "policy.txt")
        with clock.standing_at(clock.at(DAY, 9)):
            version = actions.import_version(
                document=text, school=None if policy else cast.school, policy=policy, by=cast.scope("clerk", DAY)
            )
        policy = version.policy
        yield version


def submitted(cast, version: PolicyVersion) -> PolicyVersion:
    with clock.standing_at(clock.at(DAY, 10)):
        return actions.submit(version=version, by=cast.scope("clerk", DAY))


def approve(version: PolicyVersion, by) -> PolicyVersion:
    return actions.approve(version=version, body=f"Body of {by.person_id}", minute="7", met_on=DAY, by=by)


def entries(verb: str) -> int:
    return Entry.objects.filter(verb=verb).count()


def test_of_sixteen_approvers_one_approves_and_the_others_read_why_not(cast, approvers):
    for number, version in enumerate(drafts(cast), start=1):
        submitted(cast, version)
        answers = at_once([partial(approve, version, by) for by in approvers])
        kinds = Counter("approved" if isinstance(one, PolicyVersion) else type(one) for one in answers)
        assert kinds["approved"] == 1, answers
        assert set(kinds) <= {"approved", Denied, Replaced}, answers
        version.refresh_from_db()
        winner = next(one for one in answers if isinstance(one, PolicyVersion))
        assert (version.state, version.approved_by_id) == (VersionState.APPROVED, winner.approved_by_id)
        assert version.approving_body == f"Body of {winner.approved_by_id}"
        assert entries("policy.approved") == number


def test_a_version_is_approved_or_sent_back_never_both(cast, approvers):
    for version in drafts(cast):
        submitted(cast, version)
        jobs = [
            partial(approve, version, by) if number % 2 else partial(actions.ask_for_changes, version=version, wanted="More", by=by)
            for number, by in enumerate(approvers)
        ]
        before = entries("policy.approved"), entries("policy.changes_asked")
        answers = at_once(jobs)
        assert sum(isinstance(one, PolicyVersion) for one in answers) == 1, answers
        version.refresh_from_db()
        approved, back = entries("policy.approved") - before[0], entries("policy.changes_asked") - before[1]
        assert (approved, back) == ((1, 0) if version.state == VersionState.APPROVED else (0, 1))
        assert (version.approved_at is None) == (version.state == VersionState.CHANGES_ASKED)
        assert version.state in (VersionState.APPROVED, VersionState.CHANGES_ASKED)


def test_what_is_approved_is_what_was_submitted_whoever_corrects_meanwhile(cast, approvers):
    """Corrections and the submission at once: each correction is in the text that was submitted, or was refused and left no trace."""
    clerk = cast.scope("clerk", DAY)
    for version in drafts(cast):
        pieces = queries.pieces_of(version)
        places = [at for at, one in enumerate(pieces) if not one.aside]
        rewords = [reword(version, pieces, places[number % len(places)], number, clerk) for number in range(THREADS - 2)]
        submit = partial(actions.submit, version=version, by=cast.scope("head", DAY))
        jobs = [*rewords, submit, partial(approve, version, approvers[0])]
        before = PolicyCorrection.objects.filter(version=version).count()  # those of the version before, made again
        answers = at_once(jobs)
        version.refresh_from_db()
        done = [one for one in answers[:-2] if not isinstance(one, Exception)]
        assert {type(one) for one in answers if isinstance(one, Exception)} <= {Denied, Replaced}, answers
        assert PolicyCorrection.objects.filter(version=version).count() == before + len(done)
        pairs = list(version.clauses.order_by("position").values_list("ref", "text"))
        assert version.fingerprint == rules.fingerprint(pairs)
        assert version.state == (VersionState.APPROVED if isinstance(answers[-1], PolicyVersion) else VersionState.IN_REVIEW)


def reword(version: PolicyVersion, pieces: list, at: int, number: int, by) -> races.Job:
    """Two of these want the same clause: the second finds that it is not what it saw."""
    how = partial(corrections.words, text=f"Two people must be behind every post, says {version.number} and {number}.")
    return partial(actions.correct_reading, version=version, piece=pieces[at].id, seen=corrections.mark(pieces, at), how=how, by=by)


def test_joins_made_while_a_version_is_approved_are_kept_and_the_text_stays(cast, approvers):
    clerk = cast.scope("clerk", DAY)
    for version in drafts(cast):
        submitted(cast, version)
        clauses = list(version.clauses.order_by("position"))
        print_before = version.fingerprint
        joins = [
            partial(actions.join_clause, clause=clauses[number % len(clauses)], controls=[("policies.reviewed_on_time", [])], by=clerk)
            for number in range(THREADS - 2)
        ]
        answers = at_once([*joins, *(partial(approve, version, by) for by in approvers[:2])])
        assert not [one for one in answers[:-2] if isinstance(one, Exception)], answers
        assert sum(isinstance(one, PolicyVersion) for one in answers[-2:]) == 1, answers
        version.refresh_from_db()
        assert (version.state, version.fingerprint) == (VersionState.APPROVED, print_before)
        for clause in version.clauses.prefetch_related("joins"):
            assert clause.kind == ClauseKind.CONTROL
            assert [join.control for join in clause.joins.all()] == ["policies.reviewed_on_time"]


def test_a_school_is_answered_once(cast):
    for number in range(THREADS):
        cast.people[f"chief{number}"] = place(cast.office, cast.sister, f"chief{number}", "trust_ceo", "employee", across_trust=True)
    chiefs = [people.scope_of(cast.people[f"chief{number}"], DAY) for number in range(THREADS)]
    for number in range(1, ROUNDS + 1):
        value = "forbid" if number % 2 else "disclaimer"
        with clock.standing_at(clock.at(DAY, 6 + number // 60, number % 60)):
            row = actions.choose_setting(
                key="profile.employer_named", value=value, school=cast.school, reason="x", by=cast.scope("head", DAY)
            )
        jobs = [
            partial(actions.answer_departure, choice=row, agreed=bool(place % 2), why=f"By {place}", by=by)
            for place, by in enumerate(chiefs)
        ]
        kinds = Counter(type(one) for one in at_once(jobs))
        assert kinds == {SettingAnswer: 1, Replaced: THREADS - 1}
        assert SettingAnswer.objects.filter(choice=row).count() == 1
        assert entries("setting.answered") == number


def test_one_fact_is_written_down_once_by_sixteen_workers(cast, imported, in_force):
    with clock.standing_at(clock.at(DAY)):
        version = in_force(imported)
    for number in range(1, ROUNDS + 1):
        known = Known(version.policy, EarlyKind.LAW, "The law changed.", f"law:{number}", "/policies/")
        answers = at_once([partial(actions.raise_known_reason, school=cast.school, known=known, by=cast.office)] * THREADS)
        assert Counter(answers) == {True: 1, False: THREADS - 1}, answers
        assert EarlyReason.objects.count() == entries("policy.early_reason") == number
