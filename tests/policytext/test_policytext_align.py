"""A trust's principles beside a school's text: the same, stricter, looser or missing, with both passages."""

import pytest

from schoolgate.policytext import align
from schoolgate.policytext.comparing.demands import demand_of
from schoolgate.policytext.model import Clause
from schoolgate.policytext.outline.wording import modality


def policy(text, *rules: str):
    return text("1. Rules\n" + "".join(f"1.{number} {rule}\n" for number, rule in enumerate(rules, 1)))


OTHERS = (
    "Every member of staff attends online safety training in the autumn term.",
    "Governors receive a paper about the filter once a term.",
)


@pytest.mark.parametrize(
    ("trust", "school", "verdict"),
    [
        ("Staff must not accept friend requests from pupils.", "Staff must not accept friend requests from pupils.", "same"),
        ("Staff must not accept friend requests from pupils.", "Staff may accept friend requests from pupils.", "looser"),
        ("Staff must not accept friend requests from pupils.", "Staff should not accept friend requests from pupils.", "looser"),
        ("Staff should not accept friend requests from parents.", "Staff must not accept friend requests from parents.", "stricter"),
        ("Staff may accept friend requests from parents.", "Staff must not accept friend requests from parents.", "stricter"),
        (
            "Comments on official pages must be answered within 24 hours.",
            "Comments on official pages must be answered within 48 hours.",
            "looser",
        ),
        (
            "Comments on official pages must be answered within two days.",
            "Comments on official pages must be answered within one hour.",
            "stricter",
        ),
        ("Account passwords must be changed every term.", "Account passwords must be changed every month.", "stricter"),
        ("Account passwords must be changed every term.", "Account passwords must be changed every year.", "looser"),
        ("Staff must never post pictures of pupils.", "Staff must not post pictures of pupils unless the head agrees.", "looser"),
    ],
)
def test_the_verdict_follows_what_the_words_demand(text, trust, school, verdict):
    (principle,) = align(policy(text, trust), policy(text, school, *OTHERS)).principles
    assert principle.verdict == verdict
    assert (principle.text, principle.school[0].text) == (trust, school)
    assert principle.why


def test_a_duty_the_school_does_not_speak_of_is_missing(text):
    trust = policy(text, "Withdrawn consent for a photograph means the picture is taken down the same day.")
    (principle,) = align(trust, policy(text, *OTHERS)).principles
    assert (principle.verdict, principle.school) == ("missing", ())


def test_nothing_is_said_where_the_school_is_silent_on_a_permission(text):
    trust = policy(text, "Schools may open an official account on a picture-sharing platform.")
    found = align(trust, policy(text, *OTHERS))
    assert [one.verdict for one in found.principles] == [None]
    assert sum(found.summary.values()) == 0


def test_a_text_beside_itself_is_the_same_all_through(seed):
    document = seed("002")
    verdicts = {one.verdict for one in align(document, document).principles}
    assert verdicts == {"same"}


@pytest.mark.parametrize(
    ("words", "within", "every", "age"),
    [
        ("Reply within two working days.", 48.0, None, None),
        ("Report it immediately.", 0.0, None, None),
        ("Check the list once a term.", None, 2100.0, None),
        ("The policy is reviewed annually.", None, 8760.0, None),
        ("Nobody under the age of 13 may join.", None, None, 13),
        ("Nobody may join until 18.", None, None, 18),
        ("Keep over 20 pictures out of sight.", None, None, None),
        ("There are 3 accounts.", None, None, None),
    ],
)
def test_times_and_ages_are_read_from_the_words(words, within, every, age):
    demand = demand_of(Clause("1", (), words, modality(words)))
    assert (demand.within, demand.every, demand.age) == (within, every, age)
