"""The living page as plain values: what each clause shows, the one sentence on top, and the age of the figures."""

from datetime import UTC, date, datetime

import pytest

from schoolgate.assurance import living
from schoolgate.assurance.models import Assessment, Attestation, Reading
from schoolgate.assurance.rules import Shown
from schoolgate.policies.models import Clause, ClauseControl, Policy, PolicyVersion

TODAY = date(2026, 9, 14)
TAKEN = datetime(2026, 9, 14, 5, 2, tzinfo=UTC)  # 6:02 on a London clock
NOW = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
VERSION = PolicyVersion(number=2, policy=Policy(title="Social media policy"), facts={"title": "Our policy"})


def clause(position, *joins, kind="control", path=()):
    made = Clause(
        version=VERSION, position=position, ref=f"{position}.1", path=list(path), text=f"Text {position}", kind=kind, reason="Because"
    )
    made._prefetched_objects_cache = {"joins": [ClauseControl(control=control, lines=lines) for control, lines in joins]}
    return made


def page(*clauses, readings=(), only="", **more):
    facts = living.Facts(
        VERSION,
        clauses,
        Assessment(taken_at=TAKEN, on=TODAY),
        {one.control: one for one in readings},
        more.pop("exceptions", {}),
        more.pop("attestations", {}),
    )
    return living.page(facts, now=NOW, today=TODAY, counts_shown=more.pop("counts_shown", True), only=only)


def read(control, state, good=3, counted=3, **more):
    return Reading(
        control=control, state=state, good=good, counted=counted, lines=more.get("lines", {}), by_clause={}, why=more.get("why", "")
    )


SIGNED, ROLES, LATER = "agreements.signed_by_everyone", "people.key_roles_filled", "conduct.guidance_in_date"


@pytest.fixture(autouse=True)
def two_carried(answers):
    answers |= {SIGNED: None, ROLES: None}


def test_every_clause_shows_its_state_in_the_order_of_the_text():
    made = page(
        clause(1, (SIGNED, [])), clause(2, (SIGNED, []), (ROLES, [])), clause(3, (LATER, [])), clause(4, kind="informational"),
        clause(5, kind="unjoined"), clause(6, kind="attested"), readings=[read(SIGNED, "met"), read(ROLES, "broken", 1, 3)],
    )  # fmt: skip
    assert [row.state for row in made.rows] == ["met", "broken", "not_carried", "informational", "unjoined", "no_data"]
    assert [row.words for row in made.rows[2:5]] == ["Not carried by this version", "For information", "Nothing behind it yet"]


def test_the_summary_says_every_state_once_and_adds_up():
    rows = [
        *(clause(n, (SIGNED, [])) for n in range(31)),
        *(clause(40 + n, (ROLES, [])) for n in range(4)),
        clause(60, kind="informational"),
    ]
    made = page(*rows, readings=[read(SIGNED, "met"), read(ROLES, "broken", 1, 3)])  # fmt: skip
    assert made.summary == "31 of 36 clauses are met, 4 are broken and 1 is for information."
    assert sum(number for _, _, number in made.counts) == made.total == 36


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ({}, "This policy has no clauses."),
        ({Shown.MET: 1}, "1 of 1 clause is met."),
        ({Shown.BROKEN: 1, Shown.NOT_CARRIED: 1}, "0 of 2 clauses are met, 1 is broken and 1 is not carried by this version."),
        ({Shown.MET: 2, Shown.DUE: 1, Shown.UNJOINED: 3}, "2 of 6 clauses are met, 1 is due and 3 have nothing behind them yet."),
    ],
)
def test_the_summary_is_one_plain_sentence(numbers, sentence):
    assert living.summary(numbers) == sentence


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (NOW, "Figures as of 6:02 this morning"),
        (datetime(2026, 9, 15, 8, tzinfo=UTC), "Figures as of 6:02 yesterday morning"),
        (datetime(2026, 9, 18, 8, tzinfo=UTC), "Figures as of 14 September 2026, 6:02am"),
    ],
)
def test_the_age_of_the_figures_is_said_in_words(now, words):
    assert living.figures(TAKEN, now) == words


def test_figures_never_taken_are_said_to_be_so():
    assert living.figures(None, NOW) == "No readings have been taken yet"


def test_old_figures_carry_a_warning():
    facts = living.Facts(VERSION, [], Assessment(taken_at=TAKEN, on=TODAY), {}, {}, {})
    assert not living.page(facts, now=TAKEN + living.STALE, today=TODAY, counts_shown=True).stale
    assert living.page(facts, now=TAKEN + living.STALE * 2, today=TODAY, counts_shown=True).stale


def test_a_clause_partly_carried_says_so_and_the_rest_decides():
    row = page(clause(1, (SIGNED, []), (LATER, [])), readings=[read(SIGNED, "met")]).rows[0]
    assert (row.state, row.standing.rest_not_carried) == ("met", True)
    assert [one.part.state for one in row.behind] == ["met", "not_carried"]
    assert not page(clause(1, (LATER, []))).rows[0].standing.rest_not_carried


def test_the_control_that_decides_comes_first_with_its_count():
    row = page(clause(1, (SIGNED, []), (ROLES, [])), readings=[read(SIGNED, "met"), read(ROLES, "broken", 27, 31)]).rows[0]
    assert (row.lead.part.control, row.lead.sentence) == (ROLES, "27 of 31")


def test_counts_are_kept_from_those_who_may_not_see_them():
    row = page(clause(1, (ROLES, [])), readings=[read(ROLES, "broken", 27, 31)], counts_shown=False).rows[0]
    assert row.lead.sentence == ""


def test_a_control_carried_but_unread_says_so():
    row = page(clause(1, (SIGNED, []))).rows[0]
    assert (row.state, row.lead.sentence) == ("no_data", "Not read yet")


def test_a_clause_on_one_line_names_the_line_in_words():
    row = page(
        clause(1, (ROLES, ["deputy"])), readings=[read(ROLES, "broken", lines={"deputy": {"state": "met", "good": 2, "counted": 2}})]
    ).rows[0]
    assert row.state == "met"
    assert row.behind[0].lines[0].startswith("Where the role is in deputy_roles")


def test_headings_open_where_the_path_changes_and_the_policys_title_is_no_section():
    made = page(
        clause(1, path=["Our policy"]), clause(2, path=["Our policy", "1. Aim"]), clause(3, path=["Our policy", "1. Aim", "1.2 Who"]),
        clause(4, path=["Our policy", "2. Rules"]), clause(5, path=["Our policy", "2. Rules"]),
    )  # fmt: skip
    assert [row.headings for row in made.rows] == [[], [(2, "1. Aim")], [(3, "1.2 Who")], [(2, "2. Rules")], []]
    assert [section.title for section in made.sections] == ["1. Aim", "2. Rules"]


def test_the_contents_say_where_the_trouble_is():
    made = page(
        clause(1, (SIGNED, []), path=["1. Aim"]),
        clause(2, (ROLES, []), path=["2. Rules"]),
        readings=[read(SIGNED, "due"), read(ROLES, "broken")],
    )
    assert [(section.title, section.broken, section.due) for section in made.sections] == [("1. Aim", 0, 1), ("2. Rules", 1, 0)]


def test_each_broken_clause_leads_to_the_next():
    made = page(
        clause(1, (ROLES, [])), clause(2, (SIGNED, [])), clause(3, (ROLES, [])), readings=[read(SIGNED, "met"), read(ROLES, "broken")]
    )
    assert (made.first_broken, [row.next_broken for row in made.rows]) == ("c1", ["c3", "", ""])


def test_a_filter_keeps_one_state_and_the_whole_count():
    made = page(clause(1, (ROLES, [])), clause(2, (SIGNED, [])), readings=[read(SIGNED, "met"), read(ROLES, "broken")], only="broken")
    assert ([row.clause.position for row in made.shown], made.total) == ([1], 2)
    assert "1 of 2 clauses" in made.summary


def test_a_confirmed_clause_shows_how_its_confirmation_stands():
    row = clause(1, kind="attested")
    made = page(row, attestations={row.id: Attestation(stands_until=date(2026, 9, 20))})
    assert made.rows[0].state == "due"


def test_the_bar_gives_room_to_what_nothing_stands_behind():
    pieces = living.bar({"met": 3, "not_carried": 40, "unjoined": 7, "informational": 12})
    assert [(piece.state.key, piece.count) for piece in pieces] == [("met", 3), ("not_carried", 47)]


def test_the_past_of_a_clause_is_told_by_what_it_is_joined_to_today():
    row = clause(1, (SIGNED, []), (ROLES, []))
    past = {
        date(2026, 9, 1): {SIGNED: read(SIGNED, "met"), ROLES: read(ROLES, "met")},
        date(2026, 9, 8): {SIGNED: read(SIGNED, "broken"), ROLES: read(ROLES, "met")},
    }
    assert living.history(row, past) == [(date(2026, 9, 1), "met"), (date(2026, 9, 8), "broken")]
    assert living.history(clause(2, (LATER, [])), past) == []


def test_a_lead_in_opens_its_list_quietly_and_is_not_said_twice():
    """`Staff should:` is no heading; where the clause before already ends with it, it does not come again."""
    aim, led = ["1. Aim"], ["1. Aim", "Staff should:"]
    made = page(clause(1, path=aim), clause(2, path=led), clause(3, path=led))
    assert [row.headings for row in made.rows] == [[(2, "1. Aim")], [(living.LEAD_IN, "Staff should:")], []]
    saying = clause(1, path=aim)
    saying.text = "We aim high. Staff should:"
    told = page(saying, clause(2, path=led))
    assert [row.headings for row in told.rows] == [[(2, "1. Aim")], []]
    assert [section.title for section in told.sections] == ["1. Aim"]
