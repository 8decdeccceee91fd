"""A school is opened on an installation: its head can sign in and set up the rest; what cannot be used leaves nothing behind."""

import pytest
from typer.testing import CliRunner

from schoolgate.audit.models import Entry
from schoolgate.common import clock
from schoolgate.common.errors import BadInput
from schoolgate.people import actions, commands, queries
from schoolgate.people.models import Appointment, Engagement, Person, School, Trust, User
from schoolgate.people.permissions import Permission

pytestmark = pytest.mark.django_db
ALDER = {"ref": "alder-park", "name": "Alder Park Primary", "phase": "primary"}
HEAD = {"given": "Mara", "family": "Example", "email": "head@alder.example"}


def set_up(trust: Trust | None = None, head: dict[str, str] | None = None, **about: str) -> School:
    return actions.set_up_school(
        about=actions.NewSchool(**{**ALDER, **about}), head=actions.Head(**(head or HEAD)), trust=trust, process="test"
    )  # fmt: skip


def nothing_stored() -> bool:
    return not (Trust.objects.exists() or School.objects.exists() or Person.objects.exists() or Entry.objects.exists())


def test_a_school_without_a_trust_stands_alone_with_its_head():
    school = set_up(urn="123456")
    assert (school.trust.ref, school.trust.name, school.urn) == ("alder-park", "Alder Park Primary", "123456")
    head = User.objects.get(email="head@alder.example").person
    assert Engagement.objects.get(person=head).complete
    assert Appointment.objects.get(person=head).role == "headteacher"
    scope = queries.scope_of(head, clock.today())
    assert all(scope.may(one, school.id) for one in (Permission.USER_MANAGE, Permission.POLICY_EDIT, Permission.POLICY_APPROVE))


def test_a_second_school_joins_the_trust_of_the_first():
    first = set_up()
    second = set_up(first.trust, {**HEAD, "email": "head@beech.example"}, ref="beech", name="Beech School")
    assert second.trust_id == first.trust_id
    assert Trust.objects.count() == 1


@pytest.mark.parametrize(
    ("about", "head", "sentence"),
    [
        ({"ref": "Alder Park!"}, {}, "letters, digits and hyphens"),
        ({"phase": "infant"}, {}, "There is no phase infant"),
        ({"nation": "france"}, {}, "There is no nation france"),
        ({"name": " "}, {}, "Give the school's name"),
        ({"urn": "12a456"}, {}, "six digits in England"),
        ({}, {"email": "head"}, "head is not an e-mail address"),
        ({}, {"email": ""}, "Nothing is not an e-mail address"),
        ({}, {"given": "", "family": " "}, "Give the person a name"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_kept(about, head, sentence):
    with pytest.raises(BadInput, match=sentence):
        set_up(head={**HEAD, **head}, **about)
    assert nothing_stored()


def test_an_address_that_signs_in_already_keeps_the_whole_school_out():
    set_up()
    before = Entry.objects.count()
    with pytest.raises(BadInput, match=r"Somebody already signs in with head@alder\.example"):
        set_up(ref="beech", name="Beech School")
    assert (School.objects.count(), Trust.objects.count(), Entry.objects.count()) == (1, 1, before)


def run(*more: str, head: str = "Mara Example", email: str = "head@alder.example"):
    told = ["open", "Alder Park Primary", "--ref", "alder-park", "--phase", "primary", "--head", head, "--email", email]
    return CliRunner().invoke(commands.app, [*told, *more])


def test_the_command_says_how_the_head_signs_in():
    told = run(head="Mara Ann Example", email="Head@Alder.example")
    assert told.exit_code == 0, told.output
    assert "Mara Ann Example signs in at" in told.output
    assert Person.objects.get().given == "Mara Ann"
    assert User.objects.get().email == "head@alder.example"


def test_the_command_names_the_trusts_it_knows():
    assert "None is here yet" in run("--trust", "larch").exception.sentence
    run()
    assert "Known: alder-park" in run("--trust", "larch").exception.sentence
