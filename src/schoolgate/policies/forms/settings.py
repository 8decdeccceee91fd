"""The form of one setting, made from its row: one field for the answer, then the reason and who approved it."""

from collections.abc import Mapping
from typing import Any

from django import forms

from schoolgate.people.rules import known_roles, title_of
from schoolgate.policies.rules import choices, settling
from schoolgate.ui.forms import Form

LEFT_TO_THE_TRUST = (
    "Where your school differs from the trust: who approved it, such as full governing body, 12 March, item 7. "
    "Leave it empty to ask the trust."
)
YES_NO = [("yes", "Yes"), ("no", "No")]


class SettingForm(Form):
    """Asks for a value of the setting's own type. Options stand strictest first, as the file has them."""

    reason = forms.CharField(
        label="Why?",
        required=False,
        max_length=300,
        help_text="Needed where your school differs from the trust.",
    )
    approver = forms.CharField(
        label="Who approved it?",
        required=False,
        max_length=200,
        help_text="Needed where your school differs from the trust. For example: full governing body, 12 March, item 7.",
    )

    def __init__(self, *args: Any, told: Mapping[str, Any], value: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told = told
        if choices.trust_may_approve(told):
            self.fields["approver"].help_text = LEFT_TO_THE_TRUST
        fields = _FIELDS.get(told["type"], _options)(told, value)
        self.fields = {**fields, **self.fields}

    @property
    def value(self) -> Any:
        """What was answered, as it is stored."""
        return _value(self.told, self.cleaned_data)


def _pairs(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    if told["type"] in ("role", "roles"):
        return sorted(((role, title_of(role)) for role in known_roles()), key=lambda pair: pair[1])
    return [(str(row["value"]), str(row["label"])) for row in told.get("options", ())]


def _options(told: Mapping[str, Any], value: Any) -> dict[str, forms.Field]:
    widget = forms.Select if told["type"] == "role" else forms.RadioSelect
    return {"value": forms.ChoiceField(label="Your answer", choices=_pairs(told), initial=value, widget=widget)}


def _several(told: Mapping[str, Any], value: Any) -> dict[str, forms.Field]:
    boxes = forms.CheckboxSelectMultiple
    return {"value": forms.MultipleChoiceField(label="Your answer", choices=_pairs(told), initial=value, widget=boxes)}


def _bool(_told: Mapping[str, Any], value: Any) -> dict[str, forms.Field]:
    initial = "yes" if value else "no"
    return {"value": forms.ChoiceField(label="Your answer", choices=YES_NO, initial=initial, widget=forms.RadioSelect)}


def _number(told: Mapping[str, Any], value: Any) -> dict[str, forms.Field]:
    unit = settling.unit(told)
    box = forms.NumberInput(attrs={"class": "govuk-input--width-5"})
    return {"value": forms.FloatField(label=f"Number of {unit}" if unit else "Number", initial=value, min_value=0, widget=box)}


def _text(_told: Mapping[str, Any], value: Any) -> dict[str, forms.Field]:
    box = forms.Textarea(attrs={"rows": 4})
    return {"value": forms.CharField(label="Your answer", initial=value, max_length=2000, widget=box)}


def _clock(label: str, value: Any) -> forms.Field:
    return forms.CharField(
        label=label, initial=value, max_length=5, widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
        help_text="For example, 08:30.",
    )  # fmt: skip


def _time(_told: Mapping[str, Any], value: Any) -> dict[str, forms.Field]:
    return {"value": _clock("Time", value)}


def _range(_told: Mapping[str, Any], value: Any) -> dict[str, forms.Field]:
    return {"value": _clock("From", value["from"]), "until": _clock("To", value["to"])}


def _meaning(told: Mapping[str, Any], value: Any) -> dict[str, forms.Field]:
    boxes = forms.CheckboxSelectMultiple
    groups = forms.MultipleChoiceField(label="Who is meant", choices=_pairs(told), initial=value["groups"], widget=boxes, required=False)
    words = forms.CharField(
        label="In words", initial=value["words"], max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    return {**({"groups": groups} if told["options"] else {}), "value": words}


_FIELDS = {
    "multi": _several, "roles": _several, "bool": _bool, "number": _number, "text": _text, "time": _time, "time_range": _range,
    "meaning": _meaning,
}  # fmt: skip


def _value(told: Mapping[str, Any], cleaned: Mapping[str, Any]) -> Any:
    """The answer in the type of the file: its options may be numbers, and a form only knows words."""
    kind, given = told["type"], cleaned["value"]
    options = {str(row["value"]): row["value"] for row in told.get("options", ())}
    if kind == "bool":
        return given == "yes"
    if kind == "number":
        return int(given) if float(given).is_integer() else given
    if kind == "time_range":
        return {"from": given.strip(), "to": cleaned["until"].strip()}
    if kind == "meaning":
        return {"groups": list(cleaned.get("groups", [])), "words": given.strip()}
    if isinstance(given, list):
        return [options.get(one, one) for one in given]
    return options.get(given, given.strip())
