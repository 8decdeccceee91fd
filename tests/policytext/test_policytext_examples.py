"""The example clauses the engine learns from: enough for every control, true to the catalogue, none given twice."""

import re
from collections import Counter

import pytest

from schoolgate import data

CONTROLS = {control["id"]: control for control in data.load("catalogue/controls.yaml")["controls"]}
EXAMPLES = data.rows("catalogue/examples.csv")
FEWEST_PER_CONTROL = 18
FEWEST_INFORMATIONAL = 250


def named(row: dict[str, str]) -> list[str]:
    """The controls an example belongs to, best first; none for information only."""
    return [control for control in row["control"].split(";") if control]


def normalised(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


@pytest.mark.parametrize("control", CONTROLS)
def test_every_control_has_examples_enough_of_its_own(control):
    """Counted where the control stands first; examples it shares with a better one come on top."""
    assert sum(named(row)[:1] == [control] for row in EXAMPLES) >= FEWEST_PER_CONTROL


def test_information_only_has_examples_enough():
    assert sum(row["kind"] == "informational" for row in EXAMPLES) >= FEWEST_INFORMATIONAL


def test_every_row_has_three_cells():
    """A comma left unquoted would put half a sentence into a cell without a heading."""
    assert [row for row in EXAMPLES if set(row) != {"control", "kind", "text"} or None in row.values()] == []


def test_only_controls_of_the_catalogue_are_named_and_none_twice_in_a_row():
    assert {control for row in EXAMPLES for control in named(row)} <= set(CONTROLS)
    assert [row for row in EXAMPLES if len(named(row)) != len(set(named(row)))] == []


def test_the_kind_follows_from_the_first_control():
    def due(row: dict[str, str]) -> str:
        if not named(row):
            return "informational"
        return "attested" if CONTROLS[named(row)[0]]["kind"] == "attested" else "control"

    assert [row for row in EXAMPLES if row["kind"] != due(row)] == []


def test_no_text_is_empty_or_given_twice():
    times = Counter(normalised(row["text"]) for row in EXAMPLES)
    assert "" not in times
    assert [text for text, count in times.items() if count > 1] == []
