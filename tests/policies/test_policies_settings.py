"""What a school or trust may choose, which value counts, and that every default stands on its own floor."""

import pytest
from django.db import DatabaseError, transaction

from schoolgate import data
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.policies import actions, queries, rules
from schoolgate.policies.models import SettingChoice
from schoolgate.policies.rules import choices, settling


@pytest.mark.parametrize("key", list(choices.settings()))
def test_every_default_is_a_value_that_may_be_chosen(key):
    assert choices.problem(key, choices.default(key)) == ""
    assert choices.resolve(key) == choices.default(key)


def test_every_floor_and_ceiling_uses_a_known_word():
    known = {"not_looser_than", "not_stricter_than", "must_include", "must_be", "min", "max", "reason", "applies"}
    for key, told in choices.settings().items():
        assert set(told.get("floor", {})) | set(told.get("ceiling", {})) <= known, key


def test_a_choice_looser_than_its_floor_is_refused_in_the_words_of_the_floor():
    key = next(
        k
        for k, s in choices.settings().items()
        if "not_looser_than" in s.get("floor", {}) and s["options"][-1]["value"] != s["floor"]["not_looser_than"]
    )
    told = choices.setting(key)
    said = choices.problem(key, told["options"][-1]["value"])
    assert "goes below the least that is allowed" in said
    assert told["floor"]["reason"].rstrip(".") in said
    assert choices.problem(key, told["options"][0]["value"]) == ""


def test_what_must_be_included_cannot_be_left_out():
    key = "scope.serious_incident"
    assert "which includes" in choices.problem(key, ["press"])
    assert choices.problem(key, ["child_identifiable", "threat"]) == ""


def test_a_floor_of_law_binds_only_in_its_nation():
    key = "scope.people_covered"
    assert choices.problem(key, ["governors"], "england")
    assert choices.problem(key, ["governors"], "scotland") == ""


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("scope.spread_threshold", 201, "at most 200"),
        ("scope.spread_threshold", -1, "0 or more"),
        ("scope.spread_threshold", True, "with a number"),
        ("scope.spread_threshold", "many", "with a number"),
        ("scope.pupils_over_18", False, "allowed, yes"),
        ("scope.pupils_over_18", "yes", "yes or no"),
        ("contact.colleague_friends", "no_such", "no answer"),
        ("scope.serious_incident", [], "at least one"),
        ("contact.pupil_told_by", "king", "no role called"),
        ("account.approval_chain", ["trust_comms"], "which includes"),
        ("profile.disclaimer_text", "  ", "Write an answer"),
        ("clock.day_end", "17:45", "at most 17:30"),
        ("clock.day_end", "5pm", "a time such as"),
        ("work.school_hours", {"from": "16:00", "to": "08:30"}, "the first before the second"),
        ("profile.political_religious", "silent", ""),
        ("term.adult", {"groups": ["employee"], "words": ""}, ""),
        ("term.adult", {"groups": [], "words": " "}, "Tick a register"),
        ("term.adult", {"groups": ["king"], "words": ""}, "no register king"),
        ("term.social_media", "anything", "Say who or what"),
    ],
)
def test_each_kind_of_value_is_checked(key, value, sentence):
    said = choices.problem(key, value)
    assert (sentence in said) if sentence else said == ""


def test_a_rule_stricter_than_its_ceiling_is_refused_unless_the_ceiling_is_advice(monkeypatch):
    assert choices.problem("contact.parents", "ban") == ""  # its ceiling is advice
    told = {key: value for key, value in choices.setting("contact.parents").items() if key != "ceiling"}
    bound = {**told, "ceiling": {"not_stricter_than": "ban_with_declared", "reason": "Many staff are parents"}}
    monkeypatch.setattr(choices, "setting", lambda _key: bound)
    assert "nothing stricter than" in choices.problem("contact.parents", "ban")
    assert choices.problem("contact.parents", "ban_with_declared") == ""


def test_the_schools_choice_counts_before_the_trusts_and_the_trusts_before_the_default(cast):
    key = "scope.spread_threshold"
    assert queries.settings_for(cast.scope("head"), cast.school.id)[key] == 20
    actions.choose_setting(key=key, value=50, by=cast.office)
    assert queries.settings_for(cast.scope("head"), cast.school.id)[key] == 50
    actions.choose_setting(key=key, value=30, school=cast.school, reason="A small school", approver="Governors", by=cast.scope("head"))
    assert queries.settings_for(cast.scope("head"), cast.school.id)[key] == 30
    assert queries.settings_for(cast.office, cast.sister.id)[key] == 50
    actions.choose_setting(key=key, value=10, school=cast.school, reason="Smaller still", approver="Governors", by=cast.scope("head"))
    assert queries.settings_for(cast.scope("head"), cast.school.id)[key] == 10
    assert SettingChoice.objects.count() == 3


def test_what_the_trust_decides_is_not_the_schools_to_change(cast):
    with pytest.raises(Denied, match="decided by the trust"):
        actions.choose_setting(key="scope.people_covered", value=["employees"], school=cast.school, by=cast.scope("head"))


def test_a_locked_setting_is_never_changed(cast):
    with pytest.raises(Denied, match="cannot be changed"):
        actions.choose_setting(key="abuse.order", value="remove_at_once", by=cast.office)
    assert choices.resolve("abuse.order", trust="remove_at_once") == "capture_then_remove"


def test_a_difference_from_the_trust_needs_a_reason(cast):
    with pytest.raises(BadInput, match="reason") as refused:
        actions.choose_setting(key="scope.spread_threshold", value=30, school=cast.school, by=cast.scope("head"))
    assert refused.value.field == "reason"
    with pytest.raises(BadInput, match="who approved") as refused:
        actions.choose_setting(key="scope.spread_threshold", value=30, school=cast.school, reason="Small", by=cast.scope("head"))
    assert refused.value.field == "approver"
    assert SettingChoice.objects.count() == 0


def test_a_schools_old_choice_gives_way_where_the_trust_alone_decides():
    ours = ["employees", "supply", "volunteers", "contractors"]
    everybody = [*ours, "governors"]
    assert choices.problem("scope.people_covered", ours) == ""
    assert choices.resolve("scope.people_covered", school=ours, trust=everybody) == everybody
    assert choices.resolve("scope.people_covered", school=ours) == choices.default("scope.people_covered")


def test_all_settings_of_a_school_cost_two_queries(cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert set(queries.settings_for(cast.office, cast.school.id)) == set(choices.settings())


def test_a_stored_value_that_the_file_no_longer_allows_gives_way():
    assert choices.resolve("scope.spread_threshold", school=500, trust=40) == 40
    assert choices.resolve("scope.spread_threshold", school=500, trust=999) == 20


def test_an_unknown_setting_and_a_school_out_of_reach_are_refused(cast):
    with pytest.raises(BadInput, match="no setting called"):
        actions.choose_setting(key="no.such", value=1, by=cast.office)
    with pytest.raises(NotFound):
        actions.choose_setting(key="scope.spread_threshold", value=1, school=cast.other_school, reason="x", by=cast.scope("head"))
    with pytest.raises(Denied):
        actions.choose_setting(key="scope.spread_threshold", value=1, school=cast.school, reason="x", by=cast.scope("teacher"))


def test_what_was_chosen_is_never_rewritten(cast):
    actions.choose_setting(key="scope.spread_threshold", value=50, by=cast.office)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        SettingChoice.objects.update(value=60)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        SettingChoice.objects.all().delete()


# ------------------------------------------------------------------ in words


@pytest.mark.parametrize("key", list(choices.settings()))
def test_every_setting_is_told_in_sentences(key):
    assert settling.shown(key, choices.default(key))
    for sentence in settling.limits(key):
        assert sentence.endswith("."), sentence
        assert "{" not in sentence


def test_limits_give_their_reason():
    assert settling.limits("abuse.order")[0].startswith("This is fixed and nobody can change it. Union of keep and remove")
    assert settling.limits("scope.spread_threshold") == ["It must be at most 200. " + reason("scope.spread_threshold")]
    assert "Nothing stricter than" in settling.limits("contact.colleague_friends")[-1]
    assert settling.limits("contact.parents")[-1].startswith("Advice:")


@pytest.mark.parametrize(
    ("unit", "number", "words"),
    [("working_days", 1, "working day"), ("working_days", 2, "working days"), ("per_year", 1, "time a year"), ("per_day", 3, "times a day"),
     ("people", 1, "person"), ("age", 13, "years old"), (None, 4, "")],
)  # fmt: skip
def test_units_are_told_as_people_say_them(unit, number, words):
    assert settling.unit({"unit": unit}, number) == words


def reason(key: str) -> str:
    return choices.setting(key)["floor"]["reason"].rstrip(".") + "."


@pytest.mark.parametrize("word", [row["word"].partition(" (")[0] for row in data.load("rules/settings.yaml")["vague_words"]])
def test_every_open_word_is_found_in_a_sentence_with_its_setting(word):
    found = dict(settling.open_words(f"This is {word.upper()}, we say."))
    assert word in found
    assert found[word] in choices.settings()


def test_a_word_inside_another_is_not_open():
    assert settling.open_words("The oftenness of it is unvetted.") == []


def test_the_settings_of_a_control_are_those_its_parameters_name():
    assert settling.settings_of("policies.reviewed_on_time") == ("review.policy_months", "review.warn_days")
    assert settling.settings_of("policies.no_such") == ()
    for control in rules.catalogue():
        assert set(settling.settings_of(control)) <= set(choices.settings()), control
