"""policies.settings_decided as the catalogue counts it, each line by itself, and the pages on which settings are decided."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from tests.policies.conftest import DAY

from schoolgate import data, policytext
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied
from schoolgate.contracts.controls import Count, Item, Question, Standing, carried
from schoolgate.policies import actions, controls, queries
from schoolgate.policies.models import ClauseUse, SettingChoice
from schoolgate.policies.rules import choices

GOOD, DUE, BROKEN = Standing.GOOD, Standing.DUE, Standing.BROKEN
CONTROL, PARAMS = "policies.settings_decided", {"decide_days": 30}
TEXT = """Alder Park Primary
Social Media Policy

1. Watching

1.1 The page must be regularly monitored.
1.2 Our village is proud of its history.
"""
OPEN, NUMBER = "monitor.checks_school_day", 2


@pytest.fixture
def live(cast, in_force):
    """A policy with one open word (a number) and no term, joined to nothing."""
    with clock.standing_at(clock.at(DAY)):
        version = actions.import_version(document=policytext.read_text(TEXT, "p.txt"), school=cast.school, by=cast.scope("clerk"))
        return in_force(version)


def ask(cast, on: date, school=None) -> Count:
    with clock.standing_at(clock.at(on)):
        return controls.settings_decided(Question((school or cast.school).id, cast.trust.id, on, PARAMS))


def about(count: Count, key: str) -> Item:
    return next(item for item in count.items if item.label == choices.setting(key)["question"])


def join(cast, live, ref: str, control: str, on: date = DAY) -> None:
    with clock.standing_at(clock.at(on)):
        actions.join_clause(clause=live.clauses.get(ref=ref), controls=[(control, [])], by=cast.scope("clerk"))


def choose(cast, key: str, value: object, on: date = DAY, **more: str) -> None:
    with clock.standing_at(clock.at(on)):
        actions.choose_setting(key=key, value=value, school=cast.school, by=cast.scope("head"), **more)


def test_the_control_is_registered_with_the_parameters_and_lines_of_the_catalogue():
    row = next(row for row in data.load("catalogue/controls.yaml")["controls"] if row["id"] == CONTROL)
    assert carried()[CONTROL] is controls.settings_decided
    assert row["parameters"]["decide_days"]["default"] == PARAMS["decide_days"]
    assert set(row["counts"]["lines"]) == {"choices", "numbers", "terms", "scope_tags", "local_differences"}


def test_with_no_policy_in_force_there_is_no_data(cast, imported):
    count = ask(cast, DAY)
    assert (list(count.items), count.nil_stands, count.not_applicable) == ([], "", "")
    assert count.silent == "No policy is in force."


def test_an_open_number_is_due_then_broken_then_put_right(cast, live):
    for days, standing in ((0, DUE), (29, DUE), (30, BROKEN), (200, BROKEN)):
        item = about(ask(cast, DAY + timedelta(days=days)), OPEN)
        assert (item.standing, item.lines) == (standing, {"numbers": standing})
        assert "default, not chosen" in item.why
        assert item.due_on == DAY + timedelta(days=30)
        assert item.clause_id == live.clauses.get(ref="1.1").id
    late = DAY + timedelta(days=60)
    choose(cast, OPEN, choices.default(OPEN), late)
    assert about(ask(cast, late - timedelta(days=1)), OPEN).standing == BROKEN
    item = about(ask(cast, late), OPEN)
    assert (item.standing, item.lines, item.due_on) == (GOOD, {"numbers": GOOD}, None)


def test_the_trusts_choice_settles_it_for_the_school_and_a_process_does_not(cast, live):
    actions.choose_setting(key=OPEN, value=NUMBER, by=cast.office)
    assert about(ask(cast, clock.today()), OPEN).standing == BROKEN
    actions.choose_setting(key=OPEN, value=NUMBER, approver="Trust board", by=cast.office)
    assert about(ask(cast, clock.today()), OPEN).standing == GOOD


def test_a_choice_is_asked_for_where_a_joined_control_uses_it_from_the_day_it_was_joined(cast, live):
    key = next(
        k for k, s in choices.settings().items() if s["type"] == "choice" and s["change_by"] == "head" and using(k) and not s.get("locked")
    )
    join(cast, live, "1.2", using(key), DAY + timedelta(days=5))
    labels = {item.label for item in ask(cast, DAY + timedelta(days=4)).items}
    assert choices.setting(key)["question"] not in labels
    assert about(ask(cast, DAY + timedelta(days=5)), key).lines == {"choices": DUE}
    assert about(ask(cast, DAY + timedelta(days=30)), key).lines == {"choices": BROKEN}
    choose(cast, key, choices.default(key), DAY + timedelta(days=30))
    assert about(ask(cast, DAY + timedelta(days=30)), key).lines == {"choices": GOOD}


def using(key: str) -> str:
    rows = data.load("catalogue/controls.yaml")["controls"]
    named = (row["id"] for row in rows for told in row["parameters"].values() if told.get("setting") == key)
    return next(named, "")


def test_what_is_fixed_is_not_counted(cast, in_force):
    text = TEXT.replace("is proud of its history", "hates a compromising picture")
    with clock.standing_at(clock.at(DAY)):
        in_force(actions.import_version(document=policytext.read_text(text, "p.txt"), school=cast.school, by=cast.scope("clerk")))
    assert choices.setting("device.compromising_picture")["locked"]
    labels = {item.label for item in ask(cast, DAY).items}
    assert choices.setting("device.compromising_picture")["question"] not in labels
    assert choices.setting(OPEN)["question"] in labels


def test_a_term_the_text_uses_points_at_a_register_or_is_said_in_words(cast, in_force):
    text = TEXT.replace("Our village is", "Our pupils are")
    with clock.standing_at(clock.at(DAY)):
        in_force(actions.import_version(document=policytext.read_text(text, "p.txt"), school=cast.school, by=cast.scope("clerk")))
    assert about(ask(cast, DAY), "term.pupil").lines == {"terms": DUE}
    assert about(ask(cast, DAY + timedelta(days=30)), "term.pupil").lines == {"terms": BROKEN}
    assert "term.adult" not in {item.label for item in ask(cast, DAY).items}
    choose(cast, "term.pupil", choices.default("term.pupil"), DAY + timedelta(days=31))
    assert about(ask(cast, DAY + timedelta(days=31)), "term.pupil").lines == {"terms": GOOD}


def test_every_clause_says_whose_use_it_is_about(cast, live):
    def tags(days: int) -> list[Standing]:
        return [item.lines["scope_tags"] for item in ask(cast, DAY + timedelta(days=days)).items if "scope_tags" in item.lines]

    total = live.clauses.count()
    assert [set(tags(days)) for days in (0, 29, 30)] == [{DUE}, {DUE}, {BROKEN}]
    assert len(tags(0)) == total
    refs = list(live.clauses.values_list("ref", flat=True))
    with clock.standing_at(clock.at(DAY + timedelta(days=31))):
        assert actions.tag_clauses(version=live, refs=refs, use=ClauseUse.BOTH, by=cast.scope("clerk")) == total
    assert (set(tags(30)), set(tags(31))) == ({BROKEN}, {GOOD})


def test_a_difference_from_the_trust_needs_a_reason_and_an_approver(cast, live):
    choose(cast, OPEN, choices.default(OPEN))
    assert about(ask(cast, DAY), OPEN).lines == {"numbers": GOOD}
    later = DAY + timedelta(days=3)
    with clock.standing_at(clock.at(later)):  # the trust moves away from what the school chose
        actions.choose_setting(key=OPEN, value=choices.default(OPEN) + 1, approver="Trust board", by=cast.office)
    assert about(ask(cast, DAY), OPEN).standing == GOOD
    item = about(ask(cast, later), OPEN)
    assert (item.standing, item.lines) == (BROKEN, {"numbers": GOOD, "local_differences": BROKEN})
    assert "no reason or no approver" in item.why
    choose(cast, OPEN, choices.default(OPEN), later, reason="A small page", approver="Governors, item 4")
    assert about(ask(cast, later), OPEN).lines == {"numbers": GOOD, "local_differences": GOOD}


def test_an_unchanged_clause_keeps_its_mark_in_the_next_version(cast, live):
    clerk = cast.scope("clerk")
    join(cast, live, "1.1", "policies.settings_decided")
    actions.tag_clauses(version=live, refs=["1.1"], use=ClauseUse.OFFICIAL, by=clerk)
    text = TEXT.replace("proud of", "glad of")
    second = actions.import_version(document=policytext.read_text(text, "p.txt"), policy=live.policy, by=clerk)
    actions.keep_decisions(version=second, by=clerk)
    assert dict(second.clauses.values_list("ref", "use")) == {"1.1": "official", "1.2": ""}


@pytest.mark.parametrize(("refs", "use", "sentence"), [(["1.1"], "none", "Choose official"), (["9.9"], "both", "at least one clause")])
def test_a_mark_names_clauses_and_a_use(cast, live, refs, use, sentence):
    with pytest.raises(BadInput, match=sentence):
        actions.tag_clauses(version=live, refs=refs, use=use, by=cast.scope("clerk"))
    with pytest.raises(Denied):
        actions.tag_clauses(version=live, refs=["1.1"], use="both", by=cast.scope("teacher"))
    assert set(live.clauses.values_list("use", flat=True)) == {""}


def test_the_control_costs_the_same_however_many_settings_are_needed(cast, live, django_assert_num_queries):
    asking = Question(cast.school.id, cast.trust.id, DAY, PARAMS)
    with django_assert_num_queries(6):
        few = controls.settings_decided(asking)
    join(cast, live, "1.2", "policies.reviewed_on_time")
    with django_assert_num_queries(6):
        assert len(controls.settings_decided(asking).items) > len(few.items)


# ------------------------------------------------------------------ pages


def told(answer) -> str:
    return answer.content.decode()


def page(cast, key: str = "") -> str:
    name, more = ("setting_school", [key]) if key else ("settings_school", [])
    return reverse(f"policies:{name}", args=[cast.school.ref, *more])


def test_what_needs_a_decision_stands_first_with_the_open_word_and_its_clause(cast, live, signed_in):
    text = told(signed_in("head").get(page(cast)))
    assert "The policy says “regularly monitored”." in text
    assert f'sg-header__place">{cast.school.name}<' in text  # the frame still says where the reader is
    assert choices.setting(OPEN)["question"] in text
    assert reverse("policies:clause", args=[live.clauses.get(ref="1.1").id]) in text
    assert "default, not chosen" in text
    assert choices.setting("scope.spread_threshold")["question"] not in text
    assert choices.setting("scope.spread_threshold")["question"] in told(signed_in("head").get(page(cast) + "?show=scope"))
    assert choices.setting("scope.spread_threshold")["question"] in told(signed_in("head").get(page(cast) + "?q=shares"))


@pytest.mark.parametrize("key", list(choices.settings()))
def test_every_setting_has_a_page_that_offers_its_own_value(cast, signed_in, key):
    answer = signed_in("head").get(page(cast, key))
    form = answer.context["form"]
    assert answer.status_code == 200
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    filled = type(form)(
        {name: value for name, value in sent.items() if value is not None}, told=form.told, value=None or answer.context["one"].value
    )
    assert filled.is_valid(), filled.errors
    assert filled.value == choices.default(key)


def test_a_head_chooses_with_reason_and_approver_and_the_history_is_shown(cast, live, signed_in):
    client, key = signed_in("head"), "scope.spread_threshold"
    refused = client.post(page(cast, key), {"value": "30", "reason": "Small", "approver": ""})
    assert "Say who approved" in told(refused)
    below = client.post(page(cast, key), {"value": "900", "reason": "Small", "approver": "Governors"})
    assert "at most 200" in told(below)
    assert not SettingChoice.objects.exists()
    done = told(client.post(page(cast, key), {"value": "30", "reason": "A small school", "approver": "Governors"}, follow=True))
    for words in ("It is recorded: 30", "Your school chose this.", "A small school", "Governors", "The trust says"):
        assert words in done
    assert queries.settings_for(cast.scope("head"), cast.school.id)[key] == 30


@pytest.mark.parametrize(("who", "key", "sentence"), [
    ("head", "abuse.order", "This is fixed"), ("head", "scope.people_covered", "The trust decides this"),
    ("governor", "scope.spread_threshold", "Only the headteacher"),
])  # fmt: skip
def test_who_may_not_change_a_setting_reads_why(cast, signed_in, who, key, sentence):
    client = signed_in(who)
    assert sentence in told(client.get(page(cast, key)))
    client.post(page(cast, key), {"value": "30", "reason": "x", "approver": "y"})
    assert not SettingChoice.objects.exists()


def test_the_trust_chooses_for_all_its_schools(cast, signed_in):
    client = signed_in("trust_comms")
    address = reverse("policies:settings_trust", args=[cast.trust.id])
    assert address in told(client.get(reverse("policies:settings")))
    assert client.get(address).status_code == 200
    assert signed_in("head").get(address).status_code == 404
    assert client.get(reverse("policies:settings_trust", args=[cast.other_trust.id])).status_code == 404


def test_settings_of_another_school_are_not_found(cast, signed_in):
    head = signed_in("head")
    assert head.get(reverse("policies:settings_school", args=[cast.sister.ref])).status_code == 404
    assert head.get(page(cast, "no.such")).status_code == 404
    assert head.get(reverse("policies:settings")).url == page(cast)


def test_a_clauses_page_shows_the_settings_it_needs(cast, live, signed_in):
    text = told(signed_in("head").get(reverse("policies:clause", args=[live.clauses.get(ref="1.1").id])))
    assert "Settings this clause needs" in text
    assert page(cast, OPEN) in text


def test_clauses_are_marked_on_their_page(cast, live, signed_in):
    address = reverse("policies:clause_use", args=[live.id])
    client = signed_in("clerk")
    assert "0 of 2 clauses" in told(client.get(address))
    assert "There is a problem" in told(client.post(address, {"ref": ["1.1"]}))
    assert "1 clause is marked" in told(client.post(address, {"ref": ["1.1"], "use": "official"}, follow=True))
    assert "1 of 2 clauses" in told(client.get(address))


def test_the_list_costs_the_same_however_many_choices_there_are(cast, live, signed_in, django_assert_max_num_queries):
    client = signed_in("head")
    client.get(page(cast))
    with django_assert_max_num_queries(200) as few:
        client.get(page(cast) + "?show=all")
    for key in ("scope.spread_threshold", OPEN, "term.adult"):
        choose(cast, key, choices.default(key))
    join(cast, live, "1.2", "policies.reviewed_on_time")
    with django_assert_max_num_queries(len(few)) as more:
        client.get(page(cast) + "?show=all")
    assert len(more) == len(few)
