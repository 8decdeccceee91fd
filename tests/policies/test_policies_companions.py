"""policies.companions_current as the catalogue counts it, what a text names, and the page."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from tests.policies.conftest import DAY, TEXT

from schoolgate import data, policytext
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied
from schoolgate.common.workingdays import add_days
from schoolgate.contracts.controls import Count, Question, Standing, carried
from schoolgate.policies import actions, controls, queries
from schoolgate.policies.models import Clause, Companion, CompanionCheck, CompanionEdition
from schoolgate.policies.rules import companions

GOOD, DUE, BROKEN, LAPSING = Standing.GOOD, Standing.DUE, Standing.BROKEN, Standing.LAPSING
CONTROL = "policies.companions_current"
PARAMS = {"yearly_kinds": ["safeguarding"], "link_check_days": 31, "link_fix_days": 7, "remind_days": 14}
NAMING = TEXT + "\n2.3 Read this with the Behaviour Policy and our Code of Conduct. The Behaviour Policy comes first.\n"


@pytest.fixture
def live(cast, in_force):
    with clock.standing_at(clock.at(DAY)):
        return in_force(actions.import_version(document=policytext.read_text(NAMING, "p.txt"), school=cast.school, by=cast.scope("clerk")))


def ask(cast, on: date) -> Count:
    with clock.standing_at(clock.at(on)):
        return controls.companions_current(Question(cast.school.id, cast.trust.id, on, PARAMS))


def item(cast, on: date):
    items = ask(cast, on).items
    assert len(items) == 1
    return items[0]


def listed(cast, title: str = "Behaviour Policy", **more) -> Companion:
    with clock.standing_at(clock.at(DAY)):
        return actions.list_companion(school=cast.school, title=title, by=cast.scope("clerk"), **more)


def edition(cast, row: Companion, on: date = DAY, **more) -> CompanionEdition:
    told = {"where": "The shared drive", "owner_role": "headteacher", "dated": on, "review_on": DAY + timedelta(days=60), **more}
    with clock.standing_at(clock.at(on)):
        return actions.record_edition(companion=row, by=cast.scope("clerk"), **told)


def tried(cast, row: Companion, on: date, opened: bool = True) -> None:
    with clock.standing_at(clock.at(on)):
        actions.check_companion(companion=row, opened=opened, by=cast.scope("clerk"))


def test_the_control_is_registered_with_the_parameters_of_the_catalogue():
    row = next(row for row in data.load("catalogue/controls.yaml")["controls"] if row["id"] == CONTROL)
    assert carried()[CONTROL] is controls.companions_current
    assert {name: told["default"] for name, told in row["parameters"].items()} == {k: v for k, v in PARAMS.items() if k != "remind_days"}
    assert companions.parameters() == {k: v for k, v in PARAMS.items() if k != "yearly_kinds"}
    assert all(companions.is_yearly(f"{kind} policy") for kind in PARAMS["yearly_kinds"])


def test_with_nothing_listed_or_nothing_in_force_there_is_no_data(cast, imported):
    assert ask(cast, DAY).silent == "No policy in force has had its companions listed."
    listed(cast)
    count = ask(cast, DAY)
    assert (list(count.items), count.nil_stands, count.not_applicable) == ([], "", "")


def test_a_companion_is_broken_until_it_is_found_and_opened(cast, live):
    row = listed(cast, clause=live.clauses.get(ref="2.3"))
    found = item(cast, DAY)
    assert (found.standing, found.why, found.clause_id) == (BROKEN, "Nobody has said where it is.", live.clauses.get(ref="2.3").id)
    edition(cast, row, DAY + timedelta(days=1))
    assert (item(cast, DAY + timedelta(days=1)).standing, "tried to open" in item(cast, DAY + timedelta(days=1)).why) == (BROKEN, True)
    tried(cast, row, DAY + timedelta(days=2))
    assert item(cast, DAY + timedelta(days=1)).standing == BROKEN
    assert item(cast, DAY + timedelta(days=2)).standing == GOOD
    assert item(cast, DAY + timedelta(days=33)).standing == GOOD
    assert item(cast, DAY + timedelta(days=34)).standing == BROKEN  # the last try is more than 31 days ago


def test_a_review_date_is_announced_then_passed_then_put_right(cast, live):
    row, ends = listed(cast), DAY + timedelta(days=60)
    edition(cast, row)
    for days in (0, 30, 60, 90):
        tried(cast, row, DAY + timedelta(days=days))
    for on, standing in ((ends - timedelta(days=15), GOOD), (ends - timedelta(days=14), LAPSING), (ends, LAPSING),
                         (ends + timedelta(days=1), BROKEN)):  # fmt: skip
        assert (item(cast, on).standing, item(cast, on).due_on) == (standing, ends)
    edition(cast, row, DAY + timedelta(days=70), review_on=DAY + timedelta(days=400))
    assert item(cast, DAY + timedelta(days=69)).standing == BROKEN
    assert item(cast, DAY + timedelta(days=70)).standing == GOOD


def test_a_link_that_fails_is_due_then_broken_then_put_right(cast, live):
    row = listed(cast)
    edition(cast, row)
    tried(cast, row, DAY)
    first = DAY + timedelta(days=3)
    tried(cast, row, first, opened=False)
    tried(cast, row, first + timedelta(days=2), opened=False)  # failing since the first
    for days, standing in ((0, DUE), (6, DUE), (7, BROKEN)):
        found = item(cast, first + timedelta(days=days))
        assert (found.standing, found.due_on) == (standing, first + timedelta(days=7))
    tried(cast, row, first + timedelta(days=9))
    assert item(cast, first + timedelta(days=9)).standing == GOOD


def test_a_safeguarding_document_is_renewed_every_year_whatever_it_says(cast, live):
    row = listed(cast, "Safeguarding and Child Protection Policy")
    edition(cast, row, review_on=DAY + timedelta(days=900))
    ends = add_days(DAY, 12, "months")
    tried(cast, row, ends)
    assert (item(cast, ends).standing, item(cast, ends + timedelta(days=1)).standing) == (LAPSING, BROKEN)


def test_somebody_looks_for_a_new_edition_of_an_outside_document_every_year(cast, live):
    row = listed(cast, "Model Code", outside=True)
    edition(cast, row, review_on=None)
    ends = add_days(DAY, 12, "months")
    tried(cast, row, ends)
    assert item(cast, ends).standing == GOOD
    found = item(cast, ends + timedelta(days=1))
    assert (found.standing, "new edition" in found.why) == (BROKEN, True)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Read it with the Behaviour Policy.", ["Behaviour Policy"]),
        ("See our Data and Retention Policy, and the Code of Conduct.", ["Data and Retention Policy", "Code of Conduct"]),
        ("The Safeguarding Policy and the Whistleblowing Procedure apply.", ["Safeguarding Policy", "Whistleblowing Procedure"]),
        ("This Policy applies to all. The policy is short.", []),
        ("Follow the Social Media Policy.", []),
    ],
)  # fmt: skip
def test_the_documents_a_text_names_are_found_once(text, titles):
    assert list(companions.named_in([Clause(text=text), Clause(text=text)], ["Social Media Policy"])) == titles


def test_what_is_said_of_a_companion_is_checked_and_kept(cast, live):
    row = listed(cast)
    assert listed(cast).id == row.id
    for more, sentence in (({"where": " "}, "Enter the address"), ({"owner_role": "king"}, "no role called"),
                           ({"dated": DAY + timedelta(days=1)}, "in the future")):  # fmt: skip
        told = {"where": "Drive", "owner_role": "", "dated": DAY, "review_on": None, **more}
        with clock.standing_at(clock.at(DAY)), pytest.raises(BadInput, match=sentence):
            actions.record_edition(companion=row, by=cast.scope("clerk"), **told)
    with pytest.raises(BadInput, match="Enter the title"):
        listed(cast, " ")
    with pytest.raises(Denied):
        actions.check_companion(companion=row, opened=True, by=cast.scope("teacher"))
    with pytest.raises(Denied, match="named person"):
        actions.check_companion(companion=row, opened=True, by=cast.office)
    edition(cast, row)
    tried(cast, row, DAY)
    for model, change in ((CompanionEdition, {"where": "x"}), (CompanionCheck, {"opened": False})):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            model.objects.update(**change)


def test_a_named_document_is_listed_and_opened_on_its_page(cast, live, signed_in):
    client, address = signed_in("clerk"), reverse("policies:companions", args=[cast.school.ref])
    assert "Behaviour Policy" in client.get(address).content.decode()
    client.post(address, {"title": "Behaviour Policy"})
    row = Companion.objects.get()
    assert row.clause == live.clauses.get(ref="2.3")
    today = clock.today()
    sent = {
        "where": "The shared drive",
        "owner_role": "headteacher",
        "dated_day": today.day,
        "dated_month": today.month,
        "dated_year": today.year,
    }
    assert "The shared drive" in client.post(reverse("policies:companion_edition", args=[row.id]), sent, follow=True).content.decode()
    done = client.post(reverse("policies:companion_check", args=[row.id]), {"opened": "yes"}, follow=True).content.decode()
    assert "It is recorded that you tried to open it." in done
    assert CompanionCheck.objects.get().opened
    assert "Only someone who edits" in signed_in("teacher").get(address).content.decode()
    assert signed_in("sister_head").get(address).status_code == 404


def test_the_list_costs_the_same_however_long_it_is(cast, live, django_assert_num_queries):
    scope = cast.scope("clerk")
    tried(cast, listed(cast), DAY)
    with django_assert_num_queries(4):
        queries.companions_of(scope, cast.school.id)
    for number in range(3):
        tried(cast, listed(cast, f"Policy {number}"), DAY)
    with django_assert_num_queries(4):
        assert len(queries.companions_of(scope, cast.school.id)) == 4
