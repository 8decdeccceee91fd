"""A school that departs from the trust: the trust is told or asked, and what is asked for counts once the trust has agreed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from tests.conftest import place
from tests.policies import test_policies_settled as settled
from tests.policies.conftest import DAY

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.contracts.controls import Standing
from schoolgate.notify.models import Message
from schoolgate.people import queries as people
from schoolgate.people.actions import appoint
from schoolgate.policies import actions, queries
from schoolgate.policies.models import SettingAnswer, SettingChoice

KEY, ASKED, OTHER = "profile.employer_named", "disclaimer", "forbid"
DEFAULT = "approved_roles"


@pytest.fixture
def chief(cast):
    """The trust's chief executive, who decides about its settings."""
    cast.people["chief"] = place(cast.office, cast.sister, "chief", "trust_ceo", "employee", across_trust=True)
    return cast.people["chief"]


def ask(cast, value=ASKED, **more) -> SettingChoice:
    return actions.choose_setting(key=KEY, value=value, school=cast.school, reason="Staff asked for it", by=cast.scope("head"), **more)


def counts(cast) -> str:
    return queries.settings_for(cast.scope("head"), cast.school.id)[KEY]


def told(template: str) -> set:
    return set(Message.objects.filter(template=template, by=Message.By.SCREEN).values_list("person_id", flat=True))


def test_what_is_asked_counts_once_the_trust_agrees_and_each_is_told(cast, chief):
    row = ask(cast)
    assert (row.asks_trust, counts(cast)) == (True, DEFAULT)
    assert told("setting.to_answer") == {chief.id}
    actions.answer_departure(choice=row, agreed=True, why="It is stricter", by=cast.scope("chief"))
    assert counts(cast) == ASKED
    assert told("setting.answered") == {cast.head.id}
    stands = queries.standings(cast.scope("head"), cast.school, keys=[KEY])[KEY]
    assert stands.differs
    assert stands.difference_approved
    mails = Message.objects.filter(by=Message.By.EMAIL)
    assert {mail.reference for mail in mails} == {""}


def test_what_the_trust_refuses_never_counts_and_the_choice_before_stands(cast, chief):
    ask(cast, OTHER, approver="Governing body")
    assert counts(cast) == OTHER
    row = ask(cast)
    assert counts(cast) == OTHER
    actions.answer_departure(choice=row, agreed=False, why="Trips need it", by=cast.scope("chief"))
    assert counts(cast) == OTHER


def test_the_trust_hears_of_what_the_schools_own_body_approved(cast, chief):
    ask(cast, approver="Governing body, 12 March")
    assert told("setting.departed") == {chief.id}
    assert not told("setting.to_answer")
    (row,) = queries.departures_told(cast.scope("chief"), clock.today())
    assert row.approver == "Governing body, 12 March"


def test_nobody_is_told_where_nothing_departs(cast, chief):
    ask(cast, DEFAULT)
    actions.choose_setting(key="scope.spread_threshold", value=10, school=cast.school, reason="x", approver="y", by=cast.scope("head"))
    assert not Message.objects.exists()


def test_with_nobody_to_answer_the_school_must_say_who_approved(cast):
    with pytest.raises(BadInput, match="Nobody at the trust") as refused:
        ask(cast)
    assert refused.value.field == "approver"
    assert not SettingChoice.objects.exists()


@pytest.mark.parametrize(("who", "why", "error", "sentence"), [
    ("head", "Yes", Denied, "Only the trust's leaders"), ("trust_comms", "Yes", Denied, "Only the trust's leaders"),
    ("sister_head", "Yes", NotFound, "no such question"), ("outsider", "Yes", NotFound, "no such question"),
    ("chief", " ", BadInput, "Say in a few words"),
])  # fmt: skip
def test_only_the_trusts_leaders_answer_and_say_why(cast, chief, who, why, error, sentence):
    row = ask(cast)
    with pytest.raises(error, match=sentence):
        actions.answer_departure(choice=row, agreed=True, why=why, by=cast.scope(who))
    with pytest.raises(Denied, match="named person"):
        actions.answer_departure(choice=row, agreed=True, why="Yes", by=cast.office)
    assert not SettingAnswer.objects.exists()
    assert counts(cast) == DEFAULT


def test_nobody_answers_what_they_asked_themselves(cast, chief):
    cast.people["both"] = place(cast.office, cast.school, "both", "headteacher", "employee")
    from_both = people.scope_of(cast.people["both"], clock.today())
    row = actions.choose_setting(key=KEY, value=ASKED, school=cast.school, reason="x", by=from_both)
    place_at_trust(cast, "both")
    with pytest.raises(Denied, match="asked for this yourself"):
        actions.answer_departure(choice=row, agreed=True, why="Yes", by=cast.scope("both"))


def place_at_trust(cast, name):
    from_office = cast.office
    appoint(person=cast.people[name], role="trust_governance_lead", school=None, starts_on=clock.today(), by=from_office)


def test_it_is_answered_once_and_not_after_the_school_chose_again(cast, chief):
    row, scope = ask(cast), cast.scope("chief")
    later = ask(cast, OTHER)
    with pytest.raises(Denied, match="chosen again since"):
        actions.answer_departure(choice=row, agreed=True, why="Yes", by=scope)
    assert [one.id for one in queries.departures_waiting(scope)] == [later.id]
    actions.answer_departure(choice=later, agreed=True, why="Yes", by=scope)
    with pytest.raises(Denied, match="answered already"):
        actions.answer_departure(choice=later, agreed=False, why="No", by=scope)
    assert counts(cast) == OTHER
    assert queries.departures_waiting(scope) == []


def test_an_answer_is_never_rewritten(cast, chief):
    actions.answer_departure(choice=ask(cast), agreed=True, why="Yes", by=cast.scope("chief"))
    for model, change in ((SettingAnswer, {"agreed": False}), (SettingChoice, {"asks_trust": False})):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            model.objects.update(**change)


# ------------------------------------------------------------------ pages


def words(answer) -> str:
    return answer.content.decode()


def test_a_head_asks_and_the_trust_answers_on_the_pages(cast, chief, signed_in):
    head, trust = signed_in("head"), signed_in("chief")
    setting = reverse("policies:setting_school", args=[cast.school.ref, KEY])
    assert "Leave it empty to ask the trust" in words(head.get(setting))
    page = words(head.post(setting, {"value": ASKED, "reason": "Staff asked for it", "approver": ""}, follow=True))
    assert "It counts once the trust agrees" in page
    assert "The trust was asked" in page
    row = SettingChoice.objects.get()
    listed, address = reverse("policies:departures"), reverse("policies:departure", args=[row.id])
    assert address in words(trust.get(listed))
    assert "There is a problem" in words(trust.post(address, {"why": "Yes"}))
    assert "It is answered" in words(trust.post(address, {"agreed": "refuse", "why": "Trips need it"}, follow=True))
    page = words(head.get(address))
    assert "Not agreed" in page
    assert "Trips need it" in page
    assert "did not agree: Trips need it" in words(head.get(setting))


def test_who_may_not_answer_reads_why(cast, chief, signed_in):
    address = reverse("policies:departure", args=[ask(cast).id])
    for who in ("head", "trust_comms"):
        assert "Only the trust&#x27;s leaders" in words(signed_in(who).get(address))
    assert signed_in("sister_head").get(address).status_code == 404
    assert "No school waits" in words(signed_in("sister_head").get(reverse("policies:departures")))


# ------------------------------------------------------------------ as the control counts it


@pytest.fixture
def live(cast, in_force):
    with clock.standing_at(clock.at(DAY)):
        version = actions.import_version(document=policytext.read_text(settled.TEXT, "p.txt"), school=cast.school, by=cast.office)
        return in_force(version)


def test_the_control_counts_a_departure_from_the_day_the_trust_agrees(cast, chief, live):
    settled.join(cast, live, "1.2", settled.using(KEY))
    with clock.standing_at(clock.at(DAY)):
        row = ask(cast)
    asked_on = DAY + timedelta(days=31)
    found = settled.about(settled.ask(cast, asked_on), KEY)
    assert (found.standing, found.lines) == (Standing.BROKEN, {"choices": Standing.BROKEN})  # nothing counts yet, so nothing differs
    agreed_on = DAY + timedelta(days=40)
    with clock.standing_at(clock.at(agreed_on)):
        actions.answer_departure(choice=row, agreed=True, why="Yes", by=cast.scope("chief", agreed_on))
    assert settled.about(settled.ask(cast, agreed_on - timedelta(days=1)), KEY).standing == Standing.BROKEN
    found = settled.about(settled.ask(cast, agreed_on), KEY)
    assert found.lines == {"choices": Standing.GOOD, "local_differences": Standing.GOOD}


def test_what_the_trust_refused_never_counts_for_the_control(cast, chief, live):
    settled.join(cast, live, "1.2", settled.using(KEY))
    with clock.standing_at(clock.at(DAY)):
        row = ask(cast)
        actions.answer_departure(choice=row, agreed=False, why="No", by=cast.scope("chief", DAY))
    assert settled.about(settled.ask(cast, DAY), KEY).lines == {"choices": Standing.DUE}
    with clock.standing_at(clock.at(DAY, 12)):
        ask(cast, DEFAULT)
    assert settled.about(settled.ask(cast, DAY), KEY).lines == {"choices": Standing.GOOD}
