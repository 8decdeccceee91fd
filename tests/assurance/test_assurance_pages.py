"""The pages: what each reader sees, that another school is not there, and that no page asks more as a school grows."""

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import weasyprint
from django.core.exceptions import SuspiciousFileOperation
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from schoolgate.assurance import actions
from schoolgate.assurance.models import AcceptedException, Assessment, Attestation, NilStatement, NotApplicable
from schoolgate.common import clock, pdf
from schoolgate.contracts.controls import Count, Item, Standing
from schoolgate.people import actions as people
from schoolgate.policies import actions as policies

ON = date(2026, 9, 14)
SIGNED, ROLES, TWO_STEP = "agreements.signed_by_everyone", "people.key_roles_filled", "people.two_step_on"


@pytest.fixture(autouse=True)
def this_morning():
    with clock.standing_at(clock.at(ON, 6, 2)):
        yield


@pytest.fixture
def version(cast, answers, in_force, clauses):
    """A policy in force with a broken, a met, an uncarried, an informational, an attested and an unjoined clause; read this morning."""
    people_of = [Item(f"Person {n}", Standing.GOOD) for n in range(27)]
    answers[SIGNED] = Count(
        [*people_of, *(Item(f"Late {n}", Standing.BROKEN, why="Not signed", url="/people/", due_on=ON) for n in range(4))]
    )
    answers[ROLES] = Count([Item("Headteacher", Standing.GOOD, lines={"holder": Standing.GOOD})])
    made = in_force(cast.school)
    rows = clauses(made)
    policies.join_clause(clause=rows["2.1"], controls=[(SIGNED, [])], by=cast.office)
    policies.join_clause(clause=rows["2.2"], controls=[(ROLES, ["holder"])], by=cast.office)
    policies.join_clause(clause=rows["2.3"], controls=[("conduct.guidance_in_date", [])], by=cast.office)
    policies.mark_informational(clause=rows["1.1"], reason="It explains.", by=cast.office)
    policies.mark_attested(clause=rows["3.1"], reason="The headteacher, each year", by=cast.office)
    actions.assess(school=cast.school, on=ON, by=cast.office)
    return made


def living(cast, version, name="living"):
    return reverse(f"assurance:{name}", args=[cast.school.ref, version.id])


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_living_page_is_the_schools_text_with_a_state_in_words_beside_each_clause(cast, version, signed_in):
    response = signed_in("head").get(living(cast, version))
    page, text = response.content.decode(), text_of(response)
    assert response.status_code == 200
    others = "1 has no data, 1 has nothing behind it yet, 1 is not carried by this version and 1 is for information."
    assert f"1 of 6 clauses is met, 1 is broken, {others}" in text
    assert "Figures as of 6:02 this morning" in text
    assert re.findall(r'<article class="lp-clause[^>]*data-state="([a-z_]+)"', page) == [
        "informational", "broken", "met", "not_carried", "no_data", "unjoined"
    ]  # fmt: skip
    assert "All staff must sign the agreement before they use a school account." in text
    for words in ("Broken", "Met", "Not carried by this version", "For information", "Nothing behind it yet", "27 of 31"):
        assert words in text
    assert page.count("<h1") == 1
    assert "style=" not in page.split("<main")[1]


def test_the_living_page_takes_the_schools_id_as_well_as_its_ref(cast, version, signed_in):
    assert signed_in("head").get(reverse("assurance:living", args=[cast.school.id, version.id])).status_code == 200


def test_a_filter_works_as_a_plain_link(cast, version, signed_in):
    response = signed_in("head").get(living(cast, version) + "?state=broken")
    assert "Showing 1 of 6 clauses" in text_of(response)
    assert "befriend pupils" not in text_of(response)
    assert text_of(signed_in("head").get(living(cast, version) + "?state=nonsense")).count("befriend pupils") == 1


def test_a_broken_clause_can_be_reached_by_link_and_by_key(cast, version, signed_in):
    page = signed_in("head").get(living(cast, version)).content.decode()
    anchor = re.search(r'href="#(c\d+)">Go to what is broken', page).group(1)
    assert re.search(rf'<article class="lp-clause lp-clause--broken" id="{anchor}" data-state="broken"', page)
    assert 'data-key-next="broken"' in page


def test_an_accepted_exception_stands_beside_the_state_and_does_not_change_it(cast, version, signed_in):
    actions.accept_exception(
        school=cast.school,
        control=SIGNED,
        reason="Sheets are printed.",
        owner=cast.sbm,
        ends_on=ON + timedelta(days=30),
        by=cast.scope("head"),
    )
    text = text_of(signed_in("head").get(living(cast, version)))
    assert "Accepted until 14 October 2026" in text
    assert "1 is broken" in text
    assert "Sheets are printed." in text
    assert "Sheets are printed." not in text_of(signed_in("teacher").get(living(cast, version)))


def test_before_the_first_reading_the_page_says_so(cast, answers, in_force, signed_in):
    response = signed_in("head").get(living(cast, in_force(cast.school)))
    assert "No readings have been taken yet" in text_of(response)


def test_old_figures_are_said_to_be_old(cast, version, signed_in):
    client = signed_in("head")
    with clock.standing_at(clock.at(ON + timedelta(days=3), 9)):
        assert "These figures are old" in text_of(client.get(living(cast, version)))


def test_a_teacher_sees_states_but_no_counts_and_no_records(cast, version, signed_in, clauses):
    client = signed_in("teacher")
    assert "27 of 31" not in text_of(client.get(living(cast, version)))
    page = text_of(client.get(clause_url(cast, version, clauses, "2.1")))
    assert "Broken" in page
    assert "Late 1" not in page
    assert "The records name people" in page


def test_a_governor_sees_counts_and_no_names(cast, version, signed_in, clauses):
    client = signed_in("governor")
    assert "27 of 31" in text_of(client.get(living(cast, version)))
    assert "Late 1" not in text_of(client.get(clause_url(cast, version, clauses, "2.1")))


def clause_url(cast, version, clauses, ref, name="clause"):
    return reverse(f"assurance:{name}", args=[cast.school.ref, version.id, clauses(version)[ref].id])


def test_one_click_from_a_clause_shows_controls_counts_records_history_and_age(cast, version, signed_in, clauses):
    client = signed_in("head")
    url = clause_url(cast, version, clauses, "2.1")
    assert url in client.get(living(cast, version)).content.decode()
    text = text_of(client.get(url))
    for words in (
        "Every adult the policy covers has signed",
        "27 of 31",
        "Late 0",
        "Not signed",
        "27 in order",
        "What this clause has shown",
        "Read just now",
    ):
        assert words in text


def test_a_clause_on_one_line_shows_that_line(cast, version, signed_in, clauses):
    text = text_of(signed_in("head").get(clause_url(cast, version, clauses, "2.2")))
    assert "A live appointment exists" in text
    assert "Each part counted by itself" in text


@pytest.mark.parametrize("ref", ["1.1", "2.3", "3.1", "3.2"])
def test_every_kind_of_clause_has_its_page(cast, version, signed_in, clauses, ref):
    assert signed_in("head").get(clause_url(cast, version, clauses, ref)).status_code == 200


def test_a_clause_is_confirmed_on_its_page(cast, version, signed_in, clauses):
    url = clause_url(cast, version, clauses, "3.1", "attest")
    when = {"stands_until_day": "1", "stands_until_month": "6", "stands_until_year": "2027"}
    refused = signed_in("head").post(url, {"evidence": "", **when})
    assert refused.status_code == 400
    assert "There is a problem" in text_of(refused)
    assert Attestation.objects.count() == 0
    signed_in("head").post(url, {"evidence": "Forum of 3 June.", **when})
    assert Attestation.objects.get().evidence == "Forum of 3 June."
    assert "2 of 6 clauses are met" in text_of(signed_in("head").get(living(cast, version)))


def control_url(cast, control, name="control"):
    return reverse(f"assurance:{name}", args=[cast.school.ref, control])


@pytest.mark.parametrize("control", [SIGNED, ROLES, TWO_STEP, "conduct.guidance_in_date", "assurance.board_statement"])
def test_every_control_has_its_page_carried_or_not(cast, version, signed_in, control):
    assert signed_in("head").get(control_url(cast, control)).status_code == 200


def test_a_control_page_tells_its_numbers_and_not_their_names(cast, version, signed_in):
    text = text_of(signed_in("head").get(control_url(cast, ROLES)))
    assert "vacancy_days" not in text
    assert "fewer than 30 days" in text


def ends(prefix, day):
    return {f"{prefix}-ends_on_day": str(day.day), f"{prefix}-ends_on_month": str(day.month), f"{prefix}-ends_on_year": str(day.year)}


def test_the_head_accepts_and_withdraws_an_exception_on_the_control_page(cast, version, signed_in):
    client = signed_in("head")
    given = {"exception-reason": "Sheets are printed.", "exception-owner": str(cast.sbm.id), **ends("exception", ON + timedelta(days=60))}
    client.post(control_url(cast, SIGNED, "accept_exception"), given)
    made = AcceptedException.objects.get()
    assert "Accepted until 13 November 2026" in text_of(client.get(control_url(cast, SIGNED)))
    client.post(reverse("assurance:withdraw_exception", args=[made.id]))
    assert "Accepted until" not in text_of(client.get(control_url(cast, SIGNED)))


def test_a_refused_form_keeps_what_was_typed_and_says_how_to_mend_it(cast, version, signed_in):
    given = {"exception-reason": "Sheets are printed.", "exception-owner": str(cast.sbm.id), **ends("exception", ON)}
    response = signed_in("head").post(control_url(cast, SIGNED, "accept_exception"), given)
    assert response.status_code == 400
    assert "The end must be after today." in text_of(response)
    assert "Sheets are printed." in response.content.decode()
    assert AcceptedException.objects.count() == 0


def test_not_applicable_is_offered_where_the_catalogue_allows_it(cast, version, signed_in):
    client = signed_in("head")
    assert "nobody can record that it does not" in text_of(client.get(control_url(cast, SIGNED)))
    given = {"na-reason": "Trust sign-in.", "na-owner": str(cast.sbm.id), **ends("na", ON + timedelta(days=60))}
    client.post(control_url(cast, TWO_STEP, "record_not_applicable"), given)
    made = NotApplicable.objects.get()
    client.post(reverse("assurance:withdraw_not_applicable", args=[made.id]))
    made.refresh_from_db()
    assert made.withdrawn_at is not None


def test_the_office_states_that_there_was_nothing(cast, version, signed_in):
    people.appoint(person=cast.sbm, role="office_manager", school=cast.school, starts_on=date(2026, 1, 5), by=cast.office)
    given = {f"nil-{name}_{part}": value for name, day in (("covers_from", "1"), ("covers_to", "9"))
             for part, value in (("day", day), ("month", "9"), ("year", "2026"))}  # fmt: skip
    url = control_url(cast, "people.leaver_reminders_sent", "make_nil_statement")
    assert signed_in("teacher").post(url, given).status_code == 400
    signed_in("sbm").post(url, given)
    assert NilStatement.objects.get().covers_to == date(2026, 9, 9)


def test_readings_are_taken_by_a_button_and_never_by_a_link(cast, version, signed_in):
    url = reverse("assurance:take_readings", args=[cast.school.ref])
    assert signed_in("head").get(url).status_code == 405
    response = signed_in("sbm").post(url, {"version": str(version.id)})
    assert urlsplit(response["Location"]).path == living(cast, version)
    assert Assessment.objects.count() == 2
    assert signed_in("teacher").post(url).status_code == 404
    assert Assessment.objects.count() == 2


def test_the_school_page_lists_its_policies_and_every_control(cast, version, signed_in):
    text = text_of(signed_in("head").get(reverse("assurance:school", args=[cast.school.ref])))
    assert "1 of 6 clauses is met" in text
    assert "Everyone has signed the current policy" in text


def test_the_trust_page_lists_schools_worst_first(cast, version, in_force, signed_in):
    in_force(cast.sister, title="Its own policy")
    actions.assess(school=cast.sister, on=ON, by=cast.office)
    response = signed_in("trust_comms").get(reverse("assurance:trust"))
    text = text_of(response)
    assert text.index("Alder Park Primary") < text.index("Birch Hill Academy")
    assert living(cast, version) in response.content.decode()
    assert "Elsewhere" not in text


def test_the_index_leads_to_the_page_that_fits(cast, version, signed_in):
    assert signed_in("head").get(reverse("assurance:index"))["Location"] == reverse("assurance:school", args=[cast.school.ref])
    assert signed_in("trust_comms").get(reverse("assurance:index"))["Location"] == reverse("assurance:trust")


def every_page(cast, version, clauses):
    return [
        living(cast, version), living(cast, version, "living_pdf"), clause_url(cast, version, clauses, "2.1"),
        control_url(cast, SIGNED), reverse("assurance:school", args=[cast.school.ref]),
    ]  # fmt: skip


def test_another_schools_pages_are_not_there(cast, version, signed_in, clauses):
    for url in every_page(cast, version, clauses):
        assert signed_in("outsider").get(url).status_code == 404, url
        assert signed_in("sister_head").get(url).status_code == 404, url


def test_a_version_not_in_force_at_the_school_is_not_there(cast, version, in_force, signed_in):
    elsewhere = in_force(cast.sister, title="Its own policy")
    assert signed_in("head").get(living(cast, elsewhere)).status_code == 404


def test_the_pdf_is_a_pdf_of_the_same_text(cast, version, signed_in):
    response = signed_in("head").get(living(cast, version, "living_pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")


def test_without_the_drawing_libraries_the_page_says_so_and_offers_print(cast, version, signed_in, monkeypatch):
    def absent(name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr("schoolgate.common.pdf.importlib.import_module", absent)
    pdf._weasyprint.cache_clear()
    response = signed_in("head").get(living(cast, version, "living_pdf"))
    pdf._weasyprint.cache_clear()
    assert response.status_code == 503
    assert "libpango" in text_of(response)
    assert "choose Print" in text_of(response)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1/", "static:../../../../etc/passwd", "static:/etc/passwd"])
def test_a_pdf_can_fetch_nothing_but_our_own_files(url):
    with pytest.raises((ValueError, SuspiciousFileOperation)):
        pdf._own_files_only(weasyprint.urls).fetch(url)


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_no_page_asks_more_as_the_text_the_records_and_the_trust_grow(cast, version, in_force, clauses, signed_in):
    client, trust = signed_in("head"), signed_in("trust_comms")
    pages = [
        living(cast, version),
        clause_url(cast, version, clauses, "2.1"),
        control_url(cast, SIGNED),
        reverse("assurance:school", args=[cast.school.ref]),
    ]
    before = [queries_of(client, url) for url in pages] + [queries_of(trust, reverse("assurance:trust"))]
    for ref in ("1.1", "3.2"):
        policies.join_clause(clause=clauses(version)[ref], controls=[(SIGNED, []), (ROLES, [])], by=cast.office)
    in_force(cast.school, text="Second Policy\n\n1. Aim\n\n1.1 Staff must be kind online.\n", title="Second")
    in_force(cast.sister, title="Its own")
    for day in range(3):
        for school in (cast.school, cast.sister):
            actions.assess(school=school, on=ON - timedelta(days=day), by=cast.office)
    after = [queries_of(client, url) for url in pages] + [queries_of(trust, reverse("assurance:trust"))]
    assert after == before
    assert before[0] <= 18, "the living page asks a handful of questions"
