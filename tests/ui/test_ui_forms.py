"""Fields as they are drawn: every one has its name, its hint and its error tied to it, and says what is wrong in plain words."""

from datetime import date

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines
from django.utils.datastructures import MultiValueDict
from tests.ui.page_checks import faults, read

from schoolgate.ui.forms import DateField, Form, SchoolgateRenderer
from schoolgate.ui.samples import EveryField

TEXTUAL = ["name", "email", "followers", "password", "purpose", "platform", "evidence", "agreed"]
GROUPED = ["reach", "audience", "opened_on"]
GOOD = {
    "name": "Photos",
    "followers": "12",
    "password": "a long enough one",
    "purpose": "Sports day",
    "platform": "photo",
    "reach": "public",
    "audience": ["staff", "parents"],
    "opened_on_day": "6",
    "opened_on_month": "3",
    "opened_on_year": "2026",
    "agreed": "on",
}


def template(text: str):
    return engines["django"].from_string("{% load ui %}" + text)


def drawn(form: forms.BaseForm):
    return read(template("<body>{{ form }}</body>").render({"form": form}))


def test_a_form_without_errors_is_drawn_without_a_fault():
    page = template("<body>{{ form }}</body>").render({"form": EveryField()})
    assert faults(page, whole_page=False) == []
    assert "error" not in page


def test_a_form_with_every_error_is_drawn_without_a_fault():
    form = EveryField({})
    page = template("<body>{% error_summary form %}{{ form }}</body>").render({"form": form})
    assert faults(page, whole_page=False) == []


@pytest.mark.parametrize("name", TEXTUAL)
def test_a_field_in_error_is_marked_and_tied_to_its_hint_and_error(name):
    form = EveryField({})
    form.add_error(name, "This is the sentence") if name in {"email", "evidence"} else None
    tree = drawn(form)
    field = tree.get_element_by_id(f"id_{name}")
    described = field.get("aria-describedby").split()
    assert field.get("aria-invalid") == "true"
    assert described[-1] == f"id_{name}_error"
    assert (f"id_{name}_helptext" in described) == bool(form.fields[name].help_text)
    assert tree.get_element_by_id(f"id_{name}_error").text_content().startswith("Error: ")


@pytest.mark.parametrize("name", TEXTUAL)
def test_a_field_has_one_label_with_its_words(name):
    form = EveryField()
    labels = drawn(form).xpath(f"//label[@for='id_{name}']")
    assert len(labels) == 1
    assert labels[0].text_content().removesuffix(" (optional)") == form.fields[name].label


@pytest.mark.parametrize("name", GROUPED)
def test_a_group_has_its_question_as_legend_and_is_tied_to_its_error(name):
    form = EveryField({})
    tree = drawn(form)
    group = tree.get_element_by_id(f"id_{name}").getparent()
    assert group.tag == "fieldset"
    assert group.find("legend").text_content() == form.fields[name].label
    assert group.get("aria-describedby").split()[-1] == f"id_{name}_error"


@pytest.mark.parametrize("name", [*TEXTUAL, *GROUPED])
def test_each_error_links_to_an_input_that_takes_focus(name):
    form = EveryField({})
    if name in {"email", "evidence"}:
        form.add_error(name, "This is the sentence")
    tree = read(template("<body>{% error_summary form %}{{ form }}</body>").render({"form": form}))
    target = form[name].error_target
    assert tree.xpath(f"//a[@href='#{target}']")
    assert tree.get_element_by_id(target).tag in {"input", "select", "textarea"}
    assert tree.get_element_by_id(target).get("name").startswith(name)


def test_what_belongs_to_no_field_heads_the_summary_and_the_form():
    form = EveryField(GOOD)
    form.add_error(None, "The account is closed already")
    tree = read(template("<body>{% error_summary form %}{{ form }}</body>").render({"form": form}))
    assert [item.text_content().strip() for item in tree.xpath("//ul[contains(@class,'error-summary')]/li")] == [
        "The account is closed already"
    ]
    assert "The account is closed already" in tree.xpath("//div[@class='sg-form-errors']")[0].text_content()


def test_a_form_without_errors_has_no_summary():
    assert template("{% error_summary form %}").render({"form": EveryField(GOOD)}).strip() == ""
    assert template("{% error_summary form %}").render({"form": EveryField()}).strip() == ""


def test_good_answers_come_back_clean():
    form = EveryField(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["opened_on"] == date(2026, 3, 6)
    assert form.cleaned_data["audience"] == ["staff", "parents"]
    assert form.cleaned_data["evidence"] == []


def test_what_was_typed_is_shown_again_except_the_password():
    tree = drawn(EveryField(GOOD | {"followers": "-1"}))
    assert tree.get_element_by_id("id_name").get("value") == "Photos"
    assert tree.get_element_by_id("id_opened_on_year").get("value") == "2026"
    assert tree.get_element_by_id("id_reach_0").get("checked") is not None
    assert [box.get("value") for box in tree.xpath("//input[@name='audience'][@checked]")] == ["staff", "parents"]
    assert tree.xpath("//select[@name='platform']/option[@selected]/@value") == ["photo"]
    assert tree.get_element_by_id("id_purpose").text.strip() == "Sports day"
    assert tree.get_element_by_id("id_password").get("value") is None


def test_markup_in_an_answer_is_shown_as_text():
    page = template("{{ form }}").render({"form": EveryField(GOOD | {"name": '"><script>x</script>', "purpose": "</textarea><b>"})})
    assert "<script>x" not in page
    assert "</textarea><b>" not in page


def test_several_files_are_taken_and_none_is_lost():
    files = MultiValueDict({"evidence": [SimpleUploadedFile("a.png", b"a"), SimpleUploadedFile("b.png", b"b")]})
    form = EveryField(GOOD, files)
    assert form.is_valid(), form.errors
    assert [file.name for file in form.cleaned_data["evidence"]] == ["a.png", "b.png"]


def test_an_empty_file_among_several_is_refused():
    form = EveryField(GOOD, MultiValueDict({"evidence": [SimpleUploadedFile("a.png", b"a"), SimpleUploadedFile("b.png", b"")]}))
    assert list(form.errors) == ["evidence"]


def test_an_empty_field_is_asked_for_by_name():
    said = {name: errors[0] for name, errors in EveryField({}).errors.items()}
    assert said == {
        "name": "Enter the name of the account",
        "followers": "Answer the question “How many followers?”",
        "password": "Enter the password",
        "purpose": "Answer the question “What is it for?”",
        "platform": "Choose the platform",
        "reach": "Answer the question “Who can see it?”",
        "audience": "Answer the question “Who is it meant for?”",
        "opened_on": "Enter the date it was opened",
        "agreed": "Tick the box “I have read the social media policy” to go on",
    }


def test_a_sentence_of_the_forms_own_is_kept():
    class Own(Form):
        why = forms.CharField(error_messages={"required": "Say why, so that the head can decide"})

    assert Own({}).errors["why"] == ["Say why, so that the head can decide"]


class Opening(Form):
    opened_on = DateField(label="Opening date", earliest=date(2020, 1, 1), latest=date(2026, 3, 6))


def opening(day: str = "", month: str = "", year: str = "") -> Opening:
    return Opening({"opened_on_day": day, "opened_on_month": month, "opened_on_year": year})


@pytest.mark.parametrize("month", ["3", "03", "Mar", "march", "MARCH"])
def test_a_month_may_be_a_number_or_a_name(month):
    assert opening("6", month, "2025").is_valid()


@pytest.mark.parametrize(
    ("parts", "sentence", "wrong"),
    [
        (("", "", ""), "Enter the opening date", ["day", "month", "year"]),
        (("6", "", "2025"), "The opening date must include a month", ["month"]),
        (("", "", "2025"), "The opening date must include a day and a month", ["day", "month"]),
        (("6", "3", "25"), "The opening date must have a year of 4 numbers, such as 2026", ["year"]),
        (("31", "2", "2025"), "The opening date must be a real date, such as 6 3 2026", ["day", "month", "year"]),
        (("x", "3", "2025"), "The opening date must be a real date, such as 6 3 2026", ["day", "month", "year"]),
        (("6", "moon", "2025"), "The opening date must be a real date, such as 6 3 2026", ["day", "month", "year"]),
        (("31", "12", "2019"), "The opening date must be 1 January 2020 or later", ["day", "month", "year"]),
        (("7", "3", "2026"), "The opening date must be 6 March 2026 or earlier", ["day", "month", "year"]),
        (("²", "3", "2025"), "The opening date must be a real date, such as 6 3 2026", ["day", "month", "year"]),
    ],
)
def test_a_wrong_date_says_which_part_is_wrong_and_marks_it(parts, sentence, wrong):
    form = opening(*parts)
    assert form.errors["opened_on"] == [sentence]
    assert drawn(form).xpath("//input[@aria-invalid='true']/@id") == [f"id_opened_on_{part}" for part in wrong]


def test_both_ends_of_the_range_of_dates_are_taken():
    assert opening("1", "1", "2020").is_valid()
    assert opening("6", "3", "2026").is_valid()


def test_the_marks_of_one_form_do_not_show_on_the_next():
    assert not opening("31", "2", "2025").is_valid()
    assert drawn(Opening()).xpath("//input[@aria-invalid]") == []


def test_a_date_known_before_is_shown_in_its_parts():
    tree = drawn(Opening(initial={"opened_on": date(2025, 9, 1)}))
    assert [field.get("value") for field in tree.xpath("//input")] == ["1", "9", "2025"]


def test_a_date_left_as_it_was_has_not_changed():
    known = {"opened_on": date(2025, 9, 1)}
    same = {"opened_on_day": "1", "opened_on_month": "9", "opened_on_year": "2025"}
    assert not Opening(same, initial=known).has_changed()
    assert Opening(same | {"opened_on_day": "2"}, initial=known).has_changed()


def test_a_page_with_one_question_has_the_question_as_its_heading():
    for name in ("name", "reach"):
        tree = read(template("<body>{% question form." + name + " %}</body>").render({"form": EveryField()}))
        assert [heading.text_content() for heading in tree.xpath("//h1")] == [EveryField().fields[name].label]


def test_a_form_of_another_library_is_drawn_like_ours():
    class Foreign(forms.Form):
        code = forms.CharField(widget=forms.TextInput(attrs={"class": "theirs", "autocomplete": "one-time-code"}))
        when = forms.DateField(widget=forms.SelectDateWidget(years=[2026]), required=False)
        back = forms.CharField(widget=forms.HiddenInput, initial="/")

    tree = drawn(Foreign())
    code = tree.get_element_by_id("id_code")
    assert code.get("class") == "govuk-input theirs"
    assert code.get("autocomplete") == "one-time-code"
    assert len(tree.xpath("//select")) == 3
    assert tree.get_element_by_id("id_back").get("type") == "hidden"


def test_grouped_choices_keep_their_groups():
    class Grouped(Form):
        role = forms.ChoiceField(choices=[("Leaders", [("head", "Head"), ("dsl", "DSL")])], widget=forms.RadioSelect)
        year = forms.ChoiceField(choices=[("Juniors", [("3", "Year 3")])])

    tree = drawn(Grouped())
    assert tree.xpath("//p[contains(@class,'sg-option-group')]/text()") == ["Leaders"]
    assert tree.xpath("//optgroup/@label") == ["Juniors"]


def test_the_renderer_of_the_settings_is_ours():
    assert isinstance(EveryField().renderer, SchoolgateRenderer)
