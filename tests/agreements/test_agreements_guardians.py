"""Guardians' own links: who is offered which child, what is signed by name, and what a used, old or guessed link says."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.agreements.test_agreements_families import FAMILIES, publish, pupil
from tests.agreements.test_agreements_six_ways import ask, state

from schoolgate.agreements import actions, queries
from schoolgate.agreements.models import FamilyAnswer, FamilyLink, FamilySignature
from schoolgate.agreements.rules import families as rules
from schoolgate.audit.models import Entry
from schoolgate.common import clock
from schoolgate.common.actors import Actor
from schoolgate.common.errors import BadInput, Denied, NotFound, Replaced
from schoolgate.contracts.controls import State
from schoolgate.notify import actions as notify
from schoolgate.notify.models import Message
from schoolgate.people import actions as people
from schoolgate.people.models import Guardian, GuardianLimit, Guardianship

DAY = date(2026, 9, 14)
BY = Actor("link", "test", "one-time link")


@pytest.fixture(autouse=True)
def _monday():
    with clock.standing_at(clock.at(DAY, 10)):
        yield


@pytest.fixture
def home(world, cast):
    """A form for families. Ann has children in Years 3 and 5, Ben shares the elder, Cat has one in Year 3; one child has nobody."""
    world.version = world.bring(extra=FAMILIES)
    world.family = publish(world, "family", rules.FAMILY_LINES)
    cast.kids = [pupil(cast, 1, guardians=["Ann"]), pupil(cast, 2, "5", guardians=["Ann", "Ben"])]
    cast.kids += [pupil(cast, 3, guardians=["Cat"]), pupil(cast, 4)]
    Guardian.objects.exclude(given="Cat").update(email="parent@example.org")
    return world


def guardian(name) -> Guardian:
    return Guardian.objects.get(given=name)


def tie(name, child) -> Guardianship:
    return Guardianship.objects.get(guardian__given=name, pupil=child)


def link(home, name="Ann") -> actions.MadeFamilyLink:
    return actions.make_family_link(agreement=home.family, guardian_id=guardian(name).id, by=home.scope("head", DAY))


def answer(made, answers, *, name="Ann Vale", token="page", **changes):
    found = queries.family_link(made.key)
    given = {"statements": list(found.agreement.statements), "fingerprint": found.agreement.fingerprint, **changes}
    actions.open_family_link(link=found, by=BY)
    return actions.answer_by_link(link=found, name=name, answers=answers, token=token, by=BY, **given)


def offered(made) -> list[str]:
    found = queries.family_link(made.key)
    return [child.given for child in queries.children_of(actions.family_scope(found), found, clock.today())]


# ---- signing


def test_one_guardian_signs_for_each_child_by_name_and_the_control_counts_it(home, cast):
    made = link(home)
    one, two = cast.kids[:2]
    said = answer(made, {one.id: "accepted", two.id: "talk"})
    assert {(row.answer.pupil, row.answer.answer, tuple(row.statements)) for row in said} == {
        (one, "accepted", rules.FAMILY_STATEMENTS), (two, "talk", ()),
    }  # fmt: skip
    assert {(row.name_signed, row.answer.guardian, row.fingerprint) for row in said} == {
        ("Ann Vale", guardian("Ann"), home.family.fingerprint)
    }
    items = ask(home, "families_agreed", DAY)[0].items
    assert [item.standing.value for item in items if "Accepted" in item.why] == ["good"]
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        FamilySignature.objects.update(name_signed="x")


def test_a_family_that_asks_to_talk_is_not_counted_as_having_answered(home, cast):
    answer(link(home), {child.id: "talk" for child in cast.kids[:2]}, statements=[])
    item = next(one for one in ask(home, "families_agreed", DAY)[0].items if "talk" in one.why)
    assert (item.standing.value, item.why) == ("due", "Asked on 14 September 2026 to talk first")
    assert state(home, "families_agreed", date(2026, 11, 1)) == State.BROKEN


def test_every_family_by_link_meets_the_control(home, cast):
    answer(link(home), {child.id: "accepted" for child in cast.kids[:2]})
    answer(link(home, "Cat"), {cast.kids[2].id: "accepted"}, name="Cat Vale", token="cat")
    actions.keep_family_answer(agreement=home.family, pupil_id=cast.kids[3].id, answer="accepted", by=home.scope("head", DAY))
    assert state(home, "families_agreed", date(2026, 11, 1)) == State.MET


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "Ben Vale"}, "does not match"),
        ({"statements": ["We will keep it."]}, "Tick every statement"),
        ({"answers": 1}, "Answer for each child"),
        ({"answers": 3}, "Answer for each child"),
        ({"says": "declined"}, "Choose one answer"),
    ],
)
def test_a_refused_try_stores_nothing_and_leaves_the_link_whole(home, cast, changes, words):
    made = link(home)
    changes = dict(changes)
    answers = {child.id: changes.pop("says", "accepted") for child in cast.kids[: changes.pop("answers", 2)]}
    with pytest.raises(BadInput, match=words):
        answer(made, answers, **changes)
    assert FamilyLink.objects.get().used_at is None
    assert not FamilySignature.objects.exists()


def test_new_words_meanwhile_replace_the_link(home, cast):
    made = link(home)
    shown = home.family.fingerprint
    publish(home, "family", [*rules.FAMILY_LINES, "We are patient."], on=DAY)
    with pytest.raises(Replaced):
        answer(made, {child.id: "accepted" for child in cast.kids[:2]}, fingerprint=shown)
    assert FamilyLink.objects.get().used_at is None


# ---- who is offered which child


@pytest.mark.parametrize("kind", ["no_responsibility", "restricted"])
def test_a_guardian_with_a_limit_is_not_offered_that_child(home, cast, kind):
    made = link(home)
    assert offered(made) == ["Pupil1", "Pupil2"]
    people.limit_guardian(guardianship=tie("Ann", cast.kids[1]), kind=kind, by=home.scope("dsl", DAY))
    assert offered(made) == ["Pupil1"]
    with pytest.raises(BadInput, match="list has changed"):
        answer(made, {child.id: "accepted" for child in cast.kids[:2]})
    answer(made, {cast.kids[0].id: "accepted"})
    assert not FamilyAnswer.objects.filter(pupil=cast.kids[1], answer="accepted").exists()


def test_a_guardian_limited_for_every_child_is_offered_no_link_and_an_old_one_says_ask_the_office(home, cast):
    made = link(home, "Cat")
    people.limit_guardian(guardianship=tie("Cat", cast.kids[2]), kind="restricted", by=home.scope("dsl", DAY))
    with pytest.raises(NotFound):
        link(home, "Cat")
    with pytest.raises(Denied, match="no child you can answer for"):
        answer(made, {cast.kids[2].id: "accepted"}, name="Cat Vale")
    page = Client().get(f"/agreements/family/{made.key}/")
    assert (page.status_code, "Pupil3" in page.content.decode()) == (410, False)
    desk = queries.family_desk(home.scope("head", DAY), home.family, DAY)
    assert [one.guardian.given for one in desk.of_class("3")] == ["Ann"]
    assert [pupil.given for one in desk.classes if one.year == "3" for pupil in one.unspoken] == ["Pupil3", "Pupil4"]


def test_only_the_safeguarding_lead_lifts_a_restriction_and_rows_stay(home, cast):
    of = tie("Ann", cast.kids[1])
    people.limit_guardian(guardianship=of, kind="restricted", note="Safeguarding file", by=home.scope("sbm", DAY))
    with pytest.raises(Denied, match="safeguarding lead"):
        people.limit_guardian(guardianship=of, kind="none", by=home.scope("sbm", DAY))
    with pytest.raises(Denied):
        people.limit_guardian(guardianship=of, kind="none", by=home.scope("teacher", DAY))
    with pytest.raises(NotFound):
        people.limit_guardian(guardianship=of, kind="none", by=home.scope("sister_head", DAY))
    with pytest.raises(BadInput, match="Choose"):
        people.limit_guardian(guardianship=of, kind="perhaps", by=home.scope("dsl", DAY))
    people.limit_guardian(guardianship=of, kind="none", by=home.scope("dsl", DAY))
    assert offered(link(home)) == ["Pupil1", "Pupil2"]
    assert GuardianLimit.objects.count() == 2
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        GuardianLimit.objects.all()._raw_delete("default")


def test_a_pupil_who_has_left_is_offered_to_nobody(home, cast):
    people.end_pupil(pupil=cast.kids[1], ends_on=DAY - timedelta(days=1), by=cast.office)
    assert offered(link(home)) == ["Pupil1"]


# ---- used, old, replaced, guessed


def test_a_used_link_says_when_and_the_same_page_gives_the_same_answer(home, cast):
    made = link(home)
    answers = {child.id: "accepted" for child in cast.kids[:2]}
    first = answer(made, answers)
    assert [one.id for one in answer(made, answers)] == [one.id for one in first]
    with pytest.raises(Denied, match="was used on 14 September 2026"):
        answer(made, answers, token="another page")
    assert FamilySignature.objects.count() == 2


def test_an_old_link_and_one_that_a_newer_one_replaced_say_so(home, cast):
    made = link(home)
    with clock.standing_at(clock.at(DAY + timedelta(days=15))), pytest.raises(Denied, match="too old"):
        answer(made, {child.id: "accepted" for child in cast.kids[:2]})
    link(home)
    assert "another one was used or has taken its place" in Client().get(f"/agreements/family/{made.key}/").content.decode()


def test_two_cards_of_one_guardian_both_work_until_one_is_used(home, cast):
    head = home.scope("head", DAY)
    cards = [
        next(one for one in actions.make_family_links(agreement=home.family, year=year, by=head) if one.answerer.guardian.given == "Ann")
        for year in ("3", "5")
    ]
    answer(cards[0], {child.id: "accepted" for child in cast.kids[:2]})
    with pytest.raises(Denied, match="another one was used"):
        answer(cards[1], {child.id: "accepted" for child in cast.kids[:2]}, token="second card")
    assert FamilySignature.objects.count() == 2


def test_no_child_is_named_before_the_guardians_own_name_and_guessing_ends_the_link(home, cast):
    made, client = link(home), Client()
    page = f"/agreements/family/{made.key}/"
    seen = client.get(page).content.decode()
    assert "Vale" not in seen
    for sent in ({"name": "Pat Vale"}, {"name": "Pat Vale", "token": "t", "fingerprint": "f"}):
        seen = client.post(page, sent).content.decode()
        assert "does not match the register" in seen
        assert "Pupil" not in seen
    named = client.post(page, {"name": "ann  vale"}).content.decode()
    assert "Pupil1 Vale, Year 3" in named
    assert "Pupil2 Vale, Year 5" in named
    for _ in range(8):
        client.post(page, {"name": "Pat Vale"})
    over = client.post(page, {"name": "Ann Vale"})
    assert (over.status_code, "wrong too often" in over.content.decode()) == (410, True)
    assert Entry.objects.filter(verb="family_link.wrong_name").count() == 10


def test_a_guardian_reads_and_signs_in_the_browser_without_a_sign_in(home, cast):
    made, client = link(home), Client()
    page = f"/agreements/family/{made.key}/"
    form = client.post(page, {"name": "Ann Vale"}).context["form"]
    given = {"token": form["token"].value(), "fingerprint": form["fingerprint"].value(), "name": "Ann Vale"}
    half = client.post(page, {**given, f"child_{cast.kids[0].id}": "accepted"}).content.decode()
    assert "Choose an answer for Pupil2 Vale" in half
    assert "To accept, tick" in half
    whole = {**given, **{f"child_{child.id}": "accepted" for child in cast.kids[:2]}, "statement_0": "on", "statement_1": "on"}
    done = client.post(page, whole)
    assert (done.status_code, "Your answer is kept" in done.content.decode()) == (200, True)
    assert "Your answer is kept" in client.post(page, whole).content.decode(), "the same page twice"
    assert "was used on" in client.get(page).content.decode()
    assert client.post("/agreements/link/", {"key": made.key}).url == page


# ---- the office


def test_a_sheet_for_a_class_has_a_card_for_everyone_unanswered_with_a_child_of_that_class_first(home, cast, signed_in):
    page = reverse("agreements:family_sheet", args=[home.family.id, "3"])
    sheet = signed_in("head").post(page).content.decode()
    assert "2 cards for families" in sheet
    assert "For Ann Vale" in sheet
    assert "With Pupil1 Vale" in sheet
    assert "Ben" not in sheet
    assert FamilyAnswer.objects.filter(answer="asked").count() == 2
    again = actions.make_family_links(agreement=home.family, year="3", by=home.scope("head", DAY))
    assert FamilyAnswer.objects.filter(answer="asked").count() == 2, "asked once"
    for made in again:
        children = [one.pupil for one in Guardianship.objects.filter(guardian=made.link.guardian)]
        answer(made, {child.id: "accepted" for child in children}, name=made.link.guardian.name)
    with pytest.raises(Denied, match="has answered"):
        actions.make_family_links(agreement=home.family, year="3", by=home.scope("head", DAY))
    shown = signed_in("head").get(reverse("agreements:family_class", args=[home.family.id, "3"])).content.decode()
    assert "1 of 3 pupils have no answer yet" in shown
    assert "Pupil4 Vale" in shown


def test_a_mail_has_no_content_and_its_key_is_forgotten_once_it_has_left(home, cast):
    with pytest.raises(Denied):
        actions.mail_family_links(agreement=home.family, year="3", by=home.scope("teacher", DAY))
    assert actions.mail_family_links(agreement=home.family, year="3", by=home.scope("head", DAY)) == 1
    queued = Message.objects.get(template="agreement.family_link")
    assert (queued.by, queued.path.startswith("/agreements/family/")) == ("email", True)
    notify.deliver_due(clock.now())
    (sent,) = [one for one in mail.outbox if one.to == ["parent@example.org"]]
    for word in ("Ann", "Vale", "Pupil", "Alder", "Home and school"):
        assert word not in sent.subject + sent.body
    key = sent.body.split("/agreements/family/")[1].split("/")[0]
    assert queries.family_link(key).guardian == guardian("Ann")
    queued.refresh_from_db()
    assert queued.path == "/agreements/link/"
    assert key not in str(list(Message.objects.values()) + list(Entry.objects.values()) + list(FamilyLink.objects.values()))


def test_nobody_with_an_address_is_told_to_print(home, cast):
    Guardian.objects.update(email="")
    with pytest.raises(Denied, match="Print a sheet instead"):
        actions.mail_family_links(agreement=home.family, year="3", by=home.scope("head", DAY))
    assert not FamilyLink.objects.exists()


def test_links_are_for_those_who_see_pupils_and_chase_answers_of_their_own_school(home, cast, signed_in):
    for name, status in (("head", 200), ("teacher", 404), ("sister_head", 404), ("outsider", 404)):
        for page in ("family_classes", "family_class"):
            given = [home.family.id, *(["3"] if page == "family_class" else [])]
            assert signed_in(name).get(reverse(f"agreements:{page}", args=given)).status_code == status, (name, page)
    with pytest.raises((Denied, NotFound)):
        actions.make_family_link(agreement=home.family, guardian_id=guardian("Ann").id, by=home.scope("sister_head", DAY))
    with pytest.raises(NotFound):
        actions.make_family_link(agreement=home.family, guardian_id=cast.head.id, by=home.scope("head", DAY))


def test_the_pages_cost_the_same_however_many_families_there_are(home, cast, signed_in):
    client = signed_in("head")
    made = link(home)
    pages = [reverse("agreements:family_classes", args=[home.family.id]), reverse("agreements:family_class", args=[home.family.id, "3"])]
    pages.append(f"/agreements/family/{made.key}/")

    def asked() -> list[int]:
        counted = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as found:
                assert client.get(page).status_code == 200
            counted.append(len(found))
        return counted

    before = asked()
    for number in range(10, 40):
        pupil(cast, number, guardians=[f"g{number}", "Ann"])
    assert asked() == before
