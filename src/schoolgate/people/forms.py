"""Shape and wording of what is asked about people and their roles."""

from collections.abc import Iterable
from typing import Any

from django import forms

from schoolgate.people import rules
from schoolgate.people.models import Appointment, Category, ClosedDay, GuardianLimit, Person
from schoolgate.people.movements import LONGEST
from schoolgate.people.vacancies import RoleStanding
from schoolgate.ui.forms import DateField, Form

HERE, TRUST, OUT = "here", "trust", "out"


def _one_of(choices: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    return [("", "Choose one"), *choices]


class AddPersonForm(Form):
    """Somebody new, with their place at the school."""

    given = forms.CharField(label="First name", max_length=100)
    family = forms.CharField(label="Family name", max_length=100)
    email = forms.EmailField(label="E-mail address", required=False, help_text="Leave empty if there is none at work.")
    external_id = forms.CharField(
        label="Staff number",
        max_length=100,
        required=False,
        help_text="The number in your staff system, so that an import finds them again.",
    )
    category = forms.ChoiceField(label="Category", choices=_one_of(Category.choices))
    job_title = forms.CharField(label="Job title", max_length=120, required=False)
    employer = forms.CharField(label="Employer", max_length=200, help_text="The school, the trust, an agency or a firm.")
    starts_on = DateField(label="First day", help_text="For example, 1 9 2026.")


class LastDayForm(Form):
    """The last day of a place or a role."""

    ends_on = DateField(label="Last day", help_text="They still count on this day. For example, 31 8 2026.")


class AwayForm(Form):
    """Long leave: who is away is not counted until they return."""

    away_from = DateField(label="First day away")
    away_until = DateField(label="Last day away", help_text="Your best guess: you can change it.")
    reason = forms.CharField(label="Reason", max_length=200, help_text="A word or two, such as maternity leave. No medical detail.")


class MendForm(Form):
    """What a row of the register lacks."""

    employer = forms.CharField(label="Employer", max_length=200)
    starts_on = DateField(label="First day")


class AbsentForm(Form):
    """Days on which somebody cannot be reached."""

    starts_on = DateField(label="First day")
    ends_on = DateField(label="Last day")


class AppointForm(Form):
    """Who takes a role, from when."""

    person = forms.ChoiceField(label="Who?")
    role = forms.ChoiceField(label="Role", choices=_one_of(rules.appointable()))
    deputy = forms.BooleanField(label="They stand in for the holder", required=False)
    starts_on = DateField(label="First day")
    minute = forms.CharField(
        label="Minute", max_length=200, required=False, help_text="For a governor’s role: the meeting and item that made it."
    )

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = _one_of((str(one.id), one.name) for one in people)  # type: ignore[attr-defined]


class MinuteForm(Form):
    """The minute that made an appointment."""

    minute = forms.CharField(label="Minute", max_length=200, help_text="Such as: Governing board, 12 March 2026, item 4.")


class DelegationForm(Form):
    """A power that a board handed down."""

    power = forms.CharField(label="Power handed down", max_length=200)
    delegated_on = DateField(label="Date of the decision")
    minute = forms.CharField(label="Minute", max_length=200)


class DutiesForm(Form):
    """The school's own words for the duties of a role."""

    version = forms.CharField(label="Name of this version", max_length=60, help_text="Such as: September 2026.")
    text = forms.CharField(label="Duties", widget=forms.Textarea(attrs={"rows": 10}), max_length=5000)


class IdentityForm(Form):
    """The school's own sign-in service."""

    service = forms.CharField(label="Service that people sign in with", max_length=120, help_text="It must ask everyone for a second step.")


class SignInForm(Form):
    """The address somebody will sign in with."""

    email = forms.EmailField(label="E-mail address to sign in with")


class ExplainForm(Form):
    """What was found out about a break in the record."""

    text = forms.CharField(label="What happened?", widget=forms.Textarea(attrs={"rows": 6}), max_length=2000)


class RosterForm(Form):
    """A list of adults, or the zip of a roster."""

    file = forms.FileField(label="List of people", help_text="A CSV file in UTF-8 or the zip of a roster, 20 MB at most.")


class LeftOnForm(Form):
    """The last day of a pupil on roll."""

    ends_on = DateField(label="Last day on roll", help_text="They still count on this day. For example, 31 8 2026.")


class TermForm(Form):
    """A term, or the half of one."""

    name = forms.CharField(label="Name", max_length=60, help_text="Such as: Autumn 2026, first half.")
    starts_on = DateField(label="First day pupils are in")
    ends_on = DateField(label="Last day pupils are in")


class ClosedDayForm(Form):
    """A day inside a term on which pupils are not in."""

    day = DateField(label="Day")
    kind = forms.ChoiceField(label="What is it?", choices=_one_of(ClosedDay.Kind.choices))
    reason = forms.CharField(label="Reason", max_length=120, required=False, help_text="Such as: snow, polling station.")


class RequiredRolesForm(Form):
    """How the school carries each role its policies rely on: one choice, and a reason where it is struck out."""

    def __init__(self, *args: Any, roles: Iterable[RoleStanding | str], trust_holders: Iterable[Appointment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [one if isinstance(one, str) else one.role for one in roles]
        across = [
            (str(one.id), f"Held by the trust: {one.person.name}, {rules.title_of(one.role)}") for one in trust_holders if not one.deputy
        ]
        for role in self.keys:
            choices = [(HERE, "Somebody here"), *across, (OUT, "Not needed here")]
            self.fields[role] = forms.ChoiceField(label=rules.title_of(role), choices=choices, help_text=rules.plain_duties(role))
            self.fields[f"{role}__why"] = forms.CharField(
                label=f"{rules.title_of(role)}: why is it not needed?", max_length=300, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for role in self.keys:
            if cleaned.get(role) == OUT and not cleaned.get(f"{role}__why"):
                self.add_error(f"{role}__why", f"Say why {rules.title_of(role)} is not needed here.")
        return cleaned


class GuardianLimitForm(Form):
    """Whether somebody may answer for a child."""

    kind = forms.ChoiceField(label="May this person answer for the child?", choices=GuardianLimit.Kind.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label="Where is that written down?", max_length=200, required=False,
        help_text="Such as: safeguarding file, order of 3 3 2026. Not what it says.",
    )  # fmt: skip


class BetweenForm(Form):
    """The first and the last day of a list."""

    first = DateField(label="First day", help_text="For example, 1 9 2026.")
    last = DateField(label="Last day")

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first, and the list covers two years at most."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day comes before the first. Check both dates.")
        elif first and last and (last - first).days > LONGEST:
            self.add_error("first", "These lists cover two years at most. Choose days nearer to each other.")
        return cleaned
