"""Sentence vectors of the optional model: right, repeatable, absent without a word where the model is not installed."""

import importlib.machinery
import importlib.util

import numpy as np
import pytest

from schoolgate import data
from schoolgate.policytext import match
from schoolgate.policytext.vectors import encoding


@pytest.fixture
def model():
    found = encoding.encoder()
    if found is None:
        pytest.skip("the optional sentence model is not installed")
    return found


def test_sentences_that_mean_the_same_are_near_and_others_are_not(model):
    same, like, other = model.encode(
        ["Pupils must not bring phones to school.", "Children may not carry mobiles in class.", "The council audits the accounts."]
    )
    assert np.linalg.norm(same) == pytest.approx(1, abs=1e-5)
    assert same @ like > 0.5
    assert abs(same @ other) < 0.25


def test_a_sentence_has_one_vector_whatever_stands_beside_it(model):
    texts = ["Ask the head.", "Every official account must be approved by senior leaders before it is opened, and again each year.", ""]
    together = model.encode(texts)
    for text, vector in zip(texts, together, strict=True):
        assert np.allclose(model.encode([text])[0], vector, atol=1e-4)


def test_the_shipped_graph_is_the_one_the_code_describes():
    if importlib.util.find_spec("onnx") is None:
        pytest.skip("the package onnx is not installed")
    graph = importlib.import_module("schoolgate.policytext.vectors.graph")
    assert graph.graph_bytes() == data.file_bytes("matcher/minilm.onnx")


def test_matching_with_vectors_says_so(model, text):
    document = text("1. Rules\n1.1 Staff must never share the password of a school account with anybody.\n")
    (found,) = match(document)
    assert found.engine == "vectors"
    assert found.suggestions[0].control.startswith("channels.")


@pytest.mark.parametrize("absent", ["onnxruntime", "tokenizers", "safetensors", encoding.PACKAGE])
def test_without_one_of_its_packages_the_model_is_silently_absent(monkeypatch, absent):
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == absent else real(name))
    assert encoding.encoder.__wrapped__() is None


def test_other_weights_than_the_published_ones_are_not_used(monkeypatch, tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.safetensors").write_bytes(b"something else")
    spec = importlib.machinery.ModuleSpec(encoding.PACKAGE, None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    assert encoding.encoder.__wrapped__() is None
