"""What a person may put right in a reading, as plain values: each correction, taking it back, and doing it again in another reading."""

from dataclasses import replace

import pytest

from schoolgate.common.errors import BadInput, Replaced
from schoolgate.policies.models import CorrectionKind as Kind
from schoolgate.policies.rules import corrections
from schoolgate.policies.rules.corrections import Piece, again, take_back

HEADING = Piece("h", "1. Posting", aside="heading")


def clause(ref: str, text: str, *path: str, key: str = "") -> Piece:
    return Piece(key or ref, text, ref=ref, path=path or ("1. Posting",), modality="must", actors=())


ONE = clause("1.1", "Staff must ask first. They must wait for an answer;")
FURNITURE = Piece("f", "Page 2 of 9", aside="furniture")
TWO = clause("1.2", "and they must not post before it.")
THREE = clause("1.3", "People", "1. Posting")
FOUR = clause("1.4", "Adults must sign.")
READ = [HEADING, ONE, FURNITURE, TWO, THREE, FOUR]


def told(pieces) -> list[tuple[str, str]]:
    return [(one.aside or one.ref, one.text) for one in pieces]


def test_two_clauses_become_one_and_what_stood_between_them_stays():
    made = corrections.merge(READ, 1)
    assert told(made.applied(READ))[1:3] == [("1.1", f"{ONE.text} {TWO.text}"), ("furniture", "Page 2 of 9")]
    assert corrections.merge_back(READ, 3) == made


@pytest.mark.parametrize(("how", "at"), [(corrections.merge, 5), (corrections.merge_back, 1)])
def test_the_ends_of_the_document_have_nothing_to_join_to(how, at):
    with pytest.raises(BadInput, match=r"none (after|before) it"):
        how(READ, at)


def test_a_clause_is_cut_before_a_word_and_both_halves_are_read_anew():
    made = corrections.split(READ, 1, ONE.text.index("They"))
    first, second = made.after
    assert (first.ref, first.text, second.ref, second.text) == ("1.1", "Staff must ask first.", "1.1-2", "They must wait for an answer;")
    assert second.path == ONE.path
    assert second.modality == "must"


@pytest.mark.parametrize("place", [0, 1, -3, 7, len(ONE.text), 10_000])
def test_a_clause_is_never_cut_inside_a_word_or_at_its_ends(place):
    with pytest.raises(BadInput, match="Choose where"):
        corrections.split(READ, 1, place)


def test_places_after_a_sentence_are_offered_first():
    likely = [place for place in corrections.starts(ONE.text) if corrections.ends_a_part(ONE.text, place)]
    assert [ONE.text[place:].split()[0] for place in likely] == ["They"]


@pytest.mark.parametrize(
    ("ref", "sentence"),
    [("", "Give the number"), ("x" * 61, "Give the number"), ("1.2", "another clause 1.2"), ("1.1", "already")],
)
def test_a_number_that_cannot_stand_is_refused(ref, sentence):
    with pytest.raises(BadInput, match=sentence):
        corrections.number(READ, 1, ref)


def test_a_number_is_taken_as_it_is_printed():
    assert corrections.number(READ, 1, " 2.1 (a) ").after[0].ref == "2.1 (a)"


@pytest.mark.parametrize(("text", "sentence"), [(" ", "Type the words"), ("x" * 5001, "at most"), (ONE.text + " ", "words it has already")])
def test_words_that_cannot_stand_are_refused(text, sentence):
    with pytest.raises(BadInput, match=sentence):
        corrections.words(READ, 1, text)


def test_new_words_are_read_anew_unless_a_person_said_what_the_clause_asks():
    assert corrections.words(READ, 5, "Adults should sign.").after[0].modality == "should"
    by_hand = [*READ[:5], corrections.force(READ, 5, "may").after[0]]
    assert corrections.words(by_hand, 5, "Adults should sign.").after[0].modality == "may"


@pytest.mark.parametrize(("wanted", "sentence"), [("often", "Choose how"), ("must", "already")])
def test_what_a_clause_asks_is_one_of_the_known_forces(wanted, sentence):
    with pytest.raises(BadInput, match=sentence):
        corrections.force(READ, 1, wanted)


def test_a_clause_moves_past_its_neighbour_and_not_beyond_the_ends():
    assert told(corrections.move(READ, 5, -1).applied(READ))[4:] == [("1.4", "Adults must sign."), ("1.3", "People")]
    with pytest.raises(BadInput, match="further"):
        corrections.move(READ, 5, 1)
    with pytest.raises(BadInput, match="set aside"):
        corrections.move(READ, 0, 1)


def test_a_heading_that_was_read_as_a_clause_stands_above_what_follows_and_comes_back():
    made = corrections.set_aside(READ, 4, "heading")
    reading = made.applied(READ)
    assert told(reading)[4] == ("heading", "People")
    assert reading[5].path == ("1. Posting", "People")
    back = corrections.bring_back(reading, 4).applied(reading)
    assert told(back) == told(READ)
    assert back[5].path == ("1. Posting",)


def test_furniture_becomes_a_clause_under_the_headings_above_it_with_a_free_number():
    back = corrections.bring_back(READ, 2).after[0]
    assert (back.ref, back.path, back.aside) == ("1.1-2", ("1. Posting",), "")
    assert back.modality


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        (lambda: corrections.set_aside(READ, 1, "nonsense"), "Choose what it is"),
        (lambda: corrections.set_aside([ONE, FURNITURE], 0, "cover"), "only clause"),
        (lambda: corrections.bring_back(READ, 1), "clause already"),
        (lambda: corrections.words(READ, 0, "x"), "set aside"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(how, sentence):
    with pytest.raises(BadInput, match=sentence):
        how()


def test_a_piece_that_changed_meanwhile_is_not_corrected():
    seen = corrections.mark(READ, 3)
    assert corrections.find(READ, "1.2", seen) == 3
    for now in (
        [*READ[:3], replace(TWO, text="other"), *READ[4:]], [*READ[:3], TWO, FOUR, THREE], [*READ[:3], THREE, FOUR],
    ):  # fmt: skip
        with pytest.raises(Replaced, match="Somebody else"):
            corrections.find(now, "1.2", seen)


# ------------------------------------------------------------------ taking back and again

EACH = {
    "merge": lambda pieces: corrections.merge(pieces, 1),
    "split": lambda pieces: corrections.split(pieces, 1, ONE.text.index("They")),
    "number": lambda pieces: corrections.number(pieces, 1, "9.9"),
    "words": lambda pieces: corrections.words(pieces, 1, "Staff must ask the head first."),
    "force": lambda pieces: corrections.force(pieces, 1, "may"),
    "move": lambda pieces: corrections.move(pieces, 4, 1),
    "set_aside": lambda pieces: corrections.set_aside(pieces, 4, "heading"),
    "bring_back": lambda pieces: corrections.bring_back(pieces, 2),
}


@pytest.mark.parametrize("kind", EACH)
def test_every_correction_is_taken_back_whole(kind):
    made = EACH[kind](READ)
    now = made.applied(READ)
    assert now != READ
    assert take_back(now, made.about, made.before, made.after).applied(now) == READ


def test_a_correction_that_was_corrected_again_is_not_taken_back_over_it():
    made = EACH["words"](READ)
    now = made.applied(READ)
    later = corrections.number(now, 1, "7")
    with pytest.raises(Replaced, match="later correction"):
        take_back(later.applied(now), made.about, made.before, made.after)


def test_a_number_given_away_meanwhile_stops_a_correction_from_being_taken_back():
    made = EACH["number"](READ)
    now = made.applied(READ)
    now = corrections.number(now, 5, "1.1").applied(now)
    with pytest.raises(Replaced, match=r"has the number 1\.1 now"):
        take_back(now, made.about, made.before, made.after)


def test_a_decision_made_since_stays_where_the_words_are_the_same():
    made = EACH["number"](READ)
    now = made.applied(READ)
    now[1] = replace(now[1], decision={"kind": "control"})
    assert take_back(now, made.about, made.before, made.after).after[0].decision == {"kind": "control"}


def next_reading() -> list[Piece]:
    """The same document read again, a year later: other ids, a new clause in front, punctuation and case a little different."""
    fresh = [replace(one, id=f"n-{one.id}", text=one.text.upper() if one.id == "1.4" else one.text) for one in READ]
    return [clause("0.a", "Welcome.", key="n-0"), *fresh]


@pytest.mark.parametrize("kind", EACH)
def test_every_correction_is_made_again_where_the_same_words_stand(kind):
    made = EACH[kind](READ)
    repeated = again(next_reading(), Kind(kind), made.before, made.after)
    assert repeated is not None
    assert repeated.kind == made.kind
    wanted = [one.text.lower() for one in made.applied(READ)]
    assert [one.text.lower() for one in repeated.applied(next_reading())][1:] == wanted


@pytest.mark.parametrize("kind", EACH)
def test_no_correction_is_made_where_the_words_are_others(kind):
    made = EACH[kind](READ)
    others = [replace(one, text=f"{one.text} indeed") for one in next_reading()]
    assert again(others, Kind(kind), made.before, made.after) is None


def test_a_number_that_is_taken_this_time_is_not_given_again():
    made = EACH["number"](READ)
    taken = [*next_reading(), clause("9.9", "Another.")]
    assert again(taken, Kind.NUMBER, made.before, made.after) is None
