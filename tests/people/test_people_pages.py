"""The pages about people: who sees them, what they show, and what their buttons do."""

import zipfile
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.conftest import place as place_person

from schoolgate.audit.models import ChainCheck
from schoolgate.common import clock
from schoolgate.contracts import routes
from schoolgate.people import actions, forms, queries, rules, urls
from schoolgate.people.models import Appointment, Engagement, Guardian, Guardianship, Person, Pupil, RegisterCheck, RosterUpload

ROSTER = (
    "external_id,given,family,category,employer,starts_on\nA1,Ada,Norris,employee,Alder,2026-09-01\nA2,Bo,Quill,wizard,Alder,2026-09-01\n"
)


@pytest.fixture
def place(cast) -> Engagement:
    return Engagement.objects.get(person=cast.teacher)


@pytest.fixture
def held(cast) -> Appointment:
    return Appointment.objects.get(person=cast.dsl)


@pytest.fixture
def addresses(cast, place, held) -> dict[str, str]:
    """One address for each route of the package."""
    kept = actions.keep_upload(school=cast.school, name="list.csv", content=ROSTER.encode(), by=cast.scope("sbm"))
    left = Engagement.objects.get(person=cast.contractor)
    actions.end_engagement(engagement=left, ends_on=clock.today(), by=cast.office)
    letter = actions.send_leaver_letter(engagement=left, by=cast.office)
    names = {"external_id": "P1", "given": "Noor", "family": "Vale", "added_at": clock.now()}
    pupil = Pupil.objects.create(trust=cast.trust, school=cast.school, **names)
    guardian = Guardian.objects.create(trust=cast.trust, **{**names, "external_id": "G1", "given": "Sam"})
    tie = Guardianship.objects.create(pupil=pupil, guardian=guardian, added_at=clock.now())
    term = actions.add_term(school=cast.school, name="Autumn", starts_on=date(2026, 9, 3), ends_on=date(2026, 10, 23), by=cast.office)
    closed = actions.close_day(school=cast.school, day=date(2026, 9, 4), kind="training", by=cast.office)
    ids = {
        "school_id": cast.school.id, "category": "employee", "upload_id": kept.id, "role": "dsl", "appointment_id": held.id,
        "person_id": cast.teacher.id, "place_id": place.id, "letter_id": letter.id,
        "pupil_id": pupil.id, "tie_id": tie.id, "term_id": term.id, "closed_id": closed.id,
    }  # fmt: skip
    found = {}
    for pattern in urls.urlpatterns:
        given = {name: ids[name] for name in pattern.pattern.converters}
        if pattern.name.startswith("leaver") and "place_id" in given:
            given["place_id"] = left.id
        found[pattern.name] = reverse(f"people:{pattern.name}", kwargs=given)
    return found


POSTED = {"term_drop", "day_open", "protect", "confirm", "take", "drop", "leaver_send", "leaver_answer"}
OF_TRUST = {"import_trust", "movements_trust", "movements_trust_csv"}  # for those who keep every register of the trust
FOR_EVERYONE = {"calendar", "list", "school", "roles", "me"}


def test_every_route_of_the_package_has_a_policy_row():
    assert {f"people:{pattern.name}" for pattern in urls.urlpatterns} <= set(routes.rows())


def test_the_business_manager_opens_every_page(addresses, signed_in):
    client = signed_in("sbm")
    for name, address in addresses.items():
        if name not in POSTED | OF_TRUST | {"accept", "explain"}:
            assert client.get(address).status_code in (200, 302), name


def test_another_trusts_head_finds_nothing(addresses, signed_in):
    client = signed_in("outsider")
    for name, address in addresses.items():
        answer = client.post(address) if name in POSTED else client.get(address)
        assert answer.status_code == (404 if name not in OF_TRUST | {"list", "me", "trail", "explain"} else answer.status_code), name
        assert b"Alder" not in answer.content, name


def test_a_sister_schools_head_finds_nothing_of_this_school(addresses, signed_in):
    client = signed_in("sister_head")
    for name, address in addresses.items():
        if name not in OF_TRUST | {"list", "me", "trail", "explain"}:
            answer = client.post(address) if name in POSTED else client.get(address)
            assert answer.status_code == 404, name


def test_a_teacher_sees_schools_and_roles_but_no_lists_of_people(addresses, signed_in):
    client = signed_in("teacher")
    own = {"person", "absent"}
    for name, address in addresses.items():
        answer = client.post(address) if name in POSTED else client.get(address)
        if name in FOR_EVERYONE | own:
            assert answer.status_code in (200, 302), name
        else:
            assert answer.status_code in (403, 404), name


def test_nobody_signed_out_gets_a_page(addresses, client):
    for name, address in addresses.items():
        answer = client.post(address) if name in POSTED else client.get(address)
        assert answer.status_code in (302, 404), name
        assert b"Example" not in answer.content


def test_a_person_sees_their_own_page_and_nobody_elses(cast, signed_in):
    client = signed_in("teacher")
    assert "Teacher Example" in client.get(reverse("people:person", args=[cast.teacher.id])).content.decode()
    assert client.get(reverse("people:person", args=[cast.dsl.id])).status_code == 404


def test_the_register_shows_each_category_and_the_button_confirms_it(cast, signed_in):
    client = signed_in("sbm")
    page = client.get(reverse("people:register", args=[cast.school.id])).content.decode()
    assert "Employee: 6" in page
    assert "Never confirmed" in page
    client.post(reverse("people:confirm", args=[cast.school.id, "employee"]))
    client.post(reverse("people:confirm", args=[cast.school.id, "trainee"]), {"none_here": "yes"})
    page = client.get(reverse("people:register", args=[cast.school.id])).content.decode()
    assert "by Sbm Example" in page
    assert RegisterCheck.objects.get(category="trainee").none_here


def test_a_list_with_people_on_it_cannot_be_confirmed_as_empty(cast, signed_in):
    answer = signed_in("sbm").post(reverse("people:confirm", args=[cast.school.id, "employee"]), {"none_here": "yes"}, follow=True)
    assert "end their time here first" in answer.content.decode()
    assert not RegisterCheck.objects.exists()


def test_somebody_new_is_added_with_their_place(cast, signed_in):
    client = signed_in("sbm")
    first = {"starts_on_day": "1", "starts_on_month": "9", "starts_on_year": "2026"}
    said = {"given": "Iona", "family": "Marsh", "category": "volunteer", "employer": "Alder", **first}
    assert client.post(reverse("people:add", args=[cast.school.id]), said).status_code == 302
    assert Engagement.objects.get(person__family="Marsh").category == "volunteer"


def test_a_person_without_a_name_is_asked_for_one_and_nothing_is_stored(cast, signed_in):
    answer = signed_in("sbm").post(reverse("people:add", args=[cast.school.id]), {"family": "", "given": ""})
    assert answer.status_code == 400
    assert "Enter the first name" in answer.content.decode()
    assert not Person.objects.filter(created_at__gte=clock.now() - timedelta(seconds=1), family="").exists()


def test_the_roles_page_asks_for_confirmation_first_then_shows_faults_first(cast, signed_in):
    client = signed_in("head")
    url = reverse("people:roles", args=[cast.school.id])
    assert "Nobody has confirmed which roles" in client.get(url).content.decode()
    said = dict.fromkeys(rules.role_numbers()["required_roles"], forms.HERE)
    assert client.post(reverse("people:required", args=[cast.school.id]), said).status_code == 302
    page = client.get(url).content.decode()
    assert page.index('id="dsl"') < len(page)
    states = [page.index(f'id="{role}-heading"') for role in ("dsl", "headteacher")]
    assert all(states)
    assert "Nobody stands in" in page


def test_striking_out_a_role_needs_a_reason(cast, signed_in):
    said = dict.fromkeys(rules.role_numbers()["required_roles"], forms.HERE) | {"equalities_governor": forms.OUT}
    answer = signed_in("head").post(reverse("people:required", args=[cast.school.id]), said)
    assert answer.status_code == 400
    assert "Say why Equalities governor is not needed here" in answer.content.decode()


def test_a_deputy_is_named_from_the_page(cast, signed_in):
    today = clock.today()
    first = {"starts_on_day": today.day, "starts_on_month": today.month, "starts_on_year": today.year}
    url = reverse("people:appoint", args=[cast.school.id])
    signed_in("head").post(url, {"person": str(cast.teacher.id), "role": "deputy_dsl", **first})
    assert Appointment.objects.filter(person=cast.teacher, role="deputy_dsl").exists()


def test_the_clerk_names_governors_but_not_staff(cast, signed_in):
    client, url = signed_in("clerk"), reverse("people:appoint", args=[cast.school.id])
    today = clock.today()
    first = {"starts_on_day": today.day, "starts_on_month": today.month, "starts_on_year": today.year}
    assert (
        client.post(f"{url}?role=link_governor", {"person": str(cast.governor.id), "role": "equalities_governor", **first}).status_code
        == 302
    )
    assert client.post(url, {"person": str(cast.teacher.id), "role": "sbm", **first}).status_code == 400
    assert not Appointment.objects.filter(person=cast.teacher).exists()


def test_the_holder_reads_and_accepts_the_duties(cast, signed_in, held):
    client, url = signed_in("dsl"), reverse("people:accept", args=[held.id])
    assert "Takes every concern about a child" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert held.acceptances.count() == 1
    assert signed_in("sbm").get(url).status_code == 403, "nobody accepts for somebody else"


def test_a_leaver_is_told_and_signs_on_their_own_page(cast, signed_in, place):
    client = signed_in("sbm")
    today = clock.today()
    last = {"ends_on_day": today.day, "ends_on_month": today.month, "ends_on_year": today.year}
    client.post(reverse("people:end_place", args=[place.id]), last)
    assert "Teacher Example" in client.get(reverse("people:leavers", args=[cast.school.id])).content.decode()
    client.post(reverse("people:leaver_send", args=[place.id]))
    place.refresh_from_db()
    own = signed_in("teacher")
    page = own.get(reverse("people:leaver", args=[place.id])).content.decode()
    assert "Some duties go on" in page
    assert str(cast.school.id) not in page.split("</header>")[0], "the header names the school in words"
    own.post(reverse("people:leaver_answer", args=[place.leaver_letter.id]), {"answer": "signed"})
    assert queries.letter(cast.office, place.leaver_letter.id).signed_at


def upload(client, school, content: bytes):
    return client.post(reverse("people:import", args=[school.id]), {"file": SimpleUploadedFile("list.csv", content)})


def test_a_list_is_previewed_and_only_then_saved(cast, signed_in):
    client = signed_in("sbm")
    answer = upload(client, cast.school, ROSTER.encode())
    page = client.get(answer.url).content.decode()
    assert "Ada Norris" in page
    assert "Line 3: “wizard” is no category" in page
    assert "On the register but not in the list: 6" in page
    assert not Person.objects.filter(family="Norris").exists()
    kept = RosterUpload.objects.get()
    plan = page.split('name="fingerprint" value="')[1].split('"')[0]
    client.post(reverse("people:take", args=[kept.id]), {"fingerprint": plan})
    assert Person.objects.filter(family="Norris").exists()
    assert not RosterUpload.objects.exists()


def test_a_register_that_changed_since_the_preview_is_looked_through_again(cast, signed_in):
    client = signed_in("sbm")
    page = client.get(upload(client, cast.school, ROSTER.encode()).url).content.decode()
    plan = page.split('name="fingerprint" value="')[1].split('"')[0]
    actions.add_person(given="Ada", family="Norris", external_id="A1", by=cast.office)
    answer = client.post(reverse("people:take", args=[RosterUpload.objects.get().id]), {"fingerprint": plan}, follow=True)
    assert "The register has changed since you looked" in answer.content.decode()
    assert not Engagement.objects.filter(person__family="Norris").exists()


def test_a_file_that_is_no_list_is_refused_beside_the_form(cast, signed_in):
    answer = upload(signed_in("sbm"), cast.school, b"PK\x03\x04 a workbook")
    assert answer.status_code == 400
    assert "save it as “CSV UTF-8”" in answer.content.decode()
    assert not RosterUpload.objects.exists()


def test_somebody_elses_upload_is_not_found(cast, signed_in):
    upload(signed_in("sbm"), cast.school, ROSTER.encode())
    assert signed_in("head").get(reverse("people:preview", args=[RosterUpload.objects.get().id])).status_code == 404


def test_an_upload_is_forgotten_after_a_day(cast, signed_in):
    upload(signed_in("sbm"), cast.school, ROSTER.encode())
    assert actions.forget_uploads() == 0
    with clock.standing_at(clock.now() + timedelta(hours=25)):
        assert actions.forget_uploads() == 1
        assert actions.forget_uploads() == 0


def test_somebody_is_let_in_from_their_page_once(cast, signed_in):
    client, url = signed_in("sbm"), reverse("people:sign_in", args=[cast.teacher.id])
    assert "Let this person sign in" in client.get(reverse("people:person", args=[cast.teacher.id])).content.decode()
    assert client.post(url, {"email": "new@example.org"}).status_code == 302
    assert Person.objects.get(pk=cast.teacher.id).user.email == "new@example.org"
    assert "can already sign in" in client.post(url, {"email": "other@example.org"}).content.decode()


def test_only_the_administrator_explains_a_break(cast, signed_in):
    ChainCheck.objects.create(
        trust_id=cast.trust.id, at=clock.now(), first=1, last=3, entries=2, ok=False, first_bad=3, fault="Entry 3 was changed.",
        actor_kind="system", actor_id="nightly chain check",
    )  # fmt: skip
    url = reverse("people:explain")
    assert signed_in("sbm").post(url, {"text": "Nothing to see"}).status_code == 403
    client = signed_in("administrator")
    assert "Explain it" in client.get(reverse("people:trail")).content.decode()
    assert client.post(url, {"text": "The disk was restored from Sunday’s copy."}).status_code == 302
    assert "Explain it" not in client.get(reverse("people:trail")).content.decode()


# ---- rosters of the whole trust, and pupils


ONEROSTER = {
    "orgs.csv": "sourcedId,name,type,identifier\nS1,Alder Park Primary,school,\nS2,Birch Hill Academy,school,\n",
    "users.csv": (
        "sourcedId,enabledUser,orgSourcedIds,role,givenName,familyName,email,agentSourcedIds,grades\n"
        "P1,true,S1,student,Noor,Vale,,G1,4\nP2,true,S2,student,Kim,Vale,,G1,7\nG1,true,S1,parent,Sam,Vale,sam@home.example,,\n"
        "A1,true,S2,teacher,Ada,Norris,,,\nX1,true,S1,student,,,,,\n"
    ),
}


@pytest.fixture
def trust_keeper(cast, signed_in):
    """A client of somebody who keeps every register of the trust."""
    cast.people["trust_keeper"] = place_person(cast.office, cast.sister, "trust_keeper", "administrator", "employee", across_trust=True)
    return signed_in("trust_keeper")


def zipped(files: dict[str, str]) -> SimpleUploadedFile:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return SimpleUploadedFile("export.zip", packed.getvalue())


def test_a_roster_of_the_trust_is_previewed_then_taken(cast, trust_keeper):
    client = trust_keeper
    sent = client.post(reverse("people:import_trust"), {"file": zipped(ONEROSTER)})
    page = client.get(sent.url)
    text = page.content.decode()
    assert "users.csv, line 6: the name is empty" in text
    assert not Pupil.objects.exists()
    client.post(reverse("people:take", args=[RosterUpload.objects.get().id]), {"fingerprint": page.context["plan"].fingerprint})
    assert {one.external_id: one.school for one in Pupil.objects.all()} == {"P1": cast.school, "P2": cast.sister}
    assert not RosterUpload.objects.exists()


def test_a_roster_on_a_schools_page_takes_that_school_alone(cast, signed_in):
    client = signed_in("sbm")
    page = client.get(client.post(reverse("people:import", args=[cast.school.id]), {"file": zipped(ONEROSTER)}).url)
    client.post(reverse("people:take", args=[RosterUpload.objects.get().id]), {"fingerprint": page.context["plan"].fingerprint})
    assert [one.external_id for one in Pupil.objects.all()] == ["P1"]


def test_a_list_of_adults_is_not_a_roster_of_the_trust(trust_keeper):
    answer = trust_keeper.post(reverse("people:import_trust"), {"file": SimpleUploadedFile("list.csv", ROSTER.encode())})
    assert answer.status_code == 400
    assert "on that school’s own page" in answer.content.decode()


def test_only_those_with_every_register_import_for_the_trust(signed_in, trust_keeper):
    assert signed_in("sbm").get(reverse("people:import_trust")).status_code == 403
    assert trust_keeper.get(reverse("people:import_trust")).status_code == 200


def test_pupils_are_listed_and_the_protected_mark_is_for_the_lead_alone(cast, addresses, signed_in):
    assert "Noor Vale" in signed_in("sbm").get(addresses["pupils"]).content.decode()
    assert "Looked after" not in signed_in("sbm").get(addresses["pupil"]).content.decode()
    assert signed_in("sbm").post(addresses["protect"], {"looked_after": "yes"}).status_code == 404
    lead = signed_in("dsl")
    assert "Looked after" in lead.get(addresses["pupil"]).content.decode()
    lead.post(addresses["protect"], {"looked_after": "yes"})
    assert Pupil.objects.get().looked_after


def test_a_pupils_last_day_is_written_down(addresses, signed_in):
    today = clock.today()
    told = {"ends_on_day": today.day, "ends_on_month": today.month, "ends_on_year": today.year}
    assert signed_in("sbm").post(addresses["pupil_end"], told).status_code == 302
    assert Pupil.objects.get().ends_on == today


def test_a_page_of_pupils_takes_the_same_queries_however_many(cast, signed_in, django_assert_max_num_queries):
    names = {"trust": cast.trust, "school": cast.school, "given": "A", "family": "B", "added_at": clock.now()}
    Pupil.objects.bulk_create(Pupil(external_id=f"P{number}", **names) for number in range(300))
    client = signed_in("sbm")
    with django_assert_max_num_queries(20):
        page = client.get(reverse("people:pupils", args=[cast.school.id]))
    assert "300 on roll" in page.content.decode()


def test_the_calendar_is_written_down_and_corrected(cast, addresses, signed_in):
    client = signed_in("sbm")
    first = {"starts_on_day": "20", "starts_on_month": "10", "starts_on_year": "2026"}
    last = {"ends_on_day": "18", "ends_on_month": "12", "ends_on_year": "2026"}
    answer = client.post(addresses["term_add"], {"name": "Autumn two", **first, **last})
    assert "These days run into Autumn, 3 September to 23 October 2026" in answer.content.decode()
    assert client.post(addresses["term_add"], {"name": "Autumn two", **first, "starts_on_day": "30", **last}).status_code == 302
    assert (
        client.post(addresses["day_close"], {"day_day": "1", "day_month": "12", "day_year": "2026", "kind": "closure"}).status_code == 302
    )
    school = queries.calendars(cast.office, [cast.school.id])[cast.school.id]
    assert school.school_day(date(2026, 11, 30))
    assert not school.school_day(date(2026, 12, 1))
    assert not school.school_day(date(2026, 10, 26))
    assert "Autumn two" in client.get(addresses["calendar"]).content.decode()
    client.post(addresses["term_drop"])
    assert [one.name for one in queries.terms_of(cast.office, cast.school.id)] == ["Autumn two"]
