"""How every form is drawn and worded: the renderer, our own fields and widgets, and the wording of what is missing."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.datastructures import MultiValueDict

from schoolgate.ui import dates

DJANGO_WIDGETS = "django/forms/widgets/"
OURS = {
    **dict.fromkeys(
        ("text", "email", "number", "url", "tel", "search", "date", "time", "datetime", "input"), "ui/forms/widgets/input.html"
    ),
    "password": "ui/forms/widgets/password.html",
    "textarea": "ui/forms/widgets/textarea.html",
    "select": "ui/forms/widgets/select.html",
    "radio": "ui/forms/widgets/options.html",
    "checkbox_select": "ui/forms/widgets/options.html",
    "checkbox": "ui/forms/widgets/checkbox.html",
    "file": "ui/forms/widgets/file.html",
    "clearable_file_input": "ui/forms/widgets/file.html",
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DATE_PARTS = ("day", "month", "year")
CHOOSING = (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.Select)
DETERMINERS = ("a", "an", "the", "your", "their", "his", "her", "our", "one", "who", "what", "when", "where", "why", "how")
DJANGO_REQUIRED = forms.Field.default_error_messages["required"]


class Field(BoundField):
    """A field in its form, with what the templates ask beyond Django's own: its kind and where an error link should land."""

    @property
    def is_single_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_password(self) -> bool:
        return isinstance(self.field.widget, forms.PasswordInput)

    @property
    def is_file(self) -> bool:
        return isinstance(self.field.widget, forms.FileInput)

    @property
    def most_characters(self) -> int | None:
        """The limit that the character count under a text area counts towards."""
        return getattr(self.field, "max_length", None) if isinstance(self.field.widget, forms.Textarea) else None

    @property
    def error_target(self) -> str:
        """Id of the input that the error summary links to: the first choice, the first wrong part of a date, or the input."""
        widget = self.field.widget
        base = widget.attrs.get("id") or self.auto_id
        if isinstance(widget, DateInputs):
            wrong = [part for part in DATE_PARTS if part in widget.wrong_parts]
            return f"{base}_{wrong[0] if wrong else 'day'}"
        return f"{base}_0" if self.use_fieldset else base


class SchoolgateRenderer(TemplatesSetting):
    """Draws forms with our templates, wherever the app stands in the list of installed apps."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = Field

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """As Django's, with our widget template where we have one and the class attribute parted from the other attributes."""
        if template_name.startswith(DJANGO_WIDGETS):
            name = template_name.removeprefix(DJANGO_WIDGETS).removesuffix(".html")
            template_name = OURS.get(name, template_name)
        if template_name.startswith("ui/forms/widgets/"):
            context = {**context, "widget": _with_classes(context["widget"])}
        return super().render(template_name, context, request)


def _with_classes(widget: dict[str, Any]) -> dict[str, Any]:
    """The widget's context with `wrong` (it is in error), `css` (classes the form asked for) and `rest` (all other attributes)."""
    rest = {name: value for name, value in widget["attrs"].items() if name != "class"}
    return {
        **widget,
        "rest": rest,
        "css": widget["attrs"].get("class", ""),
        "wrong": rest.get("aria-invalid") == "true",
        "group_kind": "radios" if widget["template_name"].endswith("radio.html") else "checkboxes",
    }


class RadiosWithHints(forms.RadioSelect):
    """Radios where a choice can carry a sentence of its own. `hints` is {value: sentence}."""

    def __init__(self, *args: Any, hints: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = hints

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "hint": self.hints.get(str(value), "")}


class FilesInput(forms.FileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploaded files; the cleaned value is a list, empty where the field may be left empty."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        cleaned = [super(FilesField, self).clean(item, initial) for item in given or [None]]
        return [item for item in cleaned if item]


class DateInputs(forms.Widget):
    """Day, month and year as three text inputs named `x_day`, `x_month` and `x_year`."""

    template_name = "ui/forms/widgets/date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.wrong_parts: frozenset[str] = frozenset()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["parts"] = [
            {
                "label": part.capitalize(),
                "name": f"{name}_{part}",
                "id": f"{context['widget']['attrs'].get('id', f'id_{name}')}_{part}",
                "value": text,
                "width": 4 if part == "year" else 2,
                "wrong": part in self.wrong_parts,
            }
            for part, text in zip(DATE_PARTS, _parts(value), strict=True)
        ]
        return context

    def format_value(self, value: Any) -> None:
        """The three parts are formatted one by one in `get_context`."""
        return

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict, name: str) -> tuple[str, str, str]:
        day, month, year = (str(data.get(f"{name}_{part}") or "").strip() for part in DATE_PARTS)
        return day, month, year

    def value_omitted_from_data(self, data: Mapping[str, Any], files: MultiValueDict, name: str) -> bool:
        return all(f"{name}_{part}" not in data for part in DATE_PARTS)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else ""


def _parts(value: Any) -> tuple[str, str, str]:
    """What the three inputs show for a date, for text parts as typed, or for nothing."""
    if isinstance(value, date):
        return str(value.day), str(value.month), str(value.year)
    return value if isinstance(value, tuple) else ("", "", "")


class DateField(forms.Field):
    """A date typed in three parts. Months may be numbers or names. Each error says which part is wrong and marks it."""

    widget = DateInputs

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date) or value is None:
            return value
        if not any(value):
            return None
        missing = [part for part, text in zip(DATE_PARTS, value, strict=True) if not text]
        if missing:
            self._refuse(missing, f"{self._name()} must include a {' and a '.join(missing)}")
        day, month, year = value
        if not (year.isdecimal() and len(year) == 4):
            self._refuse(["year"], f"{self._name()} must have a year of 4 numbers, such as 2026")
        try:
            return date(int(year), _month_number(month), int(day))
        except ValueError:
            self._refuse(DATE_PARTS, f"{self._name()} must be a real date, such as 6 3 2026")

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            self.widget.wrong_parts = frozenset(DATE_PARTS)
        super().validate(value)
        if value and self.earliest and value < self.earliest:
            self._refuse(DATE_PARTS, f"{self._name()} must be {dates.day(self.earliest)} or later")
        if value and self.latest and value > self.latest:
            self._refuse(DATE_PARTS, f"{self._name()} must be {dates.day(self.latest)} or earlier")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _parts(initial) != _parts(data)

    def _name(self) -> str:
        """The label as the subject of a sentence; a question has none."""
        label = str(self.label or "Date?")
        words = "the date" if label.endswith("?") else _in_a_sentence(label)
        return words[:1].upper() + words[1:]

    def _refuse(self, parts: Iterable[str], sentence: str) -> NoReturn:
        self.widget.wrong_parts = frozenset(parts)
        raise ValidationError(sentence, code="invalid")


def _month_number(text: str) -> int:
    """1 to 12 from `3`, `03`, `Mar` or `March`; ValueError for anything else."""
    return int(text) if text.isdecimal() else MONTHS.index(text.lower()[:3]) + 1


def _in_a_sentence(label: str) -> str:
    """`the date it was opened` from `Date it was opened`; `your name` stays, and so do capitals such as `DSL`."""
    words = label if label[:2].isupper() else label[:1].lower() + label[1:]
    return words if words.partition(" ")[0] in DETERMINERS else f"the {words}"


class Form(forms.Form):
    """A form whose empty fields are asked for by name ("Enter your name"), checked by us and not by the browser."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages.get("required") == DJANGO_REQUIRED:
                field.error_messages["required"] = missing_sentence(name, field)


def missing_sentence(name: str, field: forms.Field) -> str:
    """What to say when a field that must be filled was left empty."""
    label = str(field.label or name.replace("_", " ")).strip()
    if label.endswith("?"):
        return f"Answer the question “{label}”"
    words = _in_a_sentence(label)
    if isinstance(field.widget, forms.CheckboxInput):
        return f"Tick the box “{label}” to go on"
    if isinstance(field.widget, forms.FileInput):
        return f"Choose a file for {words}"
    return f"Choose {words}" if isinstance(field.widget, CHOOSING) else f"Enter {words}"
