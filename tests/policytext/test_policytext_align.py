"""A trust's principles beside a school's text: the same, stricter, looser or missing, with both passages."""

import pytest
from tests.bench.alignment import figures, judged, labels, ours
from tests.policytext.conftest import shared_file

from schoolgate.policytext import align
from schoolgate.policytext.comparing.demands import demand_of
from schoolgate.policytext.comparing.standing import why_no_principle
from schoolgate.policytext.comparing.subjects import subjects_of
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
    assert verdicts == {"same", None}


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
    demand = demand_of(words, modality(words))
    assert [said and said.value for said in (demand.within, demand.every, demand.age)] == [within, every, age]


@pytest.mark.parametrize(
    ("trust", "school", "verdict", "words"),
    [
        (
            "Unkind comments on school pages must be removed within 24 hours.",
            "Unkind comments on school pages must be removed within 3 days.",
            "looser",
            ("within 3 days", "within 24 hours"),
        ),
        (
            "Unkind comments on school pages must be removed immediately.",
            "Unkind comments on school pages must be removed as soon as possible.",
            "looser",
            ("as soon as possible", "immediately"),
        ),
        (
            "School pages must be checked regularly by the moderator.",
            "School pages must be checked daily by the moderator.",
            "stricter",
            ("daily", "regularly"),
        ),
        (
            "Staff must not befriend pupils online.",
            "Staff must not befriend pupils online, unless they are cousins.",
            "looser",
            ("unless",),
        ),
        ("Staff must not use the school badge without permission from the head.", "Staff must not use the school badge.", "stricter", ()),
        (
            "Staff must not befriend current or former pupils online.",
            "Staff must not befriend pupils online.",
            "looser",
            ("former pupils",),
        ),
        (
            "Staff must not befriend pupils online.",
            "Staff must not befriend pupils of this or any other school online.",
            "stricter",
            ("any other school",),
        ),
        ("Staff must not accept pupils as friends online.", "Staff must decline pupils who ask to be friends online.", "same", ()),
        (
            "Nobody under the age of 13 may join the pupil forum.",
            "Nobody under the age of 11 may join the pupil forum.",
            "looser",
            ("13", "11"),
        ),
        ("A breach of this policy will be investigated.", "A breach of this policy may lead to disciplinary action.", "same", ()),
    ],
)
def test_the_reason_names_the_words_that_differ(text, trust, school, verdict, words):
    (principle,) = align(policy(text, trust), policy(text, school, *OTHERS)).principles
    assert principle.verdict == verdict, principle.why
    assert all(word in principle.why for word in words), principle.why


@pytest.mark.parametrize(
    ("trust", "school"),
    [
        ("Staff must keep their log-ins secret.", "Passwords must never be shared with anybody."),
        (
            "Staff must not use their own handsets to photograph children.",
            "Pictures of pupils must not be taken on personal mobile phones.",
        ),
        ("Staff must not insult colleagues on social media.", "Employees must never post offensive remarks about one another online."),
        ("Nobody may edit Wikipedia about the school.", "Staff must not change entries in online encyclopaedias."),
    ],
)
def test_a_rule_in_other_words_is_found(text, trust, school):
    (principle,) = align(policy(text, trust), policy(text, *OTHERS, school)).principles
    assert school in [clause.text for clause in (*principle.school, *principle.nearest)]


def test_the_sentence_of_a_long_clause_that_answers_is_the_one_weighed(text):
    trust = policy(text, "Passwords must be changed every term.")
    school = policy(
        text, "Staff should look after school laptops in their cars. Passwords must be changed every month. Visitors may ask.", *OTHERS
    )
    (principle,) = align(trust, school).principles
    assert principle.verdict == "stricter"
    assert "every month" in principle.why


@pytest.mark.parametrize(
    ("words", "above", "reason"),
    [
        ("Date of next review: May 2027", (), "fact"),
        ("This policy applies to all staff and volunteers.", (), "covers"),
        ("Data Protection Act 2018", (), "law"),
        ("Staff handbook", ("This policy is read in conjunction with:",), "document"),
        ("protect pupils from harm;", ("The aims of this policy are to:",), "aim"),
        ("keeps the budget for online safety under review;", ("The Trust Board:",), "board"),
    ],
)
def test_what_asks_nothing_of_a_school_is_left_out_with_a_reason(words, above, reason):
    why = why_no_principle(Clause("1", above, words, modality(words, above)), "control")
    assert reason in (why or "")


@pytest.mark.parametrize("words", ["Staff must keep passwords secret.", "Passwords are changed every term.", "Never share a password."])
def test_a_rule_is_never_left_out(words):
    assert why_no_principle(Clause("1", (), words, modality(words)), "control") is None


def test_where_nothing_clearly_answers_the_nearest_clause_is_named(text):
    trust = policy(text, "Videos from school plays must not be put on public pages by parents.")
    school = policy(text, "Videos of school plays are kept on the school computer.", *OTHERS)
    found = align(trust, school)
    (principle,) = found.principles
    (row,) = found.as_json()["principles"]
    assert [clause["ref"] for clause in row["school"] + row["nearest"]] == [
        clause.ref for clause in (*principle.school, *principle.nearest)
    ]
    assert "1.1" in [clause["ref"] for clause in row["school"] + row["nearest"]]


def test_many_words_in_one_clause_take_no_long_time():
    long = "without the " + "very " * 20_000 + "if that where there may excessive " * 2_000
    assert demand_of(long, "must").hedges == ()
    assert len(subjects_of(long)) <= 5


@pytest.fixture
def shared_labels() -> None:
    for pair in labels():
        for source in (pair["trust"], pair["school"]):
            shared_file("data", "policies", *source.split("/"))


@pytest.mark.parametrize(("part", "partner", "verdict"), [("tuned", 0.72, 0.76), ("held", 0.6, 0.63)])
def test_the_labels_of_a_clerk_are_met(shared_labels, part, partner, verdict):
    found = figures(list(judged(part, ours)))
    assert found["partner"] >= partner
    assert found["verdict"] >= verdict
    assert found["partner or nearest"] >= 0.77
    assert min(found["missing recall"], found["missing precision"]) >= 0.72
