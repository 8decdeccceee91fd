"""What the pages about the trust's principles ask, and in which words."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from schoolgate.policies.models import MarkKind, Mode, Policy
from schoolgate.policies.rules.principles import Passage
from schoolgate.ui.forms import DateField, Form, RadiosWithHints

HINTS = {
    str(MarkKind.SAME): "Your clause asks for what the trust asks for.",
    str(MarkKind.STRICTER): "Your clause asks for more.",
    str(MarkKind.OTHER_WORDS): "Your policy gets to the same end another way.",
    str(MarkKind.DEPARTS): "Your policy says otherwise on purpose. Give the reason; somebody of the trust must approve it.",
    str(MarkKind.GAP): "Your policy does not say it yet. Give the day by which it will.",
}
MODE_HINTS = {
    str(Mode.WORD_FOR_WORD): "Every clause of the trust's text stands in the school's.",
    str(Mode.PRINCIPLES): "The school's own text meets everything the trust's text asks for.",
    str(Mode.ADVISORY): "Only what the trust's text says must or must not be done binds the school.",
}


class MarkForm(Form):
    """How a policy stands to one principle. The clauses offered are those the comparison found."""

    kind = forms.ChoiceField(label="How does your policy stand to it?", choices=MarkKind.choices, widget=RadiosWithHints(hints=HINTS))
    clauses = forms.MultipleChoiceField(
        label="Which of your clauses answer it?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="As the comparison found them.",
    )
    others = forms.CharField(
        label="Other clauses of yours",
        required=False,
        max_length=200,
        help_text="Their numbers with a space between them, such as 2.1 2.4.",
    )
    reason = forms.CharField(
        label="Reason or note", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed for a departure. Write no names of people.",
    )  # fmt: skip
    gap_on = DateField(label="Day by which the gap will be closed", required=False, help_text="Only for a gap.")

    def __init__(self, *args: Any, offered: Iterable[Passage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.ref, f"{row.ref} {row.text[:200]}") for row in offered]
        if choices:
            self.fields["clauses"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["clauses"]

    @property
    def refs(self) -> list[str]:
        """The clauses ticked and those written, in that order."""
        return [*self.cleaned_data.get("clauses", ()), *self.cleaned_data["others"].replace(",", " ").split()]


class ParentForm(Form):
    """One choice for the whole trust."""

    policy = forms.ChoiceField(label="Which text are your schools' policies held against?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, policies: Sequence[Policy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row.id), row.title) for row in policies]
        self.fields["policy"].choices = [*choices, ("none", "None")]  # type: ignore[attr-defined]


class TakeForm(Form):
    """How one school takes the trust's text."""

    mode = forms.ChoiceField(
        label="How does the school take the trust's text?", choices=Mode.choices, widget=RadiosWithHints(hints=MODE_HINTS)
    )
    policy = forms.ChoiceField(label="Which policy of the school answers it?", required=False, widget=forms.RadioSelect)
    reason = forms.CharField(label="Why, or who decided it", max_length=300)

    def __init__(self, *args: Any, policies: Sequence[Policy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "The trust's own text, or the only policy the school has"), *((str(row.id), row.title) for row in policies)]
        self.fields["policy"].choices = choices  # type: ignore[attr-defined]


class DepartureForm(Form):
    answer = forms.ChoiceField(
        label="Does the trust approve this departure?", choices=[("yes", "Yes, approve it"), ("no", "No, refuse it")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    why = forms.CharField(label="Why?", max_length=300)


class AskForm(Form):
    words = forms.CharField(
        label="What do you ask?", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="Write no names of people."
    )
