"""The short check of understanding, statements one by one or together, asking first, signing through others and on paper."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from PIL import Image
from tests.agreements.conftest import DAY

from schoolgate.agreements import actions, queries, rules
from schoolgate.agreements.actions.scanning import checked
from schoolgate.agreements.models import LeftUnsigned, Refusal, Scan, ScanCheck, Signature, SigningLink, Understanding
from schoolgate.audit.models import Entry
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied
from schoolgate.notify.models import Message
from schoolgate.people import actions as people
from schoolgate.people.models import Engagement

QUESTIONS = [
    {"ask": "How many people stand behind a post?", "options": ["One", "Two"], "right": 1, "clause": "1.1"},
    {"ask": "What does a picture of a child need?", "options": ["Consent", "A frame"], "right": 0, "clause": "1.2"},
    {"ask": "Who signs?", "options": ["The head", "Every adult", "Nobody"], "right": 1, "clause": "2.1"},
]
RIGHT = [1, 0, 1]


@pytest.fixture
def asking(world):
    world.publish(world.bring(), questions=QUESTIONS)
    return world


# ---- the check


def test_a_signature_keeps_that_the_check_was_passed_when_and_after_how_many_tries(asking, cast, after):
    with pytest.raises(rules.WrongAnswers) as wrong:
        asking.sign("teacher", after(1), answers=[0, 0, None])
    assert wrong.value.wrong == [0, 2]
    assert not Signature.objects.exists()
    for _ in range(2):
        actions.note_wrong_answers(agreement=asking.form, person=cast.teacher)
    signature = asking.sign("teacher", after(1), answers=RIGHT)
    assert signature.check_passed_at == signature.signed_at
    assert signature.check_attempts == 3
    assert Understanding.objects.get().attempts == 0


def test_no_answer_is_kept_anywhere(asking, after):
    asking.sign("teacher", after(1), answers=RIGHT)
    stored = [field.name for model in (Signature, Understanding) for field in model._meta.get_fields()]
    assert not [name for name in stored if "answer" in name]
    assert "answers" not in "".join(bytes(entry.payload).decode() for entry in Entry.objects.all())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ask": " "}, "empty"), ({"options": ["Same", "Same"]}, "all different"), ({"options": ["One"]}, "right answer"),
        ({"right": 5}, "which answer"), ({"clause": "9.9"}, "does not have"),
    ],
)  # fmt: skip
def test_a_question_needs_one_right_answer_and_a_clause_of_the_text(world, changes, words):
    with pytest.raises(BadInput, match=words):
        world.publish(world.bring(), questions=[{**QUESTIONS[0], **changes}])


def test_a_wrong_answer_on_the_page_points_back_at_the_clause(world, signed_in):
    yesterday = clock.today() - timedelta(days=1)
    world.publish(world.bring(on=yesterday), yesterday, questions=QUESTIONS)
    client, url = signed_in("teacher"), f"/agreements/{world.form.id}/"
    page = client.get(url)
    hidden = {name: page.context["form"].initial[name] for name in ("token", "fingerprint")}
    boxes = {f"statement_{number}": "on" for number in range(len(world.form.statements))}
    given = {**hidden, **boxes, "name": "Teacher Example", "question_0": "0", "question_1": "0", "question_2": "1"}
    answer = client.post(url, given).content.decode()
    assert "That is not what clause 1.1 says" in answer
    assert "clause 1.2" not in answer
    assert Understanding.objects.get().attempts == 1
    assert client.post(url, {**given, "question_0": "1"}).status_code == 302
    assert Signature.objects.get().check_attempts == 2


# ---- statements, roles, codes


def test_where_statements_are_agreed_to_together_there_is_one_box(world, signed_in):
    yesterday = clock.today() - timedelta(days=1)
    world.publish(world.bring(on=yesterday), yesterday, one_by_one=False)
    page = signed_in("teacher").get(f"/agreements/{world.form.id}/").content.decode()
    assert page.count('type="checkbox"') == 1
    assert "<li>I will keep its rules.</li>" in page


def test_a_form_for_a_role_asks_only_its_holders(world, cast, after):
    world.publish(world.bring(), roles=["dsl", "clerk"])
    asked = {place.person for place in queries.places_for(cast.office, world.form, after(1))}
    assert asked == {cast.dsl, cast.clerk}
    with pytest.raises(Denied, match="not among"):
        world.sign("teacher", after(1))
    world.sign("dsl", after(1))


def test_the_acceptable_use_rules_carry_a_notice_and_a_statement_that_accepts_it(world):
    version = world.bring()
    with pytest.raises(BadInput, match="monitors"):
        world.publish(version, kind="code", code="acceptable_use")
    form = world.publish(version, kind="code", code="acceptable_use", notice="Web addresses on school machines.")
    assert form.statements[-1] == rules.NOTICE_ACCEPTED


def test_a_new_form_tells_everybody_and_a_minor_change_starts_from_the_one_before(asking, cast, after):
    asking.sign("teacher", after(1), answers=RIGHT)
    second = asking.bring(2, after(10), policy=asking.form.policy)
    assert queries.former_form(cast.office, cast.school.id, second.policy_id).questions == QUESTIONS
    asking.publish(second, after(10), minor_change="Spelling")
    assert not queries.place_of(cast.office, asking.form, cast.teacher.id, after(11)).owes


def test_signing_again_moves_the_date_and_keeps_the_old_row(published, cast, after):
    published.sign("teacher", after(0))
    year = DAY.replace(year=2027)
    published.sign("teacher", year - timedelta(days=3))
    assert Signature.objects.count() == 2
    place = queries.place_of(cast.office, published.form, cast.teacher.id, year)
    assert clock.local_date(place.signed_at) == year - timedelta(days=3)
    assert not place.owes


# ---- asking first


def test_a_question_is_answered_by_whoever_chases_and_moves_no_date(published, cast, after):
    with clock.standing_at(clock.at(after(1), 11)):
        asked = actions.ask(agreement=published.form, reason="May I keep my band’s page?", by=cast.scope("teacher", after(1)))
        with pytest.raises(Denied, match="asked already"):
            actions.ask(agreement=published.form, reason="And?", by=cast.scope("teacher", after(1)))
    assert Message.objects.filter(template="agreement.asked", person_id=cast.head.id).exists()
    assert published.ask(after(2)).measured["refused"] == 0
    assert [one.id for one in queries.refusals_to_answer(cast.scope("clerk", after(1)), after(1))] == [asked.id]
    with clock.standing_at(clock.at(after(2), 11)):
        actions.answer_refusal(refusal=asked, decision="Yes.", by=cast.scope("clerk", after(2)))
    assert Message.objects.filter(template="agreement.question_answered", person_id=cast.teacher.id).exists()
    assert published.sign("teacher", after(3))


def test_somebody_with_a_link_refuses_with_a_reason_and_may_still_sign(published, cast, after):
    with clock.standing_at(clock.at(after(1))):
        made = actions.make_link(agreement=published.form, person=cast.contractor, by=cast.scope("head", after(1)))
        link = queries.link(made.key)
        actions.refuse_by_link(link=link, reason="My firm has its own rules.", by=actions.link_scope(link).actor)
    assert Refusal.objects.get().person == cast.contractor
    assert SigningLink.objects.get().used_at is None


# ---- through others and on paper


def page(world, **changes):
    given = {"name": "Teacher Example", "statements": world.form.statements, "token": "t", "fingerprint": world.form.fingerprint}
    return actions.Page(**{**given, "answers": RIGHT, **changes})


def test_a_signature_on_somebodys_behalf_says_why_who_entered_it_and_who_saw(asking, cast, after):
    given = {"agreement": asking.form, "person": cast.teacher, "page": page(asking), "by": cast.scope("clerk", after(1))}
    with clock.standing_at(clock.at(after(1))):
        for why, witness, words in (
            ("", "Dsl Example", "why"),
            ("Broken arm", " ", "who was there"),
            ("Broken arm", "Clerk Example", "other than"),
        ):
            with pytest.raises(BadInput, match=words):
                actions.sign_on_behalf(**given, why=why, witness=witness)
        with pytest.raises(Denied, match="for yourself"):
            actions.sign_on_behalf(**{**given, "by": cast.scope("head", after(1)), "person": cast.head}, why="x", witness="y")
        with pytest.raises(Denied):
            actions.sign_on_behalf(**{**given, "by": cast.scope("teacher", after(1)), "person": cast.head}, why="x", witness="y")
        made = actions.sign_on_behalf(**given, why="Broken arm", witness="Dsl Example")
    assert (made.means, made.entered_by, made.witness, made.could_not_sign) == ("on_behalf", cast.clerk, "Dsl Example", "Broken arm")
    assert made.person == cast.teacher


def picture(kind="PNG", exif=False):
    drawn = BytesIO()
    image = Image.new("RGB", (40, 60), "white")
    extra = {"exif": Image.Exif()} if exif else {}
    if exif:
        extra["exif"][0x010E] = "where it was taken"
    image.save(drawn, kind, **extra)
    return drawn.getvalue()


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def enter(world, on, scan=None, by="clerk", token="paper", **changes):
    given = {
        "name": "Teacher Example", "statements": world.form.statements, "written_on": on, "given_on": on, "witness": "Dsl Example",
        "understood": True,
    }  # fmt: skip
    with clock.standing_at(clock.at(on, 15)):
        return actions.enter_paper(
            agreement=world.form, person=world.cast.teacher, paper=actions.Paper(**{**given, **changes}), scan=scan or picture(),
            token=token, by=world.scope(by, on),
        )  # fmt: skip


def test_a_paper_form_keeps_its_scan_and_both_dates(asking, cast, after):
    with clock.standing_at(clock.at(after(4), 15)):
        made = actions.enter_paper(
            agreement=asking.form, person=cast.teacher, scan=picture(exif=True), token="paper", by=cast.scope("clerk", after(4)),
            paper=actions.Paper("Teacher Example", asking.form.statements, after(2), after(1), "Dsl Example", True),
        )  # fmt: skip
    assert clock.local_date(made.signed_at) == after(2)
    assert clock.local_date(made.entered_at) == after(4)
    scan = Scan.objects.get()
    assert scan.media_type == "image/jpeg"
    assert b"where it was taken" not in bytes(scan.content)
    assert enter(asking, after(4)).id == made.id  # the same page sent twice
    place = queries.place_of(cast.office, asking.form, cast.teacher.id, after(3))
    assert place.owes  # on the third day nobody knew of it


@pytest.mark.parametrize("scan", [b"", b"GIF89a" + b"0" * 40, b"%PDF-1.7 cut off", picture()[:60], b"<svg onload='x'></svg>"])
def test_a_file_that_is_no_whole_picture_or_pdf_is_refused_and_nothing_is_stored(asking, after, scan):
    with pytest.raises(BadInput) as refused:
        checked(scan)
    assert refused.value.field == "scan"
    if scan:
        with pytest.raises(BadInput):
            enter(asking, after(1), scan)
    assert not Signature.objects.exists()


def test_a_pdf_is_kept_byte_for_byte_and_a_large_file_is_not_kept():
    assert checked(PDF).content == PDF
    with pytest.raises(BadInput, match="10 MB"):
        checked(PDF + b"0" * (10 * 2**20))


@pytest.mark.parametrize(("written", "given", "field"), [(3, None, "written_on"), (-5, None, "written_on"), (1, 2, "given_on")])
def test_dates_on_paper_that_cannot_be_are_refused(asking, after, written, given, field):
    paper = actions.Paper("T", [], after(written), after(given) if given else None, "", False)
    person, by = asking.cast.teacher, asking.scope("clerk", after(2))
    with pytest.raises(BadInput) as refused, clock.standing_at(clock.at(after(2), 15)):
        actions.enter_paper(agreement=asking.form, person=person, paper=paper, scan=PDF, token="p", by=by)
    assert refused.value.field == field


def test_somebody_else_looks_at_a_scan_once(asking, cast, after):
    enter(asking, after(1))
    scan = Scan.objects.get()
    assert queries.scans_to_check(cast.scope("clerk", after(1)), [cast.school.id]) == []
    assert queries.scans_to_check(cast.scope("head", after(1)), [cast.school.id]) == [scan]
    with pytest.raises(Denied, match="You entered"):
        actions.look_at_scan(scan=scan, holds=True, by=cast.scope("clerk", after(1)))
    with pytest.raises(BadInput, match="what is wrong"):
        actions.look_at_scan(scan=scan, holds=False, by=cast.scope("head", after(1)))
    actions.look_at_scan(scan=scan, holds=True, by=cast.scope("head", after(1)))
    with pytest.raises(Denied, match="already"):
        actions.look_at_scan(scan=scan, holds=True, by=cast.scope("head", after(1)))
    for model in (ScanCheck, Scan):
        with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_a_scan_is_handed_out_as_a_download_that_can_run_nothing(asking, signed_in):
    made = enter(asking, DAY, PDF)
    answer = signed_in("head").get(f"/agreements/signatures/{made.id}/scan/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox"
    assert answer.content == PDF
    assert signed_in("teacher").get(f"/agreements/signatures/{made.id}/scan/").status_code == 404


# ---- reminders, leave, leavers


def test_reminders_grow_plainer_and_the_head_is_told_of_the_late(published, cast, after):
    for days in (7, 14):
        with clock.standing_at(clock.at(after(days), 6)):
            actions.remind_when_due(agreement=published.form, by=cast.office)
    mine = Message.objects.filter(person_id=cast.teacher.id, by="screen").order_by("queued_at").values_list("template", flat=True)
    assert list(mine) == ["agreement.to_sign", "agreement.reminder", "agreement.overdue"]
    assert Message.objects.filter(template="agreement.unsigned", by="screen").count() == 1


def test_who_comes_back_from_long_leave_is_asked_again_that_day(published, cast, after):
    Engagement.objects.filter(person=cast.teacher).update(away_from=after(1), away_until=after(20), away_reason="Leave")
    for days, count in ((15, 0), (20, 0), (21, 1)):
        with clock.standing_at(clock.at(after(days), 6)):
            actions.remind_when_due(agreement=published.form, by=cast.office)
        told = Message.objects.filter(person_id=cast.teacher.id, by="screen").exclude(template="agreement.to_sign")
        assert told.count() == count, days


def test_who_leaves_unsigned_is_noted_once(published, cast, after):
    published.sign("dsl", after(1))
    with clock.standing_at(clock.at(after(3))):
        for name in ("teacher", "dsl"):
            people.end_engagement(engagement=cast.people[name].engagements.get(), ends_on=after(5), by=cast.office)
    with clock.standing_at(clock.at(after(6))):
        assert [actions.note_who_left_unsigned(by=cast.office) for _ in range(2)] == [1, 0]
    note = LeftUnsigned.objects.get()
    assert (note.person, note.left_on) == (cast.teacher, after(5))


# ---- one-time links on a sheet


def test_a_sheet_makes_a_link_for_everybody_unsigned_without_a_sign_in(published, cast, signed_in, after):
    signed_in("teacher")
    published.sign("head", after(1))
    with clock.standing_at(clock.at(after(2))):
        made = actions.make_links(agreement=published.form, by=cast.scope("head", after(2)))
        assert {one.link.person for one in made} == {cast.dsl, cast.sbm, cast.clerk, cast.administrator, cast.governor, cast.contractor}
        with pytest.raises(Denied):
            actions.make_links(agreement=published.form, by=cast.scope("teacher", after(2)))
