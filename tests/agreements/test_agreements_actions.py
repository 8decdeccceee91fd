"""Publishing, signing, refusing, reminding: what is checked, what is stored, and that nothing is stored otherwise."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from tests.agreements.conftest import DAY, TEXT
from tests.conftest import place

from schoolgate import policytext
from schoolgate.agreements import actions, queries, rules
from schoolgate.agreements.models import Agreement, Opening, Refusal, Signature
from schoolgate.audit import actions as audit
from schoolgate.audit.models import Entry
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound, Replaced
from schoolgate.notify.models import Message
from schoolgate.people.models import Engagement
from schoolgate.policies import actions as policies


def refuse(world, name, on, reason="It asks too much of my own time."):
    with clock.standing_at(clock.at(on, 11)):
        return actions.refuse(agreement=world.form, reason=reason, by=world.scope(name, on))


def remind(world, on, name="head"):
    with clock.standing_at(clock.at(on, 12)):
        return actions.remind(agreement=world.form, by=world.scope(name, on))


# ---- publishing


def test_a_form_closes_the_one_before_and_tells_everybody_once(published, cast, after):
    first = published.form
    assert Message.objects.filter(template="agreement.to_sign", by="screen").count() == 8
    second = published.publish(published.bring(2, after(10), policy=first.policy), after(10))
    first.refresh_from_db()
    assert first.closed_at is not None
    assert second.open
    assert Message.objects.filter(template="agreement.to_sign", by="screen", person_id=cast.teacher.id).count() == 2
    assert Entry.objects.filter(verb="agreement.published").count() == 2


def test_a_small_correction_tells_nobody_who_has_signed(published, cast, after):
    published.sign("teacher", after(1))
    version = published.bring(2, after(2), policy=published.form.policy)
    published.publish(version, after(2), minor_change="A spelling mistake")
    assert not Message.objects.filter(
        template="agreement.to_sign", path=f"/agreements/{published.form.id}/", person_id=cast.teacher.id
    ).exists()


def test_only_a_version_in_force_at_the_school_can_be_signed(world, cast, after):
    first = world.bring()
    second = world.bring(2, after(5), policy=first.policy)
    with pytest.raises(Denied, match="in force"):
        world.publish(first, after(5))
    with pytest.raises(Denied, match="in force"):
        world.publish(second, after(5), name="trust_comms", school=cast.sister)
    assert not Agreement.objects.exists()


def test_a_form_is_published_once_for_a_version(published, after):
    with pytest.raises(Denied, match="already"):
        published.publish(published.form.version, after(1))


def test_a_teacher_cannot_publish_and_another_school_is_not_found(world, cast):
    version = world.bring()
    with pytest.raises(Denied):
        world.publish(version, name="teacher")
    with pytest.raises(NotFound):
        world.publish(version, name="outsider")


def test_the_first_form_cannot_be_a_small_correction(world):
    with pytest.raises(BadInput) as refused:
        world.publish(world.bring(), minor_change="Spelling")
    assert refused.value.field == "minor_change"


# ---- signing


def test_a_signature_keeps_who_what_and_when(published, cast, after):
    signature = published.sign("head", after(1), name=" head  EXAMPLE ")
    assert signature.name_signed == "head EXAMPLE"
    assert signature.role_that_day == "Headteacher"
    assert signature.category == "employee"
    assert signature.opened_at < signature.signed_at
    assert signature.statements == list(rules.STATEMENTS)
    assert signature.fingerprint == published.form.version.fingerprint
    entry = Entry.objects.get(verb="agreement.signed")
    assert entry.actor_id == str(cast.head.id)


def test_the_same_page_sent_twice_makes_one_signature(published, after):
    first = published.sign("teacher", after(1), token="one page")
    assert published.sign("teacher", after(1), token="one page") == first
    assert Signature.objects.count() == 1


def test_signing_a_signed_version_again_is_not_needed(published, after):
    published.sign("teacher", after(1))
    with pytest.raises(Denied, match="already"):
        published.sign("teacher", after(2))


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": "Somebody Else"}, "name"), ({"name": " "}, "name"), ({"statements": list(rules.STATEMENTS)[1:]}, "statements")],
)
def test_a_wrong_name_or_a_statement_not_ticked_stores_nothing(published, after, changes, field):
    with pytest.raises(BadInput) as refused:
        published.sign("teacher", after(1), **changes)
    assert refused.value.field == field
    assert not Signature.objects.exists()


def test_a_text_replaced_while_it_was_read_is_not_signed(published, after):
    old = published.form
    version = published.bring(2, after(3), policy=old.policy)
    with pytest.raises(Replaced, match="changed while you were reading"):
        published.sign("teacher", after(3), form=old)
    published.publish(version, after(3))
    with pytest.raises(Replaced):
        published.sign("teacher", after(3), form=old)
    with pytest.raises(Replaced):
        published.sign("teacher", after(3), fingerprint=old.version.fingerprint)
    assert not Signature.objects.exists()


def test_signing_the_new_version_keeps_the_old_signature(published, after):
    published.sign("teacher", after(1))
    published.publish(published.bring(2, after(10), policy=published.form.policy), after(10))
    published.sign("teacher", after(11))
    assert Signature.objects.count() == 2


def test_nobody_signs_unread(published, cast, after):
    with clock.standing_at(clock.at(after(1))), pytest.raises(Denied, match="Open and read"):
        actions.sign(
            agreement=published.form, name="Teacher Example", statements=published.form.statements, token="t",
            fingerprint=published.form.version.fingerprint, by=cast.scope("teacher", after(1)),
        )  # fmt: skip


def test_only_who_is_asked_can_sign(world, cast, after):
    world.publish(world.bring(), categories=["employee"])
    with pytest.raises(Denied, match="not among"):
        world.sign("governor", after(1))
    Engagement.objects.filter(person=cast.teacher).update(ends_on=after(2))
    with pytest.raises(NotFound):
        world.sign("teacher", after(3))
    with pytest.raises(NotFound):
        world.sign("outsider", after(1))


def test_nothing_is_signed_when_the_audit_entry_fails(published, after, monkeypatch):
    published.sign("head", after(1))
    count = Opening.objects.count()

    def fail(*_given, **_named):
        raise OSError("the disk is full")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(OSError, match="full"):
        published.sign("teacher", after(1))
    assert Signature.objects.count() == 1
    assert Opening.objects.count() == count


@pytest.mark.parametrize("model", [Signature, Opening])
def test_the_database_refuses_to_change_or_remove_a_signature_or_an_opening(published, after, model):
    published.sign("teacher", after(1))
    column = {"name_signed": "Somebody"} if model is Signature else {"at": clock.now()}
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        model.objects.update(**column)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        model.objects.all().delete()
    assert model.objects.count() == 1


def test_the_text_shown_again_at_once_is_one_opening(published, cast, after):
    scope = cast.scope("teacher", after(1))
    for minute in (0, 5, 29, 40):
        with clock.standing_at(clock.at(after(1), 9, minute)):
            actions.open_text(agreement=published.form, person=cast.teacher, by=scope.actor)
    assert Opening.objects.count() == 2


# ---- refusing


def test_a_refusal_reaches_the_head_and_is_answered_once(published, cast, after):
    refusal = refuse(published, "teacher", after(1))
    assert Message.objects.filter(template="agreement.refused", person_id=cast.head.id).exists()
    with pytest.raises(Denied, match="already"):
        refuse(published, "teacher", after(1))
    for name, words in (("clerk", "Only the head"), ("teacher", "your own")):
        with pytest.raises(Denied, match=words):
            actions.answer_refusal(refusal=refusal, decision="Fine.", by=cast.scope(name, after(2)))
    with pytest.raises(NotFound):
        actions.answer_refusal(refusal=refusal, decision="Fine.", by=cast.scope("outsider", after(2)))
    with pytest.raises(BadInput):
        actions.answer_refusal(refusal=refusal, decision=" ", by=cast.scope("head", after(2)))
    actions.answer_refusal(refusal=refusal, decision="Let us talk.", by=cast.scope("head", after(2)))
    with pytest.raises(Denied, match="answered already"):
        actions.answer_refusal(refusal=refusal, decision="Again.", by=cast.scope("head", after(2)))
    assert Refusal.objects.get().decision == "Let us talk."
    assert Message.objects.filter(template="agreement.refusal_answered", person_id=cast.teacher.id).exists()


def test_a_head_does_not_answer_their_own_refusal(published, cast, after):
    refusal = refuse(published, "head", after(1))
    with pytest.raises(Denied, match="your own"):
        actions.answer_refusal(refusal=refusal, decision="Fine.", by=cast.scope("head", after(2)))
    assert queries.refusals_to_answer(cast.scope("head", after(2)), after(2)) == []


def test_a_refusal_needs_a_reason_and_a_form_that_asks(published, after):
    with pytest.raises(BadInput):
        refuse(published, "teacher", after(1), " ")
    with pytest.raises(NotFound):
        refuse(published, "outsider", after(1))
    assert not Refusal.objects.exists()


def test_no_word_of_a_refusal_or_a_name_is_in_the_audit_trail(published, after):
    refuse(published, "teacher", after(1), "Because of my illness")
    published.sign("head", after(1))
    for entry in Entry.objects.all():
        whole = bytes(entry.payload).decode()
        assert "illness" not in whole
        assert "Teacher Example" not in whole
        assert "Head Example" not in whole


# ---- reminding


def test_the_unsigned_are_reminded_once_a_day(published, cast, after):
    published.sign("teacher", after(1))
    assert remind(published, after(2)) == 7
    assert not Message.objects.filter(template="agreement.reminder", person_id=cast.teacher.id).exists()
    with pytest.raises(Denied, match="tomorrow"):
        remind(published, after(2))
    assert remind(published, after(3)) == 7
    with pytest.raises(Denied, match="Only someone"):
        remind(published, after(4), "teacher")


def test_nobody_is_reminded_on_the_day_they_were_first_told(published, after):
    with pytest.raises(Denied, match="tomorrow"):
        remind(published, after(0))


def test_the_daily_job_reminds_after_the_schools_own_number_of_days(published, cast, after):
    def run(days):
        with clock.standing_at(clock.at(after(days), 6)):
            return actions.remind_when_due(agreement=published.form, by=cast.office)

    assert [run(days) for days in (6, 7, 7, 8, 14)] == [0, 8, 0, 0, 8]


def test_people_on_leave_are_not_reminded(published, cast, after):
    Engagement.objects.filter(person=cast.teacher).update(away_from=after(0), away_until=after(9), away_reason="Leave")
    assert remind(published, after(1)) == 7


# ---- links


def make_link(world, name, on):
    with clock.standing_at(clock.at(on)):
        return actions.make_link(agreement=world.form, person=world.cast.people[name], by=world.scope("head", on))


def test_only_the_hash_of_a_key_is_kept(published, after):
    made = make_link(published, "contractor", after(1))
    assert made.key.replace("-", "") not in str(made.link.__dict__)
    assert queries.link(made.key) == made.link
    with pytest.raises(NotFound):
        queries.link("ABCDE-FGHJK-MNPQR-STVWX")


def test_a_link_is_made_by_who_chases_for_who_is_asked(published, cast, after):
    with pytest.raises(Denied):
        actions.make_link(agreement=published.form, person=cast.governor, by=cast.scope("teacher", after(1)))
    with clock.standing_at(clock.at(after(1))), pytest.raises(Denied, match="does not ask"):
        actions.make_link(agreement=published.form, person=cast.sister_head, by=cast.scope("head", after(1)))


def test_what_changed_since_somebody_last_signed_is_found_clause_by_clause(published, cast, after):
    published.sign("teacher", after(1))
    form = published.publish(published.bring(2, after(10), policy=published.form.policy), after(10))
    last, changes = queries.changes_since(cast.scope("teacher", after(10)), form, cast.teacher.id)
    assert last.agreement_id != form.id
    found = {one.ref: one for one in changes}
    assert [words for kind, words in found["1.3"].words if kind == "removed"] == ["1."]
    assert [words for kind, words in found["1.3"].words if kind == "added"] == ["2."]
    assert not {"1.1", "1.2", "2.1"} & set(found)
    assert queries.changes_since(cast.scope("head", after(10)), form, cast.head.id) == (None, [])


def test_two_schools_that_adopt_one_trust_policy_have_forms_of_their_own(world, cast, after):
    trust_version = adopted(cast)
    with clock.standing_at(clock.at(after(0))):
        first = actions.publish(version=trust_version, school=cast.school, categories=["employee"], statements=["a"], by=cast.office)
        with pytest.raises(Denied, match="in force"):
            actions.publish(version=trust_version, school=cast.sister, categories=["employee"], statements=["a"], by=cast.office)
    assert first.school == cast.school


def adopted(cast):
    """A trust policy in force that one school has adopted."""
    with clock.standing_at(clock.at(DAY - timedelta(days=1))):
        document = policytext.read_text(TEXT.format(number=1, extra="x must y."), "trust.txt")
        version = policies.import_version(document=document, title="Trust policy", by=cast.office)
        policies.submit(version=version, by=cast.office)
        cast.people["ceo"] = place(cast.office, cast.school, "ceo", "trust_ceo", "employee", across_trust=True)
        policies.approve(version=version, body="Board", minute="1", met_on=clock.today(), by=cast.scope("ceo"))
        policies.bring_into_force(version=version, from_day=clock.today(), by=cast.office)
        policies.adopt(
            policy=version.policy, school=cast.school, body="Board", minute="1", adopted_on=clock.today(), local_changes="", by=cast.office
        )
    return version
