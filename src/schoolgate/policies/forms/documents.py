"""What the pages of this package ask, and in which words."""

from typing import Any

from django import forms

from schoolgate.people.models import Category
from schoolgate.people.rules import known_roles, title_of
from schoolgate.policies.models import ClauseKind, ClauseUse, EarlyAnswer, EarlyKind, FindingDecision, ReviewOutcome
from schoolgate.policies.rules.corrections import ASIDES, FORCES, LONGEST
from schoolgate.ui.forms import DateField, Form, RadiosWithHints

FORMATS = ".docx,.doc,.odt,.pdf,.rtf,.html,.htm,.md,.rst,.txt"
KINDS = (
    (ClauseKind.CONTROL, "Controls carry it"),
    (ClauseKind.ATTESTED, "A named person confirms it"),
    (ClauseKind.INFORMATIONAL, "It is information only"),
    (ClauseKind.UNJOINED, "Nothing yet"),
)
HINTS = {
    str(ClauseKind.CONTROL): "The records show whether it is kept. Tick the controls below.",
    str(ClauseKind.ATTESTED): "No record can show it. Say who confirms it and how often.",
    str(ClauseKind.INFORMATIONAL): "It asks nothing of anybody. Say why.",
    str(ClauseKind.UNJOINED): "It is counted as not put into practice until you decide.",
}


class ImportForm(Form):
    """One question for where the text belongs, so that a next version cannot end up at the wrong school."""

    place = forms.ChoiceField(label="What is it?")
    title = forms.CharField(
        label="Title", required=False, max_length=300, help_text="Only for a new policy. Leave it empty to use the title in the document."
    )
    file = forms.FileField(
        label="Policy document",
        help_text="Word, PDF, OpenDocument, RTF, web page or plain text. A scan without text cannot be read.",
        widget=forms.FileInput(attrs={"accept": FORMATS}),
        allow_empty_file=True,  # the reader says so itself, and names the file
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Never guessed where there are several: a text in the wrong place is a policy lost.
        self.fields["place"].choices = places if len(places) == 1 else [("", "Choose what it is"), *places]  # type: ignore[attr-defined]


class JoinForm(Form):
    """How one clause is carried. The controls themselves are ticked beside it, since each comes with its promise."""

    kind = forms.ChoiceField(label="How is this clause put into practice?", choices=KINDS, widget=RadiosWithHints(hints=HINTS))
    reason = forms.CharField(
        label="Who confirms it and how often, or why it is information only",
        required=False,
        max_length=300,
        help_text="Not needed for controls.",
    )


class ChangesForm(Form):
    wanted = forms.CharField(label="What should change?", widget=forms.Textarea(attrs={"rows": 6}), max_length=4000)


class ApproveForm(Form):
    body = forms.CharField(label="Who approved it?", max_length=200, help_text="For example: the full governing body.")
    minute = forms.CharField(
        label="Minute", required=False, max_length=200, help_text="For example: 12 March, item 7.2. It can be added later."
    )
    met_on = DateField(label="Date of the meeting", help_text="For example, 12 3 2026.")


class ForceForm(Form):
    from_day = DateField(label="In force from", help_text="Today or earlier, and not before the day it was approved.")
    review_on = DateField(label="Next review date", help_text="At most two years away is usual.")
    change_summary = forms.CharField(
        label="What changed since the version before", required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=4000,
        help_text="In words that staff will read. Not needed for a first version.",
    )  # fmt: skip


class DetailsForm(Form):
    owner_role = forms.ChoiceField(label="Role that owns this policy", required=False)
    authors = forms.CharField(
        label="Authors", required=False, max_length=300, help_text="Roles rather than names, such as: deputy headteacher and clerk."
    )
    audience = forms.MultipleChoiceField(
        label="Who must follow it", choices=Category.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    minute = forms.CharField(label="Minute of approval", required=False, max_length=200)
    review_on = DateField(label="Next review date", required=False)
    change_summary = forms.CharField(
        label="What changed since the version before", required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = sorted(((role, title_of(role)) for role in known_roles()), key=lambda pair: pair[1])
        self.fields["owner_role"].choices = [("", "Choose a role"), *roles]  # type: ignore[attr-defined]


class AdoptForm(Form):
    """The school's own decision about a text of the trust."""

    place = forms.ChoiceField(label="School")
    body = forms.CharField(label="Who adopted it?", max_length=200, help_text="For example: the local governing body.")
    minute = forms.CharField(label="Minute", required=False, max_length=200)
    adopted_on = DateField(label="Date of adoption")
    local_changes = forms.CharField(
        label="What is different at this school",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        help_text="Write “Nothing” if nothing is.",
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]


class FindingForm(Form):
    """One of these stands under each finding, so its fields carry the finding's id in front."""

    decision = forms.ChoiceField(
        label="What will you do?", choices=[choice for choice in FindingDecision.choices if choice[0]], widget=forms.RadioSelect
    )
    reason = forms.CharField(label="Why, or where it is dealt with", max_length=300)


# ------------------------------------------------------------------ putting right what was read


class FactsForm(Form):
    """What the document says of itself. An empty field says that it does not say."""

    title = forms.CharField(label="Title", required=False, max_length=300)
    organisation = forms.CharField(label="School or trust", required=False, max_length=300)
    version = forms.CharField(
        label="Version", required=False, max_length=60, widget=forms.TextInput(attrs={"class": "govuk-input--width-10"})
    )
    owner = forms.CharField(label="Owner", required=False, max_length=300)
    approved_on = DateField(label="Approved on", required=False)
    approved_by = forms.CharField(label="Approved by", required=False, max_length=300)
    review_on = DateField(label="Next review", required=False)


class WordsForm(Form):
    text = forms.CharField(
        label="The words as they stand on paper", widget=forms.Textarea(attrs={"rows": 6}), max_length=LONGEST, strip=True
    )


class NumberForm(Form):
    ref = forms.CharField(
        label="The number as it stands on paper", max_length=60, widget=forms.TextInput(attrs={"class": "govuk-input--width-10"})
    )


class BindingForm(Form):
    modality = forms.ChoiceField(label="What it asks", choices=list(FORCES.items()), widget=forms.RadioSelect)


class AsideForm(Form):
    aside = forms.ChoiceField(label="It is no clause but", choices=list(ASIDES.items()), widget=forms.RadioSelect)


class SplitForm(Form):
    """The places are shown by the page itself, those after a full stop first."""

    place = forms.IntegerField(label="Where the second clause begins", min_value=1)


class RepeatedFindingsForm(FindingForm):
    """The same decision for everything one rule found."""

    rule = forms.CharField(widget=forms.HiddenInput, max_length=20)


class UseForm(Form):
    """Which clauses is ticked beside it."""

    use = forms.ChoiceField(label="The ticked clauses are about", choices=ClauseUse.choices, widget=forms.RadioSelect)


# ------------------------------------------------------------------ reviews


class ReviewForm(Form):
    held_on = DateField(label="Date of the review")
    outcome = forms.ChoiceField(label="What was found?", choices=ReviewOutcome.choices, widget=forms.RadioSelect)
    minute = forms.CharField(label="Minute", max_length=200, help_text="For example: full governing body, 12 March, item 7.")
    note = forms.CharField(label="What was said", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class EarlyForm(Form):
    kind = forms.ChoiceField(label="What kind of reason is it?", choices=EarlyKind.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label="What happened?", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text="Write no names of people."
    )


class EarlyDecisionForm(Form):
    answer = forms.ChoiceField(label="What will you do?", choices=EarlyAnswer.choices, widget=forms.RadioSelect)
    why = forms.CharField(label="Why?", max_length=300)

    def __init__(self, *args: Any, others: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others:
            where = "the other school" if others == 1 else f"the {others} other schools"
            self.fields["everywhere"] = forms.BooleanField(label=f"Decide the same for {where} it is known at", required=False)


class AnswerForm(Form):
    """What the trust answers to a school that asks to depart from it."""

    AGREE = "agree"
    agreed = forms.ChoiceField(
        label="Does the trust agree?",
        choices=[(AGREE, "Yes, it counts from now on"), ("refuse", "No, what counted before stays")],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label="Why?", max_length=300, help_text="The school reads this.")


class CompanionForm(Form):
    title = forms.CharField(label="Title of the document", max_length=200)
    outside = forms.BooleanField(label="It is not our own document", required=False)


class EditionForm(Form):
    where = forms.CharField(label="Where is it?", max_length=500, help_text="An address, or the place where it is kept.")
    owner_role = forms.ChoiceField(label="Role that owns it", required=False)
    dated = DateField(label="Date of the document")
    review_on = DateField(label="Next review", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = sorted(((role, title_of(role)) for role in known_roles()), key=lambda pair: pair[1])
        self.fields["owner_role"].choices = [("", "Choose a role"), *roles]  # type: ignore[attr-defined]
