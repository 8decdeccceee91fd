"""The shape and wording of what people fill in about agreements."""

import secrets
from typing import Any

from django import forms

from schoolgate.agreements import rules
from schoolgate.agreements.models import Agreement
from schoolgate.people.models import Category
from schoolgate.policies.models import PolicyVersion
from schoolgate.ui.forms import Form

STATEMENT = "statement_"


class SignForm(Form):
    """The statements, each on its own, and the name. Carries what the page showed, so that a changed text is noticed."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, agreement: Agreement, *args: Any, name_hint: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"token": secrets.token_hex(16), "fingerprint": agreement.version.fingerprint})
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        sentence = "To sign, tick “{}”"
        for number, line in enumerate(agreement.statements):
            missing = {"required": sentence.format(line)}
            self.fields[f"{STATEMENT}{number}"] = forms.BooleanField(label=line, error_messages=missing)
        self.fields["name"] = forms.CharField(
            label="Your name", help_text=name_hint, max_length=200, error_messages={"required": "Enter your name"},
            widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        )  # fmt: skip

    @property
    def ticked(self) -> list[str]:
        """The statements that were ticked, in order."""
        return [line for number, line in enumerate(self.agreement.statements) if self.cleaned_data.get(f"{STATEMENT}{number}")]

    def statement_fields(self) -> list[Any]:
        return [self[f"{STATEMENT}{number}"] for number in range(len(self.agreement.statements))]


class RefuseForm(Form):
    """Why somebody does not sign."""

    reason = forms.CharField(
        label="Why do you not sign?",
        help_text="The head and the deputies read this. Nobody else does.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
    )


class AnswerForm(Form):
    """The head's answer to a refusal."""

    decision = forms.CharField(
        label="What have you decided?",
        help_text="The person reads this. It stays beside their name in the list of who has signed.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
    )


class PublishForm(Form):
    """A form to sign: who, what they agree to, and whether earlier signatures still stand."""

    categories = forms.MultipleChoiceField(
        label="Who is asked to sign?", choices=Category.choices, widget=forms.CheckboxSelectMultiple, initial=list(Category.values)
    )
    statements = forms.CharField(
        label="What do they agree to?",
        help_text="One statement on each line. Each gets a box of its own to tick.",
        widget=forms.Textarea(attrs={"rows": 9}),
        initial="\n".join(rules.STATEMENTS),
    )
    minor_change = forms.CharField(
        label="Why do earlier signatures still stand?",
        help_text="Only for a small correction that changes nobody’s duty. Leave it empty and everyone is asked to sign again.",
        required=False,
        max_length=300,
    )

    def __init__(self, version: PolicyVersion, *args: Any, has_earlier: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        if not has_earlier:
            del self.fields["minor_change"]

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["statements"].splitlines() if line.strip()]


class KeyForm(Form):
    """The key of a one-time link, typed from paper."""

    key = forms.CharField(
        label="Your key",
        help_text="20 letters and figures, such as ABCDE-FGHJK-MNPQR-STVWX.",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_key(self) -> str:
        key = "".join(letter for letter in self.cleaned_data["key"].upper() if letter.isascii() and letter.isalnum())
        if len(key) != rules.KEY_LENGTH:
            raise forms.ValidationError(f"A key has {rules.KEY_LENGTH} letters and figures. Check it against the paper.")
        return rules.key_in_groups(key)
