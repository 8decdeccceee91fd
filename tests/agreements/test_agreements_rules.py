"""When a signature stands, and what a signature needs, as tables without a database."""

from datetime import UTC, date, datetime

import pytest

from schoolgate.agreements import rules
from schoolgate.common.errors import BadInput, Denied, Replaced
from schoolgate.contracts.controls import Standing

TERMS = rules.Terms(frozenset({"employee", "governor"}), 14, 14, 12, 7, 14)
NEVER_AGAIN = rules.Terms(frozenset({"employee"}), 14, 14, None, 7, 14)
LONG_AGO = date(2020, 1, 1)
SINCE = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("on", "joined", "signed", "standing", "due_on"),
    [
        (date(2026, 3, 15), LONG_AGO, None, Standing.DUE, date(2026, 3, 15)),  # 13 days since the version: fewer than 14
        (date(2026, 3, 16), LONG_AGO, None, Standing.BROKEN, date(2026, 3, 15)),
        (date(2026, 9, 14), date(2026, 9, 1), None, Standing.DUE, date(2026, 9, 14)),  # joined later than the version
        (date(2026, 9, 15), date(2026, 9, 1), None, Standing.BROKEN, date(2026, 9, 14)),
        (date(2026, 3, 20), LONG_AGO, date(2026, 3, 2), Standing.GOOD, None),
        (date(2027, 2, 15), LONG_AGO, date(2026, 3, 2), Standing.GOOD, None),
        (date(2027, 2, 16), LONG_AGO, date(2026, 3, 2), Standing.LAPSING, date(2027, 3, 1)),
        (date(2027, 3, 1), LONG_AGO, date(2026, 3, 2), Standing.LAPSING, date(2027, 3, 1)),
        (date(2027, 3, 2), LONG_AGO, date(2026, 3, 2), Standing.BROKEN, date(2027, 3, 1)),
    ],
)
def test_where_an_employee_stands(on, joined, signed, standing, due_on):
    found = rules.judge(category="employee", joined=joined, signed_on=signed, since=SINCE, terms=TERMS, on=on)
    assert (found.standing, found.due_on) == (standing, due_on)


def test_without_each_autumn_a_signature_does_not_lapse():
    found = rules.judge(category="employee", joined=LONG_AGO, signed_on=SINCE, since=SINCE, terms=NEVER_AGAIN, on=date(2036, 1, 1))
    assert found.standing == Standing.GOOD


def test_a_governor_signs_again_in_a_new_term_of_office():
    signed, term = date(2026, 3, 3), date(2026, 9, 1)
    before = rules.judge(category="governor", joined=LONG_AGO, signed_on=signed, since=SINCE, terms=TERMS, on=term)
    within = rules.judge(category="governor", joined=term, signed_on=signed, since=SINCE, terms=TERMS, on=date(2026, 9, 14))
    late = rules.judge(category="governor", joined=term, signed_on=signed, since=SINCE, terms=TERMS, on=date(2026, 9, 15))
    assert [one.standing for one in (before, within, late)] == [Standing.GOOD, Standing.DUE, Standing.BROKEN]


def test_the_worst_of_several_decides_and_of_equals_the_first_to_run_out():
    good, soon, later = rules.Verdict(Standing.GOOD), rules.Verdict(Standing.DUE, SINCE), rules.Verdict(Standing.DUE, date(2026, 4, 1))
    assert rules.worst([good, later, soon]) == soon
    assert rules.worst([good, rules.Verdict(Standing.LAPSING)]).standing == Standing.LAPSING


def test_the_terms_leave_contractors_out_and_renewal_off_unless_each_autumn():
    params = {
        "signing_categories": ["employees", "trust_staff", "friends_association", "contractors"], "sign_days": 14, "resign_days": 10,
        "renew_months": 12, "reminder_days": 7, "resign_when": ["joining", "new_version"],
    }  # fmt: skip
    terms = rules.terms_of(params)
    assert terms.categories == {"employee", "volunteer"}
    assert terms.renew_months is None
    assert terms.remind_days == 14
    assert rules.terms_of({**params, "resign_when": ["each_autumn"]}).renew_months == 12


@pytest.mark.parametrize(
    ("typed", "register", "same"),
    [
        ("Zoe O'Brien-Smith", "Zoë O’Brien-Smith", True),
        ("  mary   JONES ", "Mary Jones", True),
        ("Mary Anne Jones", "Mary-Anne Jones", True),
        ("Jones Mary", "Mary Jones", False),
        ("M Jones", "Mary Jones", False),
        ("Mary", "Mary Jones", False),
    ],
)
def test_a_name_matches_but_for_capitals_accents_and_spaces(typed, register, same):
    assert rules.same_name(typed, register) is same


@pytest.mark.parametrize(("is_open", "in_force", "shown"), [(False, True, "a"), (True, False, "a"), (True, True, "b")])
def test_any_change_of_the_text_stops_a_signature(is_open, in_force, shown):
    with pytest.raises(Replaced, match="changed while you were reading"):
        rules.check_still_current(is_open=is_open, in_force=in_force, shown=shown, now="a")


def test_who_is_not_asked_has_signed_or_has_not_opened_cannot_sign():
    now = datetime(2026, 3, 2, tzinfo=UTC)
    rules.check_can_sign(asked=True, standing=Standing.DUE, opened_at=now)
    for wrong, words in (({"asked": False}, "not among"), ({"standing": Standing.GOOD}, "already"), ({"opened_at": None}, "Open and read")):
        with pytest.raises(Denied, match=words):
            rules.check_can_sign(**{"asked": True, "standing": Standing.BROKEN, "opened_at": now, **wrong})


@pytest.mark.parametrize("ticked", [[], ["a"], ["b", "a"], ["a", "b", "c"]])
def test_every_statement_is_ticked_on_its_own(ticked):
    with pytest.raises(BadInput) as refused:
        rules.check_statements(["a", "b"], ticked)
    assert refused.value.field == "statements"


@pytest.mark.parametrize(
    ("categories", "statements", "field"),
    [([], ["a"], "categories"), (["cat"], ["a"], "categories"), (["employee"], [], "statements"),
     (["employee"], [" "], "statements"), (["employee"], ["a", "a"], "statements")],
)  # fmt: skip
def test_a_form_needs_people_and_statements_that_differ(categories, statements, field):
    with pytest.raises(BadInput) as refused:
        rules.check_form(categories, statements)
    assert refused.value.field == field


def test_a_key_may_be_typed_in_any_case_and_grouping():
    key = rules.key_in_groups("ABCDEFGHJKMNPQRSTVWX")
    assert key == "ABCDE-FGHJK-MNPQR-STVWX"
    assert rules.key_hash(key) == rules.key_hash(" abcdefghjk mnpqrstvwx")


def test_the_title_above_every_clause_is_told_once():
    assert rules.shared_depth([["T"], ["T", "1"], ["T", "2", "a"]]) == 1
    assert rules.shared_depth([["1"], ["2"]]) == 0
    assert rules.shared_depth([]) == 0
