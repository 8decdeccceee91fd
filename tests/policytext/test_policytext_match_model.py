"""The shipped model of the matcher: fresh, repeatable, free of anybody's sentences, and honest about what its scores mean."""

import io

import numpy as np
import pytest

from schoolgate.policytext.matching import storing
from schoolgate.policytext.matching.audience import AUDIENCES, leaning_rows, learn_leaning
from schoolgate.policytext.matching.chance import VECTORS, WORDS, chances, fit_curve
from schoolgate.policytext.matching.examples import Example, shelf
from schoolgate.policytext.matching.fitting import fit
from schoolgate.policytext.matching.index import build_index

SAMPLE = tuple(example for place, example in enumerate(shelf()) if place % 12 == 0)


def test_the_shipped_model_was_learnt_from_the_shelf_as_it_is_now():
    assert not storing.is_stale(), "The shelf has changed: run scripts/train_matcher.py fit, then chances."


def test_the_same_examples_give_the_same_file():
    first, second = (storing.model_bytes(fit(SAMPLE, storing.senses())) for _ in range(2))
    assert first == second


def test_any_change_of_an_example_makes_the_model_stale():
    assert storing.inputs_sha256(shelf()) != storing.inputs_sha256(shelf()[1:])


def test_a_stored_model_says_what_it_was_learnt_to_say():
    model, held = fit(SAMPLE, storing.senses()), storing.fitted()
    rebuilt = build_index([example.text for example in shelf()], storing.senses())
    asked = [(example.text, "") for example in SAMPLE[:40]]
    assert np.allclose(rebuilt.likeness(asked).together(), held.index.likeness(asked).together(), atol=2e-3)
    assert model.answers.shape == (len(SAMPLE), len(held.controls) + 1)


def test_the_file_holds_no_sentence():
    with np.load(io.BytesIO(storing.model_bytes(fit(SAMPLE, storing.senses())))) as held:
        letters = b"".join(held[name].tobytes() for name in held.files if held[name].dtype == np.uint8)
    assert not [example.id for example in SAMPLE if len(example.text) > 30 and example.text.encode() in letters]


def test_a_text_is_likest_to_itself():
    index = build_index([example.text for example in SAMPLE], storing.senses())
    alike = index.likeness([(example.text, "") for example in SAMPLE]).together()
    assert np.allclose(alike, alike.T, atol=1e-4)
    assert (alike.max(axis=1) <= alike.diagonal() + 1e-4).all()


def test_a_fitted_curve_finds_the_chances_it_was_drawn_from():
    numbers = np.repeat(np.array([[0.0], [1.0]]), 1000, axis=0)
    right = np.concatenate([np.arange(1000) < 200, np.arange(1000) < 900])
    slope, constant = fit_curve(numbers, right)
    assert 1 / (1 + np.exp(-constant)) == pytest.approx(0.2, abs=0.01)
    assert 1 / (1 + np.exp(-slope - constant)) == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize("engine", [WORDS, VECTORS])
def test_more_support_is_never_a_smaller_chance(engine):
    support = np.array([0.9, 0.5, 0.3, 0.1, 0.0, 0.05], np.float32)
    found = chances(engine).of_suggestions(support, [0, 1, 2, 3, 4])
    assert found == sorted(found, reverse=True)
    assert all(0 < chance < 1 for chance in found)


@pytest.mark.parametrize("engine", [WORDS, VECTORS])
def test_support_for_none_makes_nothing_likelier(engine):
    curves = chances(engine)
    strong, weak = np.array([0.1, 0.1, 0.6], np.float32), np.array([0.6, 0.1, 0.05], np.float32)
    text = "The internet has changed how people speak to each other."
    assert curves.of_nothing(strong, 0.3, text, "declares") > curves.threshold > curves.of_nothing(weak, 0.6, text, "must")


def test_a_clause_that_binds_no_one_group_leans_half_as_much_to_those_last_bound_in_its_chapter():
    leaning = np.array([[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]], np.float32)
    bound = [("pupils",), (), ("pupils", "parents"), ("parents",), (), ("everyone",)]
    rows = leaning_rows(bound, [("One",)] * 3 + [("Two",)] * 2 + [("Three",)], leaning)
    assert rows.tolist() == [[1, 0, 0], [0.5, 0, 0], [0.5, 0, 0], [0, 2, 0], [0, 1, 0], [0, 0, 0]]


def test_whom_the_texts_of_a_control_bind_is_learnt_and_never_speaks_against_one():
    parents = [Example(f"p{n}", "Parents must ask before they film.", "control", ("a.film",)) for n in range(40)]
    staff = [Example(f"s{n}", "Staff must lock the door.", "control", ("b.door",)) for n in range(40)]
    leaning = learn_leaning([*parents, *staff], ("a.film", "b.door"))
    assert leaning.min() == 0
    told = dict(zip(AUDIENCES, leaning.tolist(), strict=True))
    assert told["parents"][0] > 0 == told["parents"][1]
    assert told["staff"][1] > 0 == told["staff"][0]
    assert told["pupils"] == [0, 0]
