"""policies.trust_principles_met as the catalogue counts it, each line by itself, and what people may mark, approve and ask."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from tests.conftest import place
from tests.policies.conftest import DAY, TEXT

from schoolgate import data, policytext
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound, Replaced
from schoolgate.contracts.controls import Count, Question, Standing, carried
from schoolgate.people import actions as people
from schoolgate.policies import actions, controls, jobs, queries
from schoolgate.policies.models import (
    Alignment,
    ClauseValue,
    DepartureDecision,
    Lineage,
    Mode,
    ParentText,
    Policy,
    PolicyVersion,
    PrincipleMark,
    PrincipleQuestion,
)
from schoolgate.policies.rules import principles
from schoolgate.policies.rules.principles import How

GOOD, DUE, BROKEN, LAPSING = Standing.GOOD, Standing.DUE, Standing.BROKEN, Standing.LAPSING
CONTROL = "policies.trust_principles_met"
PARAMS = {"mark_days": 30, "align_days": 90}
TRUST = """Alder Trust
Principles for Social Media

1. Posting

1.1 Two authorised people must be behind every post: one writes it and another approves it.
1.2 Each official account should be looked at every day, weekends included.
1.3 We are proud of our schools.

2. People

2.1 Every adult must sign this policy within ten school days of joining.
2.2 Nobody may open an account in the name of a school without the headteacher's written approval.
"""
MARKED = {"1.1": "1.1", "1.2": "1.3", "2.1": "2.1"}
"""Principle to the school's clause that answers it; nothing answers 2.2."""


def version_in_force(cast, text: str, school, on: date, policy: Policy | None = None) -> PolicyVersion:
    """Import a text and take it the whole way, by the processes of the trust where it is the trust's own."""
    with clock.standing_at(clock.at(on)):
        read = policytext.read_text(text, "policy.txt")
        version = actions.import_version(document=read, school=school, policy=policy, by=cast.office)
        for clause in version.clauses.filter(text__startswith="We are proud"):
            actions.mark_informational(clause=clause, reason="It asks nothing", by=cast.office)
        actions.submit(version=version, by=cast.office)
        actions.approve(version=version, body="The board", minute="7", met_on=on, by=cast.scope("ceo" if school is None else "head"))
        review_on = on + timedelta(days=365)
        return actions.bring_into_force(version=version, from_day=on, review_on=review_on, by=cast.office)


@pytest.fixture
def ceo(cast):
    cast.people["ceo"] = place(cast.office, cast.sister, "ceo", "trust_ceo", "employee", across_trust=True)
    return cast.people["ceo"]


@pytest.fixture
def trust_text(cast, ceo) -> PolicyVersion:
    """The trust's text, in force and loaded on DAY."""
    version = version_in_force(cast, TRUST, None, DAY)
    at(DAY, lambda: actions.load_parent(policy=version.policy, by=cast.scope("trust_comms", DAY)))
    return version


@pytest.fixture
def own(cast, trust_text) -> PolicyVersion:
    """The school's own policy, in force since DAY."""
    return version_in_force(cast, TEXT, cast.school, DAY)


def at(on: date, act):
    with clock.standing_at(clock.at(on, 12)):
        return act()


def ask(cast, on: date, school=None) -> Count:
    return at(on, lambda: controls.trust_principles_met(Question((school or cast.school).id, cast.trust.id, on, PARAMS)))


def items(cast, on: date, school=None) -> dict:
    """Items by what they are about: `P1.1` a principle, `C1.1` a clause of the school."""
    found = ask(cast, on, school).items
    return {f"{one.label[0]}{one.label.split()[1].rstrip(':')}": one for one in found}


def mark(cast, version, ref: str, kind: str, on: date = DAY, by: str = "clerk", **more):
    return at(on, lambda: actions.mark_principle(version=version, ref=ref, kind=kind, by=cast.scope(by, on), **more))


def decide(cast, row, on: date = DAY, approved: bool = True):
    by = cast.scope("ceo", on)
    return at(on, lambda: actions.decide_departure(mark=row, approved=approved, why="It is well thought out", by=by))


def mark_all(cast, version, on: date = DAY) -> None:
    for ref, clause in MARKED.items():
        mark(cast, version, ref, "same", on, refs=[clause])


def tag_rest(cast, version, on: date = DAY, refs=()) -> None:
    told = {row.ref: list(refs) for row in version.clauses.all() if row.ref not in MARKED.values()}
    at(on, lambda: actions.tag_values(version=version, told=told, by=cast.scope("clerk", on)))


# ------------------------------------------------------------------ six ways


def test_the_control_is_registered_with_the_parameters_of_the_catalogue():
    row = next(row for row in data.load("catalogue/controls.yaml")["controls"] if row["id"] == CONTROL)
    assert carried()[CONTROL] is controls.trust_principles_met
    assert set(row["counts"]["lines"]) == {"matched", "gaps_dated", "values_tagged"}
    assert row["parameters"] == {"mark_days": {"default": 30, "unit": "days"}, "align_days": {"setting": principles.ALIGN_DAYS}}


def test_with_no_text_loaded_there_is_no_data(cast, ceo):
    version = version_in_force(cast, TRUST, None, DAY)
    count = ask(cast, DAY)
    assert (list(count.items), count.nil_stands, count.not_applicable) == ([], "", "")
    assert "loaded no text" in count.silent
    at(DAY, lambda: actions.load_parent(policy=version.policy, by=cast.office))
    assert ask(cast, DAY).items
    at(DAY + timedelta(days=1), lambda: actions.load_parent(policy=None, by=cast.office))
    assert ask(cast, DAY).items
    assert not ask(cast, DAY + timedelta(days=1)).items


def test_a_stand_alone_school_is_not_applicable_and_only_the_trust_may_say_so(cast, trust_text, own):
    def alone(who):
        by = cast.scope(who, DAY)
        return at(
            DAY, lambda: actions.take_parent(school=cast.school, policy=None, mode=Mode.STAND_ALONE, reason="It left the trust", by=by)
        )

    with pytest.raises(Denied, match="The trust decides"):
        alone("clerk")
    alone("trust_comms")
    count = ask(cast, DAY)
    assert (list(count.items), count.not_applicable) == (
        [], "Recorded as a stand-alone school with no parent text: It left the trust",
    )  # fmt: skip


def test_a_school_of_a_trust_without_a_text_says_itself_that_it_stands_alone(cast, ceo):
    told = {"school": cast.school, "policy": None, "reason": "There is no model text", "by": cast.scope("clerk", DAY)}
    with pytest.raises(BadInput, match="loaded no text"):
        at(DAY, lambda: actions.take_parent(mode=Mode.PRINCIPLES, **told))
    at(DAY, lambda: actions.take_parent(mode=Mode.STAND_ALONE, **told))
    assert ask(cast, DAY).not_applicable


def test_unmarked_principles_are_due_for_thirty_days_and_then_broken(cast, own):
    due_on = DAY + timedelta(days=30)
    for on, standing in ((DAY, DUE), (due_on - timedelta(days=1), DUE), (due_on, BROKEN)):
        found = items(cast, on)
        assert [name for name in found if name[0] == "P"] == ["P1.1", "P1.2", "P2.1", "P2.2"]
        for name, one in found.items():
            line = "matched" if name[0] == "P" else "values_tagged"
            assert (one.standing, one.due_on, one.lines) == (standing, due_on, {line: standing})


def test_with_every_principle_marked_and_every_clause_tagged_it_is_met(cast, own):
    mark_all(cast, own)
    mark(cast, own, "2.2", "other_words", refs=["1.3"])
    tag_rest(cast, own)
    found = items(cast, DAY)
    assert {one.standing for one in found.values()} == {GOOD}
    assert len(found) == 4 + own.clauses.count()
    assert found["P1.2"].clause_id == own.clauses.get(ref="1.3").id
    assert f"Marked by {cast.clerk}" in found["P1.2"].why


def test_before_a_mark_is_made_a_reading_does_not_know_it(cast, own):
    mark(cast, own, "1.1", "same", DAY + timedelta(days=5), refs=["1.1"])
    assert items(cast, DAY + timedelta(days=4))["P1.1"].standing == DUE
    assert items(cast, DAY + timedelta(days=5))["P1.1"].standing == GOOD


# ------------------------------------------------------------------ line by line


@pytest.mark.parametrize("kind", ["same", "stricter", "other_words"])
def test_matched_needs_a_mark_and_each_of_these_is_good(cast, own, kind):
    mark(cast, own, "1.1", kind, refs=["1.1"])
    late = DAY + timedelta(days=40)
    assert items(cast, late)["P1.1"].lines == {"matched": GOOD}
    assert items(cast, late)["P1.2"].lines == {"matched": BROKEN}


def test_a_departure_is_broken_until_another_person_of_the_trust_approves_it(cast, own):
    row = mark(cast, own, "2.2", "departs", reason="The deputy decides here")
    found = items(cast, DAY)["P2.2"]
    assert (found.standing, found.lines, "Nobody has approved it" in found.why) == (BROKEN, {"matched": GOOD}, True)
    decide(cast, row, DAY + timedelta(days=2))
    assert items(cast, DAY + timedelta(days=1))["P2.2"].standing == BROKEN
    found = items(cast, DAY + timedelta(days=2))["P2.2"]
    assert (found.standing, f"Approved by {cast.ceo}" in found.why) == (GOOD, True)


def test_a_refused_departure_stays_broken_until_it_is_marked_again(cast, own):
    row = mark(cast, own, "1.1", "departs", reason="One person is enough here")
    decide(cast, row, approved=False)
    assert "Refused" in items(cast, DAY)["P1.1"].why
    assert items(cast, DAY)["P1.1"].standing == BROKEN
    mark(cast, own, "1.1", "same", DAY + timedelta(days=1), refs=["1.1"])
    assert items(cast, DAY + timedelta(days=1))["P1.1"].standing == GOOD


def test_a_gap_is_good_and_turns_the_control_amber_until_its_date_has_passed(cast, own):
    ends = DAY + timedelta(days=60)
    mark(cast, own, "2.2", "gap", gap_on=ends)
    for on, standing in ((DAY, LAPSING), (ends, LAPSING), (ends + timedelta(days=1), BROKEN)):
        found = items(cast, on)["P2.2"]
        assert (found.standing, found.due_on) == (standing, ends)
        assert found.lines == {"matched": GOOD, "gaps_dated": GOOD}


def test_a_gap_may_be_dated_ninety_days_after_the_text_changed_at_most(cast, own):
    limit = DAY + timedelta(days=90)
    for gap_on, sentence in ((None, "Enter the day"), (limit + timedelta(days=1), "must be closed by 31 May 2026"),
                             (DAY - timedelta(days=1), "has passed")):  # fmt: skip
        with pytest.raises(BadInput, match=sentence):
            mark(cast, own, "2.2", "gap", gap_on=gap_on)
    assert not PrincipleMark.objects.exists()
    mark(cast, own, "2.2", "gap", gap_on=limit)
    with pytest.raises(BadInput, match="The last day for a gap was 31 May 2026"):
        mark(cast, own, "2.2", "gap", limit + timedelta(days=1), gap_on=limit + timedelta(days=5))


def test_a_gap_ends_at_the_next_review_if_that_is_sooner(cast, own):
    mark(cast, own, "2.2", "gap", gap_on=DAY + timedelta(days=80))
    PolicyVersion.objects.filter(pk=own.pk).update(review_on=DAY + timedelta(days=70))
    found = items(cast, DAY)["P2.2"]
    assert (found.lines["gaps_dated"], found.standing) == (BROKEN, BROKEN)
    assert "the last day allowed" in found.why
    with pytest.raises(BadInput, match="11 May 2026"):
        mark(cast, own, "2.1", "gap", gap_on=DAY + timedelta(days=71))
    mark(cast, own, "2.1", "gap", gap_on=DAY + timedelta(days=70))


def test_values_are_tagged_by_a_mark_by_a_tag_or_by_none_fits(cast, own):
    mark(cast, own, "1.1", "same", refs=["1.1"])
    by = cast.scope("clerk", DAY)
    at(DAY, lambda: actions.tag_values(version=own, told={"1.2": ["1.1", "2.2"], "1.4": [], "2.2": None}, by=by))
    late = DAY + timedelta(days=30)
    found = {name: one for name, one in items(cast, late).items() if name[0] == "C"}
    assert {name for name, one in found.items() if one.lines == {"values_tagged": GOOD}} == {"C1.1", "C1.2", "C1.4"}
    assert (found["C1.2"].why, found["C1.4"].why) == ("Serves 1.1, 2.2.", "None fits.")
    assert found["C2.2"].standing == BROKEN
    assert found["C2.2"].clause_id == own.clauses.get(ref="2.2").id
    with pytest.raises(BadInput, match=r"Clause 2\.2: the trust's text has no principle 9\.9"):
        at(DAY, lambda: actions.tag_values(version=own, told={"1.3": ["1.2"], "2.2": ["9.9"]}, by=by))
    assert ClauseValue.objects.count() == 2


# ------------------------------------------------------------------ how the text is taken


def test_a_school_that_adopted_the_text_itself_meets_every_principle(cast, trust_text):
    by = cast.scope("sister_head", DAY)
    told = {"body": "Governors", "minute": "4", "adopted_on": DAY, "local_changes": "Nothing"}
    at(DAY, lambda: actions.adopt(policy=trust_text.policy, school=cast.sister, by=by, **told))
    found = items(cast, DAY + timedelta(days=60), cast.sister)
    assert list(found) == ["P1.1", "P1.2", "P2.1", "P2.2"]
    for one in found.values():
        assert (one.standing, one.lines) == (GOOD, {"matched": GOOD, "values_tagged": GOOD})
    assert found["P1.1"].clause_id == trust_text.clauses.get(ref="1.1").id


def test_a_school_without_any_text_has_every_principle_unmarked(cast, trust_text):
    found = items(cast, DAY + timedelta(days=60), cast.sister)
    assert {one.standing for one in found.values()} == {BROKEN}
    assert len(found) == 4


@pytest.mark.parametrize(
    ("mode", "refs"),
    [
        (Mode.WORD_FOR_WORD, ["P1.1", "P1.2", "P1.3", "P2.1", "P2.2"]),
        (Mode.PRINCIPLES, ["P1.1", "P1.2", "P2.1", "P2.2"]),
        (Mode.ADVISORY, ["P1.1", "P2.1", "P2.2"]),
    ],
)
def test_which_principles_bind_depends_on_the_mode(cast, own, mode, refs):
    by = cast.scope("trust_comms", DAY)
    at(DAY, lambda: actions.take_parent(school=cast.school, policy=own.policy, mode=mode, reason="Board, item 3", by=by))
    force = {row.ref: row.modality for row in queries.parent_text(by, DAY).version.clauses.all()}
    wanted = refs if mode != Mode.ADVISORY else [f"P{ref}" for ref in ("1.1", "1.2", "2.1", "2.2") if force[ref] in principles.MUST]
    assert [name for name in items(cast, DAY) if name[0] == "P"] == wanted
    assert "P1.2" not in wanted or mode != Mode.ADVISORY  # it only says should


def test_word_for_word_leaves_no_room_for_other_words(cast, own):
    by = cast.scope("trust_comms", DAY)
    at(DAY, lambda: actions.take_parent(school=cast.school, policy=own.policy, mode=Mode.WORD_FOR_WORD, reason="Board", by=by))
    for kind in ("stricter", "other_words"):
        with pytest.raises(BadInput, match="word for word"):
            mark(cast, own, "1.1", kind, refs=["1.1"])
    mark(cast, own, "1.1", "same", refs=["1.1"])


def test_with_two_policies_in_force_the_school_says_which_answers(cast, own):
    other = version_in_force(cast, "Alder Park Primary\nPhones\n\n1.1 Phones must be put away.\n", cast.school, DAY)
    assert not [name for name in items(cast, DAY) if name[0] == "C"]
    by = cast.scope("clerk", DAY)
    at(DAY, lambda: actions.take_parent(school=cast.school, policy=other.policy, mode=Mode.PRINCIPLES, reason="Staff meeting", by=by))
    assert [name for name in items(cast, DAY) if name[0] == "C"] == [f"C{row.ref}" for row in other.clauses.order_by("position")]
    with pytest.raises(BadInput, match="in force"):
        at(DAY, lambda: actions.take_parent(school=cast.sister, policy=own.policy, mode="principles", reason="x", by=cast.office))


# ------------------------------------------------------------------ new versions


def test_a_mark_outlives_a_new_version_as_long_as_the_words_on_both_sides_do(cast, own):
    mark_all(cast, own)
    tag_rest(cast, own, refs=["2.2"])
    later = DAY + timedelta(days=100)
    changed = TEXT.replace("looked at every day, weekends included", "looked at once a week").replace("Version: 1", "Version: 2")
    version_in_force(cast, changed, None if own.policy.school is None else cast.school, later, own.policy)
    found = items(cast, later)
    assert (found["P1.1"].standing, found["P2.1"].standing) == (GOOD, GOOD)
    assert (found["P1.2"].standing, found["P1.2"].why) == (BROKEN, "The words it was marked against have changed.")
    assert items(cast, later - timedelta(days=1))["P1.2"].standing == GOOD
    assert found["C2.2"].standing == GOOD
    assert found["C1.3"].standing == DUE  # its words are new


def test_a_principle_with_new_words_is_marked_anew_in_thirty_days_and_the_others_keep_theirs(cast, trust_text, own):
    mark_all(cast, own)
    later = DAY + timedelta(days=100)
    version_in_force(cast, TRUST.replace("within ten school days", "within five school days"), None, later, trust_text.policy)
    found = items(cast, later)
    assert (found["P1.1"].standing, found["P1.2"].standing) == (GOOD, GOOD)
    assert (found["P2.1"].standing, found["P2.1"].due_on) == (DUE, later + timedelta(days=30))
    assert (found["P2.2"].standing, found["P2.2"].due_on) == (BROKEN, DAY + timedelta(days=30))  # old words, never marked


def test_what_was_said_of_a_draft_is_not_asked_of_the_version_before(cast, own):
    draft = at(DAY, lambda: actions.import_version(
        document=policytext.read_text(TEXT + "\n2.3 Accounts need the headteacher's written approval.\n", "p.txt"),
        policy=own.policy, by=cast.scope("clerk", DAY),
    ))  # fmt: skip
    mark(cast, draft, "2.2", "same", refs=["2.3"])
    assert items(cast, DAY)["P2.2"].standing == DUE
    side = at(DAY, lambda: queries.school_side(cast.scope("clerk", DAY), draft, DAY))[2]
    assert side["2.2"].how == How.SAME


# ------------------------------------------------------------------ suggestions


def test_the_job_compares_once_and_again_when_a_text_is_new(cast, own, monkeypatch):
    with clock.standing_at(clock.at(DAY)):
        jobs.suggest_marks(clock.now())
        jobs.suggest_marks(clock.now())
        row = Alignment.objects.get()
        assert row.verdicts["1.1"] == "same"
        assert (row.rows["1.1"]["school"], row.rows["1.1"]["likeness"], row.engine) == (["1.1"], 1.0, policytext.engine_print())
        assert "1.3" not in row.verdicts  # background
        draft = actions.import_version(document=policytext.read_text(TEXT + "2.9 More.\n", "p.txt"), policy=own.policy, by=cast.office)
        jobs.suggest_marks(clock.now())
    assert set(Alignment.objects.values_list("version_id", flat=True)) == {own.id, draft.id}
    monkeypatch.setattr(policytext, "engine_print", lambda: "f" * 64)
    with clock.standing_at(clock.at(DAY)):
        jobs.suggest_marks(clock.now())
    assert Alignment.objects.filter(engine="f" * 64).count() == 2


def test_accepting_all_takes_only_strong_suggestions_of_the_same(cast, own):
    at(DAY, lambda: jobs.suggest_marks(clock.now()))
    row = Alignment.objects.get()
    strong = {ref for ref, verdict in row.verdicts.items() if verdict == "same" and row.rows[ref]["likeness"] >= principles.STRONG}
    assert strong >= {"1.1", "2.1"}
    assert "2.2" not in strong
    mark(cast, own, "2.1", "departs", reason="On purpose")
    assert at(DAY, lambda: actions.accept_same(version=own, by=cast.scope("clerk", DAY))) == len(strong) - 1
    assert set(PrincipleMark.objects.filter(kind="same").values_list("ref", flat=True)) == strong - {"2.1"}
    assert at(DAY, lambda: actions.accept_same(version=own, by=cast.scope("clerk", DAY))) == 0


@pytest.mark.parametrize(
    ("verdict", "likeness", "taken"), [("same", 0.8, True), ("same", 0.79, False), ("stricter", 1.0, False), ("looser", 1.0, False)]
)
def test_what_is_strong(cast, own, verdict, likeness, taken):
    one = at(DAY, lambda: queries.school_side(cast.office, own, DAY))[2]["1.1"]
    assert principles.strong(one, {"1.1": {"verdict": verdict, "likeness": likeness}}) is taken
    assert not principles.strong(one, {})


# ------------------------------------------------------------------ who may do what


def test_a_mark_needs_what_its_kind_needs_and_nothing_is_stored_otherwise(cast, own):
    for told, sentence in (({"kind": "same"}, "Tick or write the clause"), ({"kind": "departs", "reason": " "}, "why your policy departs"),
                           ({"kind": "loose"}, "Choose how"), ({"kind": "same", "refs": ["9.9"]}, r"no clause 9\.9"),
                           ({"kind": "gap", "reason": "x" * 301, "gap_on": DAY}, "longer than 300")):  # fmt: skip
        with pytest.raises(BadInput, match=sentence):
            mark(cast, own, "1.1", **told)
    with pytest.raises(BadInput, match=r"no principle 1\.3 that binds"):
        mark(cast, own, "1.3", "same", refs=["1.1"])
    assert not PrincipleMark.objects.exists()


def test_marks_are_made_by_those_who_edit_the_school_s_policies(cast, trust_text, own):
    for who, sentence in (("teacher", "edits your school"), ("governor", "edits your school")):
        with pytest.raises(Denied, match=sentence):
            mark(cast, own, "1.1", "same", by=who, refs=["1.1"])
    with pytest.raises(NotFound):
        mark(cast, own, "1.1", "same", by="sister_head", refs=["1.1"])
    with pytest.raises(Denied, match="named person"):
        at(DAY, lambda: actions.mark_principle(version=own, ref="1.1", kind="same", refs=["1.1"], by=cast.office))
    with pytest.raises(Denied, match="trust's own text"):
        mark(cast, trust_text, "1.1", "same", by="trust_comms", refs=["1.1"])
    with pytest.raises(Denied, match="edits the trust's policies"):
        at(DAY, lambda: actions.load_parent(policy=None, by=cast.scope("head", DAY)))


def test_a_departure_is_decided_once_by_somebody_else_who_approves_for_the_trust(cast, own):
    row = mark(cast, own, "1.1", "departs", reason="On purpose", by="head")
    for who in ("head", "clerk", "trust_comms"):
        with pytest.raises(Denied, match="approves policies for the trust"):
            at(DAY, lambda who=who: actions.decide_departure(mark=row, approved=True, why="Yes", by=cast.scope(who, DAY)))
    with pytest.raises(NotFound):
        at(DAY, lambda: actions.decide_departure(mark=row, approved=True, why="Yes", by=cast.scope("sister_head", DAY)))
    with pytest.raises(Denied, match="named person"):
        at(DAY, lambda: actions.decide_departure(mark=row, approved=True, why="Yes", by=cast.office))
    decide(cast, row)
    with pytest.raises(Replaced, match="decided already"):
        decide(cast, row, approved=False)
    assert DepartureDecision.objects.get().approved


def test_whoever_marked_a_departure_cannot_approve_it(cast, own):
    people.appoint(person=cast.ceo, role="headteacher", school=cast.school, starts_on=DAY, by=cast.office)
    row = mark(cast, own, "1.1", "departs", reason="On purpose", by="ceo")
    with pytest.raises(Denied, match="You marked this"):
        decide(cast, row)


def test_a_departure_marked_again_is_not_approved(cast, own):
    row = mark(cast, own, "1.1", "departs", reason="On purpose")
    mark(cast, own, "1.1", "departs", DAY + timedelta(days=1), reason="Another reason")
    with pytest.raises(Replaced, match="marked this principle again"):
        decide(cast, row, DAY + timedelta(days=1))


def test_the_trust_asks_and_a_later_mark_answers(cast, own):
    by = cast.scope("trust_comms", DAY)
    at(DAY, lambda: actions.ask_school(school=cast.school, ref="2.2", words="Is it on purpose?", by=by))
    found = at(DAY, lambda: queries.school_side(cast.scope("clerk", DAY), own, DAY))[2]["2.2"]
    assert found.question.words == "Is it on purpose?"
    mark(cast, own, "2.2", "gap", DAY + timedelta(days=1), gap_on=DAY + timedelta(days=9))
    later = DAY + timedelta(days=1)
    assert at(later, lambda: queries.school_side(cast.scope("clerk", later), own, later))[2]["2.2"].question is None
    for who in ("clerk", "head"):
        with pytest.raises(Denied, match="edits the trust's policies"):
            at(DAY, lambda who=who: actions.ask_school(school=cast.school, ref="2.2", words="x", by=cast.scope(who, DAY)))
    with pytest.raises(BadInput, match="Write what you ask"):
        at(DAY, lambda: actions.ask_school(school=cast.school, ref="2.2", words=" ", by=by))
    with pytest.raises(Denied, match=r"No principle 9\.9"):
        at(DAY, lambda: actions.ask_school(school=cast.school, ref="9.9", words="x", by=by))


def test_nothing_that_was_said_is_ever_changed(cast, own):
    row = mark(cast, own, "1.1", "departs", reason="On purpose")
    decide(cast, row)
    tag_rest(cast, own)
    at(DAY, lambda: jobs.suggest_marks(clock.now()))
    at(DAY, lambda: actions.ask_school(school=cast.school, ref="2.2", words="Why?", by=cast.scope("trust_comms", DAY)))
    at(DAY, lambda: actions.take_parent(
        school=cast.school, policy=own.policy, mode=Mode.PRINCIPLES, reason="x", by=cast.scope("clerk", DAY)
    ))  # fmt: skip
    for model, change in ((ParentText, {"policy": None}), (Lineage, {"reason": "y"}), (Alignment, {"verdicts": {}}),
                          (PrincipleMark, {"kind": "same"}), (DepartureDecision, {"approved": False}), (ClauseValue, {"ref": "x"}),
                          (PrincipleQuestion, {"words": "y"})):  # fmt: skip
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            model.objects.update(**change)
        with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
            model.objects.all()._raw_delete(model.objects.db)


def test_a_mark_stands_or_falls_with_its_entry_in_the_log(cast, own, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the log is full")

    monkeypatch.setattr("schoolgate.audit.actions.record", fail)
    with pytest.raises(RuntimeError):
        mark(cast, own, "1.1", "same", refs=["1.1"])
    assert not PrincipleMark.objects.exists()


@pytest.mark.parametrize(
    ("days", "keys", "since"),
    [
        ((5, 3, 1), ("k", "k", "k"), 1),
        ((5, 3, 1), ("k", "k", "x"), 3),
        ((5, 3, 1), ("k", "x", "k"), 5),
        ((5,), ("k",), 5),
    ],
)
def test_since_when_words_hold(days, keys, since):
    begun = [(date(2026, 1, day), {key}) for day, key in zip(days, keys, strict=True)]
    assert principles.held_since("k", begun, date(2025, 1, 1)) == date(2026, 1, since)
    assert principles.held_since("k", begun, date(2026, 1, 4)) == date(2026, 1, max(since, 4))
