"""What a text must hold for a pattern to match: never a text turned away that the pattern matches."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policytext.conftest import shared_file

from schoolgate import data
from schoolgate.policytext import read
from schoolgate.policytext.law.needing import folded, may_match, needed
from schoolgate.policytext.law.rulebook import rules

WAYS = ["abc(?:d|e)?f", "(?:ab|cd)+ef?g", "a(?:bcd|efg)", "(abc|d)(efg)*"]
PATTERNS = [pattern for rule in rules() for pattern in (rule.pattern, rule.guidance) if pattern is not None]


def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("Criminal Records", {"criminal records"}),
        ("Child(?:ren)? Act", {"child", " act"}),
        ("(?:Ofsted|Estyn) report", {"ofsted|estyn", " report"}),
        ("(?:see|form) .{3}", {"see|form"}),
        (r"\bCEOP\b(?! button)", {"ceop"}),
        ("(?:abc)+", {"abc"}),
    ],
)
def test_what_a_pattern_cannot_match_without(pattern, wanted):
    assert {"|".join(sorted(choice, key=pattern.casefold().find)) for choice in needed(compiled(pattern))} == wanted


@pytest.mark.parametrize("pattern", [r"\bIT\b", "(?:abc)?", "(?:Facebook|x)", "[a-z]{5}", "(?:abc)*", "(?!nothing)", "(?=Facebook)"])
def test_where_nothing_long_is_certain_a_pattern_is_always_tried(pattern):
    assert needed(compiled(pattern)) == ()
    assert may_match(compiled(pattern), "")


def test_a_letter_that_a_pattern_takes_for_another_is_folded_to_it():
    letters = [chr(place) for place in range(0x250)] + ["\u017f", "\u212a", "\u0130", "\u0131"]
    for plain in string.ascii_lowercase:
        assert {folded(letter) for letter in letters if compiled(plain).fullmatch(letter)} == {plain}


def test_every_example_of_every_rule_is_looked_at():
    examples = [text for rule in data.load("rules/citations.yaml")["rules"] for text in (*rule["must_fire"], *rule["must_stay_silent"])]
    matched = [(pattern, text) for text in examples for pattern in PATTERNS if pattern.search(text)]
    assert len(matched) > 100
    assert all(may_match(pattern, folded(text)) for pattern, text in matched)


def test_in_real_documents_no_match_is_turned_away_and_most_patterns_are():
    document = read(shared_file("data", "policies", "real", "decoy-primary-devon/2018-online-safety-policy.pdf"))
    whole = "\n".join(clause.text for clause in document.clauses)
    tried = [pattern for pattern in PATTERNS if may_match(pattern, folded(whole))]
    assert [pattern for pattern in PATTERNS if pattern.search(whole) and pattern not in tried] == []
    assert len(tried) < len(PATTERNS) / 2


@given(st.text(alphabet="abcdefg ABCDEFG&", max_size=60), st.sampled_from(WAYS))
def test_no_match_is_ever_turned_away(text, pattern):
    if compiled(pattern).search(text):
        assert may_match(compiled(pattern), folded(text))
