"""What the pages about readers, files and bundles ask, and in which words."""

from typing import Any

from django import forms

from schoolgate.policies.models import ReaderBody, ReceiptMeans
from schoolgate.ui.forms import DateField, Form, RadiosWithHints

OURS, OWN, NOWHERE = "ours", "own", "nowhere"
PLACES = ((OURS, "On our public page"), (OWN, "On the school’s own website too"), (NOWHERE, "It is not public"))
HINTS = {
    OURS: "Anybody may read and download the version in force. Nothing else is needed.",
    OWN: "Give the address of the file. It is fetched and compared every few days.",
    NOWHERE: "Say why. It is then left off our public page.",
}


class PlaceForm(Form):
    """Where the public finds a policy."""

    place = forms.ChoiceField(label="Where does the public find it?", choices=PLACES, widget=RadiosWithHints(hints=HINTS))
    address = forms.CharField(
        label="Address of the file on the school’s website", required=False, max_length=500,
        help_text="For example, https://www.school.example/policies/social-media.pdf. Only for a copy on the school’s own website.",
    )  # fmt: skip
    reason = forms.CharField(label="Why it is not public", required=False, max_length=300, help_text="Only where it is not public.")

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("place") == OWN and not told.get("address"):
            self.add_error("address", "Enter the address of the file on the school’s website.")
        return told


class ReadersForm(Form):
    bodies = forms.MultipleChoiceField(
        label="Which bodies is it addressed to?", choices=ReaderBody.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text="Each of them must receive every new version.",
    )  # fmt: skip


class ReceiptForm(Form):
    """Which body received the version in force, and how that is known."""

    body = forms.ChoiceField(label="Who received it?", widget=forms.RadioSelect)
    means = forms.ChoiceField(label="How?", choices=ReceiptMeans.choices, widget=forms.RadioSelect)
    received_on = DateField(label="Date of the meeting, or the day it was sent", help_text="For example, 12 3 2026.")
    minute = forms.CharField(label="Minute", required=False, max_length=200, help_text="For a meeting. For example: item 7.2.")
    address = forms.CharField(
        label="Address it was sent to", required=False, max_length=300,
        help_text="Where it was sent. An office rather than a person, such as governance@council.example.",
    )  # fmt: skip

    def __init__(self, *args: Any, bodies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = bodies  # type: ignore[attr-defined]


class UndoForm(Form):
    reason = forms.CharField(label="Why was it wrong?", max_length=300)


class BundleForm(Form):
    """A policy another school handed on."""

    place = forms.ChoiceField(label="What is it to become?")
    title = forms.CharField(
        label="Title", required=False, max_length=300, help_text="Only for a new policy. Leave it empty to use the title in the bundle."
    )
    file = forms.FileField(
        label="Bundle", help_text="The zip file that the other school or trust exported.", widget=forms.FileInput(attrs={"accept": ".zip"}),
        allow_empty_file=True,  # the reader says so itself, and names the file
    )  # fmt: skip

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]
