"""Wording and shape of what people record beside a reading."""

from collections.abc import Iterable
from typing import Any

from django import forms

from schoolgate.people.models import Person
from schoolgate.ui.forms import DateField, Form

REASON = forms.Textarea(attrs={"rows": 3})


class ExceptionForm(Form):
    """A broken control accepted for a time."""

    reason = forms.CharField(label="Why is this accepted for now?", widget=REASON, max_length=2000)
    owner = forms.ChoiceField(label="Who puts it right?", help_text="Someone other than you: they own it until it is mended.")
    ends_on = DateField(label="Until when?", help_text="It stays broken on the page. For example, 31 1 2027.")

    def __init__(self, *args: Any, owners: Iterable[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "Choose a person"), *((str(person.id), person.name) for person in owners)]  # type: ignore[attr-defined]


class NotApplicableForm(ExceptionForm):
    """The question of a control cannot arise here."""

    reason = forms.CharField(label="Why can this not arise here?", widget=REASON, max_length=2000)
    owner = forms.ChoiceField(label="Who watches that this stays true?", help_text="Someone other than you.")
    ends_on = DateField(label="Until when?", help_text="It must be decided again by then. For example, 31 8 2027.")


class NilForm(Form):
    """I looked, there was nothing."""

    covers_from = DateField(label="From which day?", help_text="For example, 1 9 2026.")
    covers_to = DateField(label="To which day?", help_text="Today at the latest.")


class AttestForm(Form):
    """A named person's confirmation."""

    evidence = forms.CharField(
        label="What did you look at?", widget=REASON, max_length=2000, help_text="Name the meeting, list or document."
    )
    stands_until = DateField(label="Until when does this stand?", help_text="12 months at most.")
