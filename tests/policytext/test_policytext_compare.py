"""Two versions of a text: every real change is told, and what only looks different is not."""

import pytest
from tests.policytext.conftest import shared_file

from schoolgate.policytext import COVER, Clause, compare, cover_of, read

RULES = [
    "Staff must not share pictures of pupils on their own accounts.",
    "Every official account has two named keepers who both know how to close it.",
    "Passwords are changed on the day somebody leaves.",
    "The headteacher checks the list of accounts once a term and signs it.",
    "Complaints that arrive by message are answered within two working days.",
    "Parents are asked each September whether their child may appear in pictures.",
]


def clauses(*texts: str, path: tuple[str, ...] = ("1 Rules",)) -> tuple[Clause, ...]:
    return tuple(Clause(f"1.{number}", path, text, "must") for number, text in enumerate(texts, 1))


def told(before, after) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(change.kind, change.before, change.after) for change in compare(before, after) if change.kind != "kept"]


def test_the_same_text_is_kept_whole():
    changes = compare(clauses(*RULES), clauses(*RULES))
    assert [change.kind for change in changes] == ["kept"] * len(RULES)
    assert [change.after for change in changes] == [(f"1.{number}",) for number in range(1, 7)]


def test_quotes_case_spaces_and_hyphens_at_line_ends_are_no_change():
    before = clauses("The school’s “E-Safety” policy — see below — must be fol-lowed.")
    after = clauses('The school\'s "e-safety"  policy - see below - must be followed.')
    assert told(before, after) == []


def test_a_new_number_alone_is_no_change():
    assert told(clauses(*RULES[1:]), tuple(Clause(f"2.{place}", (), text, "must") for place, text in enumerate(RULES[1:]))) == []


def test_what_is_added_and_removed_stands_where_it_belongs():
    changes = compare(clauses(*RULES[:4]), clauses(RULES[0], RULES[2], RULES[3], RULES[5]))
    assert [change.kind for change in changes] == ["kept", "removed", "kept", "kept", "added"]
    assert changes[1].before == ("1.2",)
    assert changes[4].pieces == (("added", RULES[5]),)


def test_a_reworded_clause_shows_its_words():
    (change,) = compare(clauses(RULES[4]), clauses(RULES[4].replace("two working days", "one school day")))
    assert (change.kind, change.before, change.after) == ("reworded", ("1.1",), ("1.1",))
    assert [kind for kind, _ in change.pieces] == ["same", "removed", "added"]
    assert change.pieces[1:] == (("removed", "two working days."), ("added", "one school day."))


def test_one_small_word_is_enough_to_be_told():
    before = clauses("Staff may use their own phone in the classroom during lessons.")
    after = clauses("Staff may not use their own phone in the classroom during lessons.")
    assert told(before, after) == [("reworded", ("1.1",), ("1.1",))]


def test_a_moved_clause_is_moved_and_nothing_else_is():
    moved = [change for change in compare(clauses(*RULES), clauses(*RULES[1:], RULES[0])) if change.kind != "kept"]
    assert [(change.kind, change.before, change.after, change.moved) for change in moved] == [("moved", ("1.1",), ("1.6",), True)]


def test_a_clause_may_be_moved_and_reworded_at_once():
    new = RULES[0].replace("their own accounts", "any account of their own")
    (change,) = [change for change in compare(clauses(*RULES), clauses(*RULES[1:], new)) if change.kind != "kept"]
    assert (change.kind, change.moved, change.before, change.after) == ("reworded", True, ("1.1",), ("1.6",))


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("This policy was approved in May 2020 by governors.", "This policy was approved in June 2021 by governors.", "dates_or_names"),
        ("It is reviewed on 3rd May 2020 by staff.", "It is reviewed on 12th October 2021 by staff.", "dates_or_names"),
        ("Tell Mrs Ada Byron, who leads on safety.", "Tell Mr Alan Turing, who leads on safety.", "dates_or_names"),
        ("Write to safe@oldschool.example about it.", "Write to safe@newschool.example about it.", "dates_or_names"),
        ("Tell the Headteacher about every such case.", "Tell the Governors about every such case.", "reworded"),
        ("Tell the DSL about every such case today.", "Tell the DPO about every such case today.", "reworded"),
        ("Records are kept for 6 years after a case.", "Records are kept for 12 years after a case.", "reworded"),
        ("We follow the Data Protection Act 1998 here.", "We follow the Data Protection Act 2018 here.", "reworded"),
        ("Answer within 24 hours of any message sent.", "Answer within 48 hours of any message sent.", "reworded"),
        ("Pictures are put on Facebook by the office.", "Pictures are put on Instagram by the office.", "reworded"),
        ("We approved this text as a school together.", "We approved this text in May 2020 as a school together.", "reworded"),
    ],
)
def test_dates_and_names_are_told_apart_from_rules(old, new, kind):
    (change,) = compare(clauses(old), clauses(new))
    assert change.kind == kind


def test_a_paragraph_printed_as_two_is_kept():
    whole, other = f"{RULES[0]} {RULES[1]}", RULES[2]
    changes = compare(clauses(whole, other), clauses(RULES[0], RULES[1], other))
    assert [(change.kind, change.before, change.after) for change in changes] == [
        ("kept", ("1.1",), ("1.1", "1.2")),
        ("kept", ("1.2",), ("1.3",)),
    ]
    assert told(clauses(RULES[0], RULES[1], other), clauses(whole, other)) == []


def test_a_paragraph_cut_elsewhere_is_kept():
    """Three statements cut at other places in each text, as when a page break falls inside a paragraph."""
    first, second = "Staff ask before they post. They wait for", "an answer in writing. They keep the answer."
    other = ("Staff ask before they post.", "They wait for an answer in writing.", "They keep the answer.")
    assert told(clauses(first, second), clauses(*other)) == []


def test_a_paragraph_cut_in_two_and_reworded_is_one_change():
    whole = f"{RULES[3]} {RULES[4]}"
    changes = compare(clauses(whole), clauses(RULES[3], RULES[4].replace("two working days", "three working days")))
    assert [(change.kind, change.before, change.after) for change in changes] == [("reworded", ("1.1",), ("1.1", "1.2"))]


def test_a_lead_in_that_turns_a_list_round_is_told_once():
    before = clauses("share the password", "leave the account open", "answer in anger", path=("2 Keepers", "Keepers should not:"))
    after = clauses("share the password", "leave the account open", "answer in anger", path=("2 Keepers", "Keepers must never:"))
    changed = [change for change in compare(before, after) if change.kind != "kept"]
    assert [(change.kind, change.lead_in, change.after) for change in changed] == [("reworded", True, ("1.1",))]


def test_a_sentence_printed_twice_pairs_with_its_own_copy():
    before = clauses(RULES[0], RULES[1], RULES[0], RULES[2])
    after = clauses(RULES[0], RULES[1], RULES[2])
    assert told(before, after) == [("removed", ("1.3",), ())]


def test_a_text_beside_nothing_is_all_new():
    assert [change.kind for change in compare((), clauses(*RULES))] == ["added"] * 6
    assert compare((), ()) == ()


def test_unlike_sentences_are_never_called_reworded():
    assert [kind for kind, *_ in told(clauses(RULES[0]), clauses(RULES[2]))] == ["removed", "added"]


def test_what_changes_on_the_cover_is_told_too():
    before = (*cover_of(["Adopted: May 2020", "Reviewed by: Curriculum Committee"]), *clauses(*RULES))
    after = (*cover_of(["Adopted: June 2021", "Reviewed by: Full Governing Board"]), *clauses(*RULES))
    assert [(change.kind, change.before) for change in compare(before, after) if change.kind != "kept"] == [
        ("dates_or_names", (COVER,)),
        ("reworded", (COVER,)),
    ]


def test_two_years_of_a_real_policy_differ_on_the_cover_alone():
    """The one pair at hand: adopted, amended and reviewed by another body; the rules themselves stayed word for word."""
    old, new = (
        read(shared_file("data", "policies", "real", "decoy-primary-devon", f"{year}-anti-bullying-policy.pdf")) for year in (2020, 2021)
    )
    covers = [cover_of(aside.text for aside in one.asides if aside.kind == COVER) for one in (old, new)]
    changed = [change for change in compare((*covers[0], *old.clauses), (*covers[1], *new.clauses)) if change.kind != "kept"]
    assert {change.kind for change in changed} <= {"reworded", "removed", "added"}
    assert {ref for change in changed for ref in (*change.before, *change.after)} == {COVER}
    assert 2 <= len(changed) <= 4
