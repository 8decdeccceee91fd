"""policies.shared_with_readers as the catalogue counts it: the public page, the bodies, and the pages where both are seen to."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from tests.conftest import place as placed
from tests.policies.conftest import DAY, TEXT

from schoolgate import data, policytext
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.common.workingdays import add_days
from schoolgate.contracts.controls import Question, Standing, carried
from schoolgate.contracts.jobs import jobs
from schoolgate.contracts.todo import questions
from schoolgate.policies import actions, controls, queries
from schoolgate.policies.models import Clause, PublicCheck, PublicPlace, ReaderChoice, ReaderReceipt, ReceiptUndone
from schoolgate.policies.rules import delivering

GOOD, DUE, BROKEN = Standing.GOOD, Standing.DUE, Standing.BROKEN
CONTROL = "policies.shared_with_readers"
PARAMS = {"page_check_days": 7, "page_days": 5, "receive_days": 120}
SENT = {"means": "sent", "minute": "", "address": "governance@council.example"}
MET = {"means": "meeting", "minute": "Item 7.2", "address": ""}


@pytest.fixture
def live(imported, in_force):
    with clock.standing_at(clock.at(DAY)):
        return in_force(imported)


def ask(cast, on, school=None):
    school = school or cast.school
    with clock.standing_at(clock.at(on, 12)):
        return controls.shared_with_readers(Question(school.id, cast.trust.id, on, PARAMS))


def lines(cast, on, school=None) -> list[tuple[dict, str]]:
    return [(dict(item.lines), item.why) for item in ask(cast, on, school).items]


def page(cast, on, school=None) -> Standing:
    return next(item.lines["public_page"] for item in ask(cast, on, school).items if "public_page" in item.lines)


def body(cast, on, name: str, school=None) -> Standing:
    return next(item.lines["reader_bodies"] for item in ask(cast, on, school).items if item.label.endswith(name))


def check(cast, live, on):
    with clock.standing_at(clock.at(on, 10)):
        return actions.check_public_copy(school=cast.school, policy=live.policy, by=cast.scope("clerk"))


def place(cast, live, on, **told):
    given = {"shown": True, "address": "", "reason": "", **told}
    with clock.standing_at(clock.at(on)):
        return actions.choose_place(school=cast.school, policy=live.policy, by=cast.scope("clerk"), **given)


def addressed(cast, live, *bodies: str, on=DAY, by="clerk"):
    with clock.standing_at(clock.at(on)):
        return actions.choose_readers(policy=live.policy, bodies=bodies, by=cast.scope(by))


def received(cast, live, name: str, on, school="own", by="clerk", **told):
    given = {**MET, "received_on": on, **told}
    with clock.standing_at(clock.at(on)):
        return actions.record_receipt(
            version=live, school=cast.school if school == "own" else school, body=name, by=cast.scope(by), **given
        )


# ------------------------------------------------------------------ the control


def test_the_control_is_registered_with_the_parameters_of_the_catalogue():
    row = next(row for row in data.load("catalogue/controls.yaml")["controls"] if row["id"] == CONTROL)
    assert carried()[CONTROL] is controls.shared_with_readers
    assert {name: told["default"] for name, told in row["parameters"].items()} == PARAMS == delivering.parameters()
    assert set(row["counts"]["lines"]) == {"public_page", "reader_bodies"}
    assert row["parameters"]["page_days"]["unit"] == "school_days"


def test_with_nothing_in_force_there_is_no_data_and_it_never_does_not_apply(cast, imported):
    count = ask(cast, DAY)
    assert (list(count.items), count.silent, count.not_applicable, count.nil_stands) == ([], "No policy is in force.", "", "")


def test_a_page_nobody_fetched_is_due_for_five_school_days_then_broken(cast, live):
    ends = add_days(DAY, 5, "school_days")
    assert ends == DAY + timedelta(days=7)  # a weekend lies between
    for on, standing in ((DAY, DUE), (ends - timedelta(days=1), DUE), (ends, BROKEN)):
        assert (page(cast, on), ask(cast, on).items[0].due_on) == (standing, ends)
    assert len(ask(cast, DAY).items) == 1  # addressed to no body: the page alone


def test_a_fetched_and_right_page_is_good_for_seven_days_and_not_before_it_was_fetched(cast, live):
    on = DAY + timedelta(days=10)
    found = check(cast, live, on)
    assert (found.found, found.told, found.fingerprint) == ("same", "", live.fingerprint)
    assert len(found.sha256) == 64
    assert found.asked_by == cast.clerk
    for days, standing in ((-1, BROKEN), (0, GOOD), (7, GOOD), (8, BROKEN)):
        assert page(cast, on + timedelta(days=days)) == standing
    assert "too long ago" in ask(cast, on + timedelta(days=8)).items[0].why
    assert ask(cast, on).items[0].due_on is None


def test_a_page_with_other_words_is_found_out(cast, live):
    Clause.objects.filter(version=live, ref="1.1").update(text="Anybody may post.")  # as if somebody had got at the table
    found = check(cast, live, DAY)
    assert (found.found, "other words" in found.told) == ("other", True)
    assert page(cast, DAY) == DUE
    assert page(cast, DAY + timedelta(days=7)) == BROKEN


def test_a_page_that_does_not_answer_or_a_file_that_does_not_download_is_found_out(cast, live, monkeypatch):
    monkeypatch.setattr("schoolgate.policies.views.public.kinds", lambda: [("word", "Word"), ("scroll", "Scroll")])
    found = check(cast, live, DAY)
    assert (found.found, "could not be downloaded" in found.told) == ("failed", True)
    monkeypatch.undo()
    monkeypatch.setattr("schoolgate.policies.queries.public_policy", lambda *_: (_ for _ in ()).throw(NotFound("gone")))
    assert check(cast, live, DAY).found == "missing"


def test_the_next_version_must_be_fetched_anew(cast, live, in_force):
    check(cast, live, DAY + timedelta(days=19))
    later = DAY + timedelta(days=20)
    with clock.standing_at(clock.at(later)):
        document = policytext.read_text(TEXT.replace("every day", "twice a day"), "policy.txt")
        newer = in_force(actions.import_version(document=document, policy=live.policy, by=cast.scope("clerk")), from_day=later)
    assert page(cast, later - timedelta(days=1)) == GOOD
    assert page(cast, later) == DUE
    assert check(cast, newer, later).found == "same"
    assert page(cast, later) == GOOD


def test_a_policy_marked_not_public_is_left_out_of_the_page_line(cast, live):
    place(cast, live, DAY + timedelta(days=3), shown=False, reason="It names how the alarm is set.")
    assert len(ask(cast, DAY + timedelta(days=2)).items) == 1
    count = ask(cast, DAY + timedelta(days=3))
    assert (list(count.items), "not public" in count.silent, count.not_applicable) == ([], True, "")
    addressed(cast, live, "governors", on=DAY + timedelta(days=3))
    assert [list(told) for told, _ in lines(cast, DAY + timedelta(days=3))] == [["reader_bodies"]]
    place(cast, live, DAY + timedelta(days=5))
    assert [list(told) for told, _ in lines(cast, DAY + timedelta(days=5))] == [["public_page"], ["reader_bodies"]]


def test_a_check_at_another_place_proves_nothing_about_this_one(cast, live):
    check(cast, live, DAY)
    assert page(cast, DAY) == GOOD
    place(cast, live, DAY + timedelta(days=1), address="https://www.school.example/policy.pdf")
    assert page(cast, DAY + timedelta(days=1)) == DUE
    assert page(cast, DAY) == GOOD


def test_a_body_is_due_for_a_hundred_and_twenty_days_then_broken_then_good_with_a_receipt(cast, live):
    addressed(cast, live, "governors", "council")
    ends = DAY + timedelta(days=120)
    for name in ("governors", "council"):
        for on, standing in ((DAY, DUE), (ends - timedelta(days=1), DUE), (ends, BROKEN)):
            assert body(cast, on, name) == standing
    received(cast, live, "governors", ends + timedelta(days=1))
    assert (body(cast, ends, "governors"), body(cast, ends + timedelta(days=1), "governors")) == (BROKEN, GOOD)
    assert body(cast, ends + timedelta(days=1), "council") == BROKEN
    received(cast, live, "council", ends + timedelta(days=2), **SENT)
    told = [why for _, why in lines(cast, ends + timedelta(days=2))]
    assert any("Item 7.2" in why for why in told)
    assert any("governance@council.example" in why for why in told)


def test_a_receipt_is_for_one_version(cast, live, in_force):
    addressed(cast, live, "governors")
    received(cast, live, "governors", DAY)
    later = DAY + timedelta(days=20)
    with clock.standing_at(clock.at(later)):
        document = policytext.read_text(TEXT.replace("every day", "twice a day"), "policy.txt")
        in_force(actions.import_version(document=document, policy=live.policy, by=cast.scope("clerk")), from_day=later)
    assert body(cast, later - timedelta(days=1), "governors") == GOOD
    assert body(cast, later, "governors") == DUE


def test_a_receipt_taken_back_counts_until_then_and_stays(cast, live):
    addressed(cast, live, "governors")
    row = received(cast, live, "governors", DAY)
    with clock.standing_at(clock.at(DAY + timedelta(days=2))):
        actions.undo_receipt(receipt=row, reason="That was the old text", by=cast.scope("clerk"))
    assert body(cast, DAY + timedelta(days=1), "governors") == GOOD
    assert body(cast, DAY + timedelta(days=2), "governors") == DUE
    assert ReaderReceipt.objects.count() == 1
    with pytest.raises(Denied, match="already"):
        actions.undo_receipt(receipt=ReaderReceipt.objects.get(), reason="Again", by=cast.scope("clerk"))
    received(cast, live, "governors", DAY + timedelta(days=3))
    assert body(cast, DAY + timedelta(days=3), "governors") == GOOD


def test_the_audience_counts_as_it_was_on_the_day(cast, live):
    addressed(cast, live, "governors", on=DAY + timedelta(days=1))
    addressed(cast, live, on=DAY + timedelta(days=3))
    counts = [len(ask(cast, DAY + timedelta(days=days)).items) for days in range(5)]
    assert counts == [1, 2, 2, 1, 1]


@pytest.fixture
def adopted(cast):
    """The trust's own text, in force, taken by both schools a week later."""
    by = cast.office
    cast.people["ceo"] = placed(by, cast.sister, "ceo", "trust_ceo", "employee", across_trust=True)
    with clock.standing_at(clock.at(DAY)):
        version = actions.import_version(document=policytext.read_text(TEXT.replace("Alder Park", "Alder"), "t.txt"), by=by)
        actions.submit(version=version, by=by)
        actions.approve(version=version, body="Board", minute="3", met_on=DAY, by=cast.scope("ceo"))
        version = actions.bring_into_force(version=version, from_day=DAY, by=by)
    with clock.standing_at(clock.at(DAY + timedelta(days=7))):
        for school in (cast.school, cast.sister):
            told = {"body": "Governors", "minute": "4", "adopted_on": DAY + timedelta(days=7), "local_changes": "Nothing"}
            actions.adopt(policy=version.policy, school=school, by=by, **told)
    return version


def test_a_receipt_of_the_trust_s_own_bodies_serves_every_school_and_that_of_governors_only_one(cast, adopted):
    on = DAY + timedelta(days=8)
    with clock.standing_at(clock.at(on)):
        actions.choose_readers(policy=adopted.policy, bodies=["governors", "trustees"], by=cast.office)
        told = {**MET, "received_on": on, "version": adopted, "by": cast.office}
        actions.record_receipt(school=None, body="trustees", **told)
        with pytest.raises(BadInput, match="Each school records"):
            actions.record_receipt(school=None, body="governors", **told)
        actions.record_receipt(school=cast.school, body="governors", **told)
    assert [body(cast, on, name) for name in ("governors", "trustees")] == [GOOD, GOOD]
    assert [body(cast, on, name, cast.sister) for name in ("governors", "trustees")] == [DUE, GOOD]
    assert ask(cast, on).items[1].due_on is None
    ends = DAY + timedelta(days=7 + 120)  # the text holds here from the day it was adopted
    assert [body(cast, day, "governors", cast.sister) for day in (ends - timedelta(days=1), ends)] == [DUE, BROKEN]


# ------------------------------------------------------------------ what is recorded


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"body": "king"}, "Choose a body"),
        ({"body": "council"}, "addressed to"),
        ({"received_on": DAY + timedelta(days=1)}, "in the future"),
        ({"received_on": DAY - timedelta(days=1)}, "before this version was approved"),
        ({"means": "shouted"}, "Choose whether"),
        ({"minute": " "}, "Enter the minute"),
        ({"means": "sent", "address": " "}, "Enter the address"),
    ],
)
def test_a_receipt_that_proves_nothing_is_refused_and_nothing_stored(cast, live, told, sentence):
    addressed(cast, live, "governors")
    given = {"body": "governors", **MET, "received_on": DAY, **told}
    with clock.standing_at(clock.at(DAY)), pytest.raises(BadInput, match=sentence):
        actions.record_receipt(version=live, school=cast.school, by=cast.scope("clerk"), **given)
    assert not ReaderReceipt.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["ftp://school.example/a", "file:///etc/passwd", "javascript:alert(1)", "https://", "https://a:b@school.example/", "school.example",
     "https://school.example/a b", "https://school.example/" + "a" * 500],
)  # fmt: skip
def test_only_a_web_address_is_taken(cast, live, address):
    with pytest.raises(BadInput):
        place(cast, live, DAY, address=address)
    assert not PublicPlace.objects.exists()


def test_not_public_needs_a_reason_and_only_editors_choose(cast, live):
    with pytest.raises(BadInput, match="why the public"):
        place(cast, live, DAY, shown=False, reason=" ")
    for act in (
        lambda by: actions.choose_place(school=cast.school, policy=live.policy, shown=True, address="", reason="", by=by),
        lambda by: actions.choose_readers(policy=live.policy, bodies=["governors"], by=by),
        lambda by: actions.check_public_copy(school=cast.school, policy=live.policy, by=by),
    ):
        with clock.standing_at(clock.at(DAY)), pytest.raises(Denied):
            act(cast.scope("teacher"))
        with clock.standing_at(clock.at(DAY)), pytest.raises((Denied, NotFound)):
            act(cast.scope("outsider"))
    with pytest.raises(BadInput, match="no body called"):
        addressed(cast, live, "parliament")
    assert not PublicPlace.objects.exists()
    assert not ReaderChoice.objects.exists()
    assert not PublicCheck.objects.exists()


def test_rows_are_never_changed_and_the_database_holds_the_rules(cast, live):
    addressed(cast, live, "governors")
    row = received(cast, live, "governors", DAY)
    place(cast, live, DAY)
    check(cast, live, DAY)
    with clock.standing_at(clock.at(DAY)):
        actions.undo_receipt(receipt=row, reason="Wrong", by=cast.scope("clerk"))
    for model, change in (
        (ReaderChoice, {"bodies": []}), (ReaderReceipt, {"minute": "8"}), (PublicPlace, {"shown": False}),
        (PublicCheck, {"found": "other"}), (ReceiptUndone, {"reason": "x"}),
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            model.objects.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all()._raw_delete(model.objects.db)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicPlace.objects.create(school=cast.school, policy=live.policy, shown=False, recorded_at=clock.now())


def test_when_the_log_cannot_be_written_nothing_is_recorded(cast, live, monkeypatch):
    addressed(cast, live, "governors")

    def broken(*_args, **_more):
        raise RuntimeError("the log cannot be written")

    monkeypatch.setattr("schoolgate.audit.actions.record", broken)
    for act in (lambda: received(cast, live, "governors", DAY), lambda: place(cast, live, DAY), lambda: check(cast, live, DAY)):
        with pytest.raises(RuntimeError):
            act()
    assert not ReaderReceipt.objects.exists()
    assert not PublicPlace.objects.exists()
    assert not PublicCheck.objects.exists()


# ------------------------------------------------------------------ the daily job, to-dos, pages


def test_the_daily_job_fetches_what_owes_a_check_and_nothing_twice(cast, live):
    run = jobs()["policies.public_copies"].run
    for days, made in ((0, 1), (0, 1), (1, 1), (3, 1), (4, 2), (5, 2), (8, 3)):
        with clock.standing_at(clock.at(DAY + timedelta(days=days), 7)):
            run(clock.now())
        assert PublicCheck.objects.count() == made, days
    assert set(PublicCheck.objects.values_list("found", flat=True)) == {"same"}
    assert not PublicCheck.objects.filter(asked_by__isnull=False).exists()
    place(cast, live, DAY + timedelta(days=9), shown=False, reason="It names how the alarm is set.")
    with clock.standing_at(clock.at(DAY + timedelta(days=20))):
        run(clock.now())
    assert PublicCheck.objects.count() == 3


def test_the_office_manager_sees_to_it_too_and_to_nothing_else(cast, live):
    cast.people["manager"] = placed(cast.office, cast.school, "manager", "office_manager", "employee")
    by = cast.scope("manager")
    addressed(cast, live, "governors")
    row = received(cast, live, "governors", DAY, by="manager")
    with clock.standing_at(clock.at(DAY)):
        assert actions.check_public_copy(school=cast.school, policy=live.policy, by=by).found == "same"
        actions.undo_receipt(receipt=row, reason="Wrong minute", by=by)
        actions.choose_place(school=cast.school, policy=live.policy, shown=True, address="", reason="", by=by)
        with pytest.raises(Denied):
            actions.choose_readers(policy=live.policy, bodies=[], by=by)
        with pytest.raises(NotFound):
            actions.choose_place(school=cast.sister, policy=live.policy, shown=True, address="", reason="", by=by)
    assert titles(cast, "manager", DAY) == titles(cast, "clerk", DAY) != []


def titles(cast, who, on) -> list[str]:
    return [task.title for task in questions()["policies.readers"](cast.scope(who), on)]


def test_whoever_acts_is_asked_and_nobody_else(cast, live):
    assert titles(cast, "clerk", DAY) == []
    addressed(cast, live, "governors", "council")
    named = "“Social Media Policy” (Alder Park Primary)"
    asked = [f"Let the governors and the council have version 1 of {named}"]
    assert titles(cast, "clerk", DAY) == asked
    others = ("head", "teacher", "governor", "outsider", "sister_head", "trust_comms")
    assert [who for who in others if titles(cast, who, DAY)] == []
    task = next(iter(questions()["policies.readers"](cast.scope("clerk"), DAY)))
    assert (task.due_on, task.count) == (DAY + timedelta(days=120), 2)
    place(cast, live, DAY, address="https://www.school.example/policy.pdf")
    assert f"Put version 1 of {named} on the public page" in titles(cast, "clerk", DAY)


def test_the_number_of_queries_does_not_grow(cast, live, in_force, django_assert_num_queries):
    def more(number: int) -> None:
        text = TEXT.replace("every day", f"{number} times a day")
        with clock.standing_at(clock.at(DAY)):
            version = actions.import_version(
                document=policytext.read_text(text, "p.txt"), school=cast.school, title=f"Policy {number}", by=cast.scope("clerk")
            )
            version = in_force(version)
        addressed(cast, version, "governors", "council")
        received(cast, version, "governors", DAY)
        check(cast, version, DAY)

    more(0)
    scope = cast.scope("clerk")
    with django_assert_num_queries(7):
        assert len(queries.deliveries(scope, scope.school_ids, DAY)) == 2
    with django_assert_num_queries(9):
        list(questions()["policies.readers"](scope, DAY))
    for number in range(1, 4):
        more(number)
    with django_assert_num_queries(7):
        assert len(queries.deliveries(scope, scope.school_ids, DAY)) == 5
    with django_assert_num_queries(9):
        list(questions()["policies.readers"](scope, DAY))


def dated(day) -> dict[str, int]:
    return {"received_on_day": day.day, "received_on_month": day.month, "received_on_year": day.year}


def test_the_pages_record_what_they_ask(cast, live, signed_in):
    client, address = signed_in("clerk"), reverse("policies:readers", args=[cast.school.ref])
    said = client.get(address).content.decode()
    assert "Nobody has said which bodies" in said
    policy = live.policy_id
    client.post(reverse("policies:choose_readers", args=[policy]), {"bodies": ["governors", "council"]})
    form = reverse("policies:receipt", args=[cast.school.ref, policy])
    bad = client.post(form, {"body": "governors", "means": "meeting", **dated(clock.today())}).content.decode()
    assert "Enter the minute" in bad
    assert not ReaderReceipt.objects.exists()
    done = client.post(form, {"body": "governors", "means": "meeting", "minute": "Item 9", **dated(clock.today())}, follow=True)
    assert "Item 9" in done.content.decode()
    row = ReaderReceipt.objects.get()
    gone = client.post(reverse("policies:undo_receipt", args=[row.id]), {"reason": "It was the old text"}, follow=True).content.decode()
    assert "Taken back" in gone
    assert "It was the old text" in gone
    told = client.post(reverse("policies:public_check", args=[cast.school.ref, policy]), follow=True).content.decode()
    assert "The copy was fetched and is the version in force." in told
    where = reverse("policies:public_place", args=[cast.school.ref, policy])
    assert "Enter the address" in client.post(where, {"place": "own"}).content.decode()
    assert "Say in a few words" in client.post(where, {"place": "nowhere"}).content.decode()
    hidden = client.post(where, {"place": "nowhere", "reason": "It names the alarm"}, follow=True).content.decode()
    assert "Not public: It names the alarm" in hidden
    assert "Only the clerk, the office manager" in signed_in("teacher").get(address).content.decode()
    assert signed_in("sister_head").get(address).status_code == 404


def test_the_trust_records_for_its_own_bodies(cast, adopted, signed_in):
    client, policy = signed_in("trust_comms"), adopted.policy_id
    client.post(reverse("policies:choose_readers", args=[policy]), {"bodies": ["trustees"]})
    form = reverse("policies:trust_receipt", args=[policy])
    sent = {"body": "trustees", "means": "sent", "address": "board@trust.example", **dated(clock.today())}
    assert "board@trust.example" in client.post(form, sent, follow=True).content.decode()
    assert ReaderReceipt.objects.get().school is None
    assert "board@trust.example" in client.get(reverse("policies:readers", args=[cast.sister.ref])).content.decode()
    with pytest.raises(Denied):
        actions.undo_receipt(receipt=ReaderReceipt.objects.get(), reason="x", by=cast.scope("clerk"))
