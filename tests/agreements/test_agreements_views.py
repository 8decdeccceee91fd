"""The pages: reading, signing, refusing, the list of who has signed, and the one-time link."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from schoolgate.agreements import actions, queries, rules
from schoolgate.agreements.models import Agreement, Opening, Refusal, Signature, SigningLink
from schoolgate.common import clock
from schoolgate.contracts.todo import questions
from schoolgate.notify.models import Message
from schoolgate.people import actions as people
from schoolgate.people import queries as people_queries
from schoolgate.ui.dates import day


@pytest.fixture
def today(world):
    """The form was published today, so the pages can be used at this moment."""
    world.publish(world.bring(on=clock.today() - timedelta(days=1)), on=clock.today() - timedelta(days=1))
    return world


def filled(page: str, form: Agreement, name: str, **changes) -> dict:
    """What a browser would send from the page, every box ticked."""
    hidden = {key: re.search(rf'name="{key}" value="([^"]+)"', page).group(1) for key in ("token", "fingerprint")}
    boxes = {f"statement_{number}": "on" for number in range(len(form.statements))}
    return {**hidden, **boxes, "name": name, **changes}


def text_of(response) -> str:
    return response.content.decode()


def test_read_sign_and_see_the_receipt(today, signed_in):
    client, url = signed_in("teacher"), reverse("agreements:read", args=[today.form.id])
    assert "Sign by" in text_of(client.get(reverse("agreements:mine")))
    page = text_of(client.get(url))
    assert "every child in a picture has consent" in page
    assert f"You sign today, {day(clock.today())}, as Employee." in page
    assert page.count('type="checkbox"') == len(rules.STATEMENTS)
    assert "Place(" not in page
    assert "<title>Read and sign" in page
    assert Opening.objects.count() == 1
    data = filled(page, today.form, "Teacher Example")
    answers = [client.post(url, data), client.post(url, data)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Signature.objects.count() == 1
    receipt = text_of(client.get(answers[0]["Location"]))
    assert "Teacher Example" in receipt
    assert today.form.version.fingerprint[:16] in receipt
    assert "You have signed everything" in text_of(client.get(reverse("agreements:mine")))
    assert "You have signed this text" in text_of(client.get(url))


def test_what_is_missing_is_said_beside_the_form_and_nothing_is_stored(today, signed_in):
    client, url = signed_in("teacher"), reverse("agreements:read", args=[today.form.id])
    page = text_of(client.get(url))
    missing = filled(page, today.form, "Teacher Example")
    del missing["statement_2"]
    assert "To sign, tick “I will keep its rules.”" in text_of(client.post(url, missing))
    assert "does not match the register" in text_of(client.post(url, filled(page, today.form, "Somebody Else")))
    assert "Enter your name" in text_of(client.post(url, filled(page, today.form, "")))
    assert not Signature.objects.exists()


def test_a_policy_replaced_while_reading_leads_to_the_new_text(today, signed_in):
    client, old = signed_in("teacher"), today.form
    page = text_of(client.get(reverse("agreements:read", args=[old.id])))
    newer = today.publish(today.bring(2, clock.today(), policy=old.policy), clock.today())
    answer = client.post(reverse("agreements:read", args=[old.id]), filled(page, old, "Teacher Example"))
    assert answer.status_code == 409
    assert "The policy changed while you were reading" in text_of(answer)
    assert reverse("agreements:read", args=[newer.id]) in text_of(answer)
    assert not Signature.objects.exists()


def test_what_changed_since_the_last_signature_stands_on_top(today, signed_in):
    today.sign("teacher", clock.today())
    newer = today.publish(today.bring(2, clock.today(), policy=today.form.policy), clock.today())
    page = text_of(signed_in("teacher").get(reverse("agreements:read", args=[newer.id])))
    assert page.index("What changed since you signed") < page.index("Read the whole text") < page.index("Two authorised people")
    assert "<del>1.</del>" in page
    assert "<ins>2.</ins>" in page


def test_refusing_and_the_heads_answer(today, signed_in):
    client = signed_in("teacher")
    url = reverse("agreements:refuse", args=[today.form.id])
    assert "Enter" in text_of(client.post(url, {"reason": ""})) or Refusal.objects.count() == 0
    assert client.post(url, {"reason": "I have no time for it."}).status_code == 302
    refusal = Refusal.objects.get()
    answer_url = reverse("agreements:refusal", args=[refusal.id])
    assert signed_in("clerk").get(answer_url).status_code == 403
    assert client.get(answer_url).status_code == 404
    head = signed_in("head")
    assert "I have no time for it." in text_of(head.get(answer_url))
    assert head.post(answer_url, {"decision": "Come and see me."}).status_code == 302
    assert "Come and see me." in text_of(client.get(reverse("agreements:read", args=[today.form.id])))
    listed = text_of(head.get(reverse("agreements:people", args=[today.form.id])))
    assert "Come and see me." in listed
    assert "I have no time for it." not in listed


def test_the_list_shows_who_has_signed_and_reminds_the_rest(today, signed_in, cast):
    today.sign("teacher", clock.today())
    head, url = signed_in("head"), reverse("agreements:people", args=[today.form.id])
    page = text_of(head.get(url))
    assert "Remind the 7 unsigned" in page
    assert "7 of 8" in page
    answer = head.post(reverse("agreements:remind", args=[today.form.id]), follow=True)
    assert "7 people are reminded." in text_of(answer)
    assert "tomorrow" in text_of(head.post(reverse("agreements:remind", args=[today.form.id]), follow=True))
    assert Message.objects.filter(template="agreement.reminder", by="screen").count() == 7
    assert signed_in("teacher").get(url).status_code == 404
    assert signed_in("sister_head").get(url).status_code == 404


def test_publishing_by_the_page(world, signed_in, cast):
    version = world.bring(on=clock.today())
    head = signed_in("head")
    url = reverse("agreements:publish", args=[cast.school.id, version.id])
    assert url in text_of(head.get(reverse("agreements:forms")))
    assert "There is a problem" in text_of(head.post(url, {"statements": "a"}))
    assert not Agreement.objects.exists()
    given = {
        "statements": "I have read it.\n\nI will keep it.",
        "categories": ["employee", "governor"],
        "kind": "policy",
        "one_by_one": "on",
    }
    answer = head.post(url, given, follow=True)
    assert "The form is published. 7 people are asked to sign." in text_of(answer)
    assert Agreement.objects.get().statements == ["I have read it.", "I will keep it."]


# ---- links


def made_key(client, form, person) -> str:
    page = text_of(client.post(reverse("agreements:make_link", args=[form.id, person.id])))
    return re.search(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}", page).group(0)


def test_a_link_is_shown_once_and_signs_without_a_sign_in(today, signed_in, cast):
    key = made_key(signed_in("head"), today.form, cast.contractor)
    stranger = Client()
    answer = stranger.post(reverse("agreements:link_typed"), {"key": key.lower().replace("-", " ")})
    assert answer["Location"] == reverse("agreements:link", args=[key])
    response = stranger.get(answer["Location"])
    page = text_of(response)
    assert response["Cache-Control"] == "no-store"
    assert "every child in a picture has consent" in page
    for told in ("Contractor", "Teacher Example", "Head Example"):
        assert told not in page
    data = filled(page, today.form, "Contractor Example")
    first, second = stranger.post(answer["Location"], data), stranger.post(answer["Location"], data)
    assert "Signed:" in text_of(first)
    assert "Signed:" in text_of(second)
    assert Signature.objects.get().means == "link"
    used = stranger.get(answer["Location"])
    assert used.status_code == 410
    assert "This link was used on" in text_of(used)
    assert "ask for a new link" in text_of(used)
    again = stranger.post(answer["Location"], {**data, "token": "another page"})
    assert again.status_code == 410
    assert Signature.objects.count() == 1


def test_a_wrong_name_leaves_the_link_whole(today, signed_in, cast):
    key = made_key(signed_in("head"), today.form, cast.contractor)
    stranger, url = Client(), reverse("agreements:link", args=[key])
    page = text_of(stranger.get(url))
    refused = text_of(stranger.post(url, filled(page, today.form, "Wrong Name")))
    assert "does not match the register" in refused
    assert "Contractor Example" not in refused
    assert SigningLink.objects.get().used_at is None
    assert "Signed:" in text_of(stranger.post(url, filled(page, today.form, "Contractor Example")))


def test_a_link_ends_with_its_days_and_with_its_version(today, signed_in, cast):
    key = made_key(signed_in("head"), today.form, cast.contractor)
    stranger, url = Client(), reverse("agreements:link", args=[key])
    with clock.standing_at(clock.now() + timedelta(days=rules.LINK_DAYS, minutes=1)):
        assert "too old" in text_of(stranger.get(url))
    page = text_of(stranger.get(url))
    today.publish(today.bring(2, clock.today(), policy=today.form.policy), clock.today())
    form = SigningLink.objects.get().agreement
    assert "Nothing was signed" in text_of(stranger.post(url, filled(page, form, "Contractor Example")))
    assert "has changed since" in text_of(stranger.get(url))
    assert SigningLink.objects.get().used_at is None


def test_a_made_up_key_is_not_found(today):
    assert Client().get(reverse("agreements:link", args=["AAAAA-BBBBB-CCCCC-DDDDD"])).status_code == 404
    assert "20 letters" in text_of(Client().post(reverse("agreements:link_typed"), {"key": "short"}))


# ---- reach and to-do


def test_another_schools_things_are_not_found(today, signed_in, cast):
    signature = today.sign("teacher", clock.today())
    outside = people_queries.scope_of_process("test", cast.other_trust)
    stranger = Client()
    user = people.give_sign_in(person=cast.outsider, email="outsider@example.org", by=outside)
    stranger.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for name, client in (("outsider", stranger), ("sister_head", signed_in("sister_head"))):
        for view, key in (("read", today.form.id), ("refuse", today.form.id), ("people", today.form.id), ("receipt", signature.id)):
            assert client.get(reverse(f"agreements:{view}", args=[key])).status_code == 404, (name, view)
    assert signed_in("governor").get(reverse("agreements:receipt", args=[signature.id])).status_code == 404
    assert signed_in("head").get(reverse("agreements:receipt", args=[signature.id])).status_code == 200


def test_the_to_do_page_asks_to_sign_to_answer_and_to_chase(today, cast):
    day = clock.today()
    mine = list(questions()["agreements.sign"](cast.scope("teacher"), day))
    assert [task.due_on for task in mine] == [day + timedelta(days=12)]
    actions.refuse(agreement=today.form, reason="No.", by=cast.scope("teacher"))
    assert len(list(questions()["agreements.refusals"](cast.scope("head"), day))) == 1
    assert list(questions()["agreements.refusals"](cast.scope("clerk"), day)) == []
    (chase,) = questions()["agreements.unsigned"](cast.scope("head"), day)
    assert chase.count == 8
    today.sign("head", day)
    (chase,) = questions()["agreements.unsigned"](cast.scope("head"), day)
    assert chase.count == 7
    assert list(questions()["agreements.unsigned"](cast.scope("teacher"), day)) == []
    assert list(questions()["agreements.sign"](cast.scope("head"), day)) == []
    assert queries.to_sign(cast.office, day) == []
