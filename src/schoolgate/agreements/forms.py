"""The shape and wording of what people fill in about agreements."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from schoolgate.agreements import rules
from schoolgate.agreements.models import Agreement, Answer, Code, Kind
from schoolgate.agreements.rules import families as family_rules
from schoolgate.people.models import Category
from schoolgate.people.rules import appointable, catalogue_number
from schoolgate.policies.models import PolicyVersion
from schoolgate.ui.forms import DateField, Form

STATEMENT, QUESTION, ALL, CHILD = "statement_", "question_", "all_statements", "child_"


class SignForm(Form):
    """The statements, the short check of understanding and the name. Carries what the page showed, so that a changed text is noticed."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, agreement: Agreement, *args: Any, name_hint: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"token": secrets.token_hex(16), "fingerprint": agreement.fingerprint})
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        for number, one in enumerate(agreement.questions):
            options = [(str(place), option) for place, option in enumerate(one["options"])]
            missing = {"required": f"Answer question {number + 1} of the check"}
            label = f"Question {number + 1}: {one['ask']}"
            field = forms.ChoiceField(label=label, choices=options, widget=forms.RadioSelect, error_messages=missing)
            self.fields[f"{QUESTION}{number}"] = field
        sentence = "To sign, tick “{}”"
        for number, line in enumerate(agreement.statements if agreement.one_by_one else []):
            missing = {"required": sentence.format(line)}
            self.fields[f"{STATEMENT}{number}"] = forms.BooleanField(label=f"{number + 1}. {line}", error_messages=missing)
        if not agreement.one_by_one:
            self.fields[ALL] = forms.BooleanField(label="I agree to all of them", error_messages={"required": "Tick the box to sign"})
        self.fields["name"] = forms.CharField(
            label="Your name", help_text=name_hint, max_length=200, error_messages={"required": "Enter your name"},
            widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        )  # fmt: skip

    @property
    def ticked(self) -> list[str]:
        """The statements that were ticked, in order."""
        if not self.agreement.one_by_one:
            return list(self.agreement.statements) if self.cleaned_data.get(ALL) else []
        return [line for number, line in enumerate(self.agreement.statements) if self.cleaned_data.get(f"{STATEMENT}{number}")]

    @property
    def answers(self) -> list[int | None]:
        """The place of the answer chosen to each question of the check."""
        chosen = [self.cleaned_data.get(f"{QUESTION}{number}") for number in range(len(self.agreement.questions))]
        return [int(one) if one else None for one in chosen]

    def statement_fields(self) -> list[Any]:
        return [field for field in self if field.name.startswith(STATEMENT) or field.name == ALL]

    def question_fields(self) -> list[Any]:
        return [field for field in self if field.name.startswith(QUESTION)]

    def mark_wrong(self, wrong: Iterable[int]) -> None:
        """Say beside each wrongly answered question where to read again."""
        for number in wrong:
            clause = self.agreement.questions[number]["clause"]
            self.add_error(f"{QUESTION}{number}", f"That is not what clause {clause} says. Read it again, then choose.")


class BehalfForm(SignForm):
    """As above, for somebody who cannot sign themself."""

    def __init__(self, agreement: Agreement, *args: Any, **kwargs: Any) -> None:
        super().__init__(agreement, *args, name_hint="The name of the person who agrees, as the school holds it.", **kwargs)
        self.fields["name"].label = "Their name"
        self.fields["name"].error_messages["required"] = "Enter their name"
        self.fields["why"] = forms.CharField(label="Why can they not sign themselves?", max_length=300)
        self.fields["witness"] = forms.CharField(label="Who was there and saw it?", help_text="Somebody other than you.", max_length=200)


class PaperForm(Form):
    """What stands on a signed paper form, and its scan."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = forms.CharField(label="The name as written on the form", max_length=200)
    written_on = DateField(label="Date written on the form", help_text="For example, 6 3 2026.")
    given_on = DateField(
        label="When was the full text given to them?", help_text="Leave it empty if the form does not say.", required=False
    )
    ticked = forms.MultipleChoiceField(
        label="Which statements are ticked?", choices=[], widget=forms.CheckboxSelectMultiple, required=False
    )
    understood = forms.BooleanField(label="They answered the short check rightly before the witness", required=False)
    witness = forms.CharField(label="Witness", help_text="The name written beside the signature.", max_length=200, required=False)
    scan = forms.FileField(label="Photograph or PDF of the signed form", help_text="JPEG, PNG or PDF, up to 10 MB.")

    def __init__(self, agreement: Agreement, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"token": secrets.token_hex(16)})
        super().__init__(*args, **kwargs)
        self.fields["ticked"].choices = [(line, line) for line in agreement.statements]  # type: ignore[attr-defined]
        if not agreement.questions:
            del self.fields["understood"]


class ScanForm(Form):
    """Whether a scan shows the signature that was entered."""

    holds = forms.ChoiceField(
        label="Does the scan show this signature?", choices=[("yes", "Yes, it does"), ("no", "No")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="What is wrong with it?", help_text="Only when you choose No.", max_length=300, required=False)


class RefuseForm(Form):
    """Why somebody does not sign."""

    reason = forms.CharField(
        label="Why do you not sign?",
        help_text="The head and the deputies read this. Nobody else does.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
    )


class AskForm(Form):
    """What somebody wants to know before they sign."""

    reason = forms.CharField(
        label="What do you want to know?",
        help_text="Whoever looks after signatures at your school reads this and answers you.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
    )


class AnswerForm(Form):
    """The answer to a refusal or a question."""

    decision = forms.CharField(
        label="Your answer",
        help_text="The person reads this. It stays beside their name in the list of who has signed.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
    )


class PublishForm(Form):
    """A form to sign: who, what they agree to, and whether earlier signatures still stand."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(Kind.POLICY, "The policy itself"), *[(code.value, f"A companion code: {code.label}") for code in Code]],
        help_text="A companion code is signed every year beside the policy.",
    )
    categories = forms.MultipleChoiceField(
        label="Who is asked to sign?", choices=Category.choices, widget=forms.CheckboxSelectMultiple, initial=list(Category.values)
    )
    roles = forms.MultipleChoiceField(
        label="Only holders of these roles?", help_text="Leave all empty to ask everyone of these categories.",
        widget=forms.SelectMultiple, choices=appointable, required=False,
    )  # fmt: skip
    statements = forms.CharField(
        label="What do they agree to?",
        help_text="One statement on each line. They are numbered.",
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    one_by_one = forms.BooleanField(label="Each statement has a box of its own to tick", required=False, initial=True)
    notice = forms.CharField(
        label="What does the school monitor?",
        help_text="For the acceptable-use rules only. It is shown above the statements and accepted with a statement of its own.",
        widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=2000,
    )  # fmt: skip
    minor_change = forms.CharField(
        label="Why do earlier signatures still stand?",
        help_text="Only for a small correction that changes nobody’s duty. Leave it empty and everyone is asked to sign again.",
        required=False,
        max_length=300,
    )

    def __init__(
        self, version: PolicyVersion, refs: Sequence[str], *args: Any, former: Agreement | None, receipt_only: bool, **kwargs: Any
    ):
        offered = rules.RECEIPT if receipt_only else rules.STATEMENTS
        start: dict[str, Any] = {"kind": Kind.POLICY, "statements": "\n".join(offered)}
        if former:  # the form of the version before is where the next one starts
            start = {
                "kind": former.code or former.kind, "categories": former.categories, "roles": former.roles, "one_by_one": former.one_by_one,
                "statements": "\n".join(former.statements), "notice": former.notice, **_questions_as_given(former.questions),
            }  # fmt: skip
        super().__init__(*args, initial=start, **kwargs)
        self.version = version
        if not former:
            del self.fields["minor_change"]
        clauses = [("", "Choose the clause"), *[(ref, ref) for ref in refs]]
        for number in range(catalogue_number("agreements.signatures_complete", "check_questions")):
            self.fields.update(_question_fields(number, clauses))

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["statements"].splitlines() if line.strip()]

    def plain_fields(self) -> list[Any]:
        return [field for field in self if not field.name.startswith("check")]

    def check_fields(self) -> list[list[Any]]:
        """The fields of each question of the short check."""
        every = [field for field in self if field.name.startswith("check")]
        return [every[at : at + 4] for at in range(0, len(every), 4)]

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The questions that were written, their answers in an order that does not give the right one away."""
        made = []
        for number in range(len(self.check_fields())):
            ask, right, wrong, clause = (self.cleaned_data.get(f"check{number}_{part}", "") for part in ("ask", "right", "wrong", "clause"))
            if ask or right or wrong:
                options = [right, *[line.strip() for line in wrong.splitlines() if line.strip()]]
                options.sort(key=lambda option: hashlib.sha256(f"{ask}{option}".encode()).digest())
                made.append({"ask": ask, "options": options, "right": options.index(right), "clause": clause})
        return made


def _question_fields(number: int, clauses: Sequence[tuple[str, str]]) -> dict[str, forms.Field]:
    named = f"check{number}"
    return {
        f"{named}_ask": forms.CharField(label="Question", max_length=300, required=False),
        f"{named}_right": forms.CharField(label="Right answer", max_length=300, required=False),
        f"{named}_wrong": forms.CharField(
            label="Wrong answers", help_text="One on each line, up to four.", widget=forms.Textarea(attrs={"rows": 2}), required=False
        ),
        f"{named}_clause": forms.ChoiceField(label="The clause that says so", choices=clauses, required=False),
    }


def _questions_as_given(questions: Sequence[dict[str, Any]]) -> dict[str, str]:
    start: dict[str, str] = {}
    for number, one in enumerate(questions):
        right = one["options"][one["right"]]
        wrong = "\n".join(option for option in one["options"] if option != right)
        start |= {f"check{number}_ask": one["ask"], f"check{number}_right": right, f"check{number}_wrong": wrong}
        start[f"check{number}_clause"] = one["clause"]
    return start


class UndertakingForm(Form):
    """The words of the confidentiality undertaking."""

    lines = forms.CharField(
        label="What do they undertake?",
        help_text="One duty on each line. Keep all four, in your own words.",
        widget=forms.Textarea(attrs={"rows": 8}),
        initial="\n".join(rules.UNDERTAKING),
    )
    minor_change = forms.CharField(
        label="Why do earlier signatures still stand?",
        help_text="Only for a small correction. Leave it empty and everyone is asked to sign again.",
        required=False,
        max_length=300,
    )

    def __init__(self, *args: Any, has_earlier: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_earlier:
            del self.fields["minor_change"]

    @property
    def given(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["lines"].splitlines() if line.strip()]


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


class PlainWordsForm(Form):
    """The plain words of one version, for families or pupils."""

    version = forms.ChoiceField(label="Which policy are these words for?")
    lines = forms.CharField(
        label="What do you say to them?", help_text="One rule on each line, in short sentences.", widget=forms.Textarea(attrs={"rows": 10})
    )

    def __init__(self, versions: Sequence[PolicyVersion], offered: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"lines": "\n".join(offered)}, **kwargs)
        choices = [(str(one.id), f"{one.policy.title}, version {one.number}") for one in versions]
        self.fields["version"].choices = choices  # type: ignore[attr-defined]

    @property
    def given(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["lines"].splitlines() if line.strip()]


class FamilyAnswerForm(Form):
    """What a family said."""

    answer = forms.ChoiceField(
        label="What did the family say?", choices=[(one.value, one.label) for one in Answer], widget=forms.RadioSelect
    )
    conversation = forms.CharField(
        label="What was said in the conversation?", help_text="Only when they declined: their reason, and what they were told.",
        widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=2000,
    )  # fmt: skip


class ClassForm(Form):
    """A class taken through its rules. Where each pupil signs, a choice for each who has not signed yet."""

    taken_on = DateField(label="When did you take the class through the rules?", help_text="For example, 6 9 2026.")

    def __init__(self, pupils: Sequence[Any], marks: dict[Any, bool], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pupils = [one for one in pupils if not marks.get(one.id)]
        choices = [("signed", "Signed"), ("absent", "Absent"), ("", "Not yet")]
        for one in self.pupils:
            self.fields[f"pupil_{one.id}"] = forms.ChoiceField(
                label=one.name, choices=choices, widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}), required=False
            )

    @property
    def marks(self) -> dict[Any, bool]:
        """Who signed and who was absent."""
        given = {one.id: self.cleaned_data.get(f"pupil_{one.id}") for one in self.pupils}
        return {pupil: said == "signed" for pupil, said in given.items() if said}


class GuardianNameForm(Form):
    """Who answers by a link. No child is named before it is right."""

    name = forms.CharField(
        label="Your name", help_text="Your first name and family name, as the school holds them.", max_length=200,
        error_messages={"required": "Enter your name"}, widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )  # fmt: skip


class FamilySignForm(Form):
    """An answer for each child by name, and the statements, which are ticked once by whoever accepts."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def __init__(self, agreement: Agreement, children: Sequence[Any], *args: Any, name: str = "", **kwargs: Any) -> None:
        start = {"token": secrets.token_hex(16), "fingerprint": agreement.fingerprint, "name": name}
        super().__init__(*args, initial=start, **kwargs)
        self.agreement, self.children = agreement, list(children)
        choices = [(Answer.ACCEPTED.value, "I have read it and we will keep it"), (Answer.TALK.value, "I want to talk to the school first")]
        for child in self.children:
            missing = {"required": f"Choose an answer for {child.name}"}
            label = f"{child.name}, {family_rules.class_name(child.year)}"
            field = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=missing)
            self.fields[f"{CHILD}{child.id}"] = field
        for number, line in enumerate(agreement.statements):
            self.fields[f"{STATEMENT}{number}"] = forms.BooleanField(label=line, required=False)

    def clean(self) -> dict[str, Any]:
        """Whoever accepts for a child ticks every statement."""
        cleaned: dict[str, Any] = super().clean() or {}
        accepts = any(cleaned.get(f"{CHILD}{child.id}") == Answer.ACCEPTED for child in self.children)
        for number, line in enumerate(self.agreement.statements):
            if accepts and not cleaned.get(f"{STATEMENT}{number}"):
                self.add_error(f"{STATEMENT}{number}", f"To accept, tick “{line}”")
        return cleaned

    @property
    def answers(self) -> dict[Any, str]:
        """What was chosen for each child."""
        return {child.id: self.cleaned_data[f"{CHILD}{child.id}"] for child in self.children}

    @property
    def ticked(self) -> list[str]:
        """The statements that were ticked, in order."""
        return [line for number, line in enumerate(self.agreement.statements) if self.cleaned_data.get(f"{STATEMENT}{number}")]

    def child_fields(self) -> list[Any]:
        return [field for field in self if field.name.startswith(CHILD)]

    def statement_fields(self) -> list[Any]:
        return [field for field in self if field.name.startswith(STATEMENT)]
