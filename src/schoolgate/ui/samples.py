"""Made-up facts for the components page. No real school, person or account."""

from datetime import UTC, date, datetime

from django import forms

from schoolgate.ui.forms import DateField, FilesField, Form, RadiosWithHints

NOW = datetime(2026, 3, 6, 14, 5, tzinfo=UTC)
WHO = (("staff", "Staff"), ("pupils", "Pupils"), ("parents", "Parents and carers"))
WHERE = (("public", "Public page"), ("closed", "Closed group"), ("unsure", "I am not sure"))
HINTS = {"public": "Anyone can read it, signed in or not.", "closed": "Only members whom the school let in."}


class EveryField(Form):
    """One of each field that the renderer draws."""

    name = forms.CharField(label="Name of the account", help_text="As it is shown on the platform.", max_length=80)
    email = forms.EmailField(label="E-mail address", required=False)
    followers = forms.IntegerField(label="How many followers?", min_value=0)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    purpose = forms.CharField(label="What is it for?", widget=forms.Textarea(attrs={"rows": 4}), max_length=400)
    platform = forms.ChoiceField(
        label="Platform", choices=[("", "Choose one"), ("photo", "Photos"), ("video", "Video"), ("words", "Words")]
    )
    reach = forms.ChoiceField(label="Who can see it?", choices=WHERE, widget=RadiosWithHints(hints=HINTS))
    audience = forms.MultipleChoiceField(
        label="Who is it meant for?", choices=WHO, widget=forms.CheckboxSelectMultiple, help_text="Tick all that apply."
    )
    opened_on = DateField(label="Date it was opened", help_text="For example, 6 3 2026.")
    evidence = FilesField(label="Pictures of the account", required=False, help_text="Up to 5 files.")
    agreed = forms.BooleanField(label="I have read the social media policy", help_text="The version approved in January.")


FACTS = {
    "breadcrumbs": [{"text": "Home", "url": "/"}, {"text": "Official accounts", "url": "/accounts/"}, {"text": "Components", "url": ""}],
    "counts": {"met": 41, "due": 7, "broken": 3, "no_data": 9, "not_applicable": 4, "not_carried": 2},
    "readings": [
        (date(2025, 9, 1), "no_data"),
        (date(2025, 9, 22), "met"),
        (date(2025, 12, 1), "due"),
        (date(2025, 12, 15), "broken"),
        (date(2026, 1, 12), "met"),
    ],
    "until": date(2026, 3, 6),
    "earlier": datetime(2026, 3, 6, 14, 3, tzinfo=UTC),
    "rows": [
        {"key": "Account", "value": "Beechwood Primary, photos", "actions": [{"text": "Change", "url": "#change-account"}]},
        {"key": "Keeper", "value": "Ms Okafor", "actions": [{"text": "Change", "url": "#keeper"}, {"text": "Hand over", "url": "#hand"}]},
        {"key": "Approved", "state": "met", "value": ""},
        {"key": "Exit plan", "value": ""},
    ],
    "head": ["Clause", "State", {"text": "Records", "numeric": True}, "Last checked"],
    "lines": [
        [{"text": "4.2 Two people publish", "url": "#c42"}, {"state": "met"}, 212, {"moment": datetime(2026, 3, 6, 2, 0, tzinfo=UTC)}],
        [{"text": "4.3 No pupil’s full name", "url": "#c43"}, {"state": "broken"}, 3, {"moment": datetime(2026, 3, 6, 2, 0, tzinfo=UTC)}],
        [{"text": "5.1 Comments are read", "url": "#c51"}, {"state": "due", "text": "Due by Friday"}, 18, {"day": date(2026, 3, 5)}],
        [{"text": "6.6 Yearly training", "url": "#c66"}, {"state": "no_data"}, 0, "Never"],
    ],
    "events": [
        {"at": datetime(2026, 3, 5, 9, 0, tzinfo=UTC), "by": "Mr Hale", "title": "Account approved", "state": "met", "url": "#approved"},
        {
            "at": datetime(2026, 3, 4, 15, 20, tzinfo=UTC),
            "by": "Ms Okafor",
            "title": "Business case sent",
            "text": "A page for sports fixtures. Two keepers named, comments off.",
        },
        {"at": datetime(2026, 3, 2, 12, 0, tzinfo=UTC), "title": "Found by the monthly search", "state": "broken"},
    ],
    "tasks": [
        {"text": "Answer a comment from Sunday", "url": "#t1", "hint": "School photos page. 3 hours left.", "state": "due"},
        {"text": "Name a second keeper for the library page", "url": "#t2", "state": "broken", "status": "Late by 4 days"},
        {"text": "Read the new staff agreement", "url": "#t3", "status": "Not started"},
        {"text": "Close the old trips account", "hint": "Waits until the second keeper is named.", "status": "Cannot start yet"},
    ],
    "clauses": [
        {"ref": "4.2", "state": "met", "text": "Every post is read by a second person before it is published."},
        {"ref": "4.3", "state": "broken", "text": "A pupil’s full name never appears with a picture of that pupil."},
        {"ref": "4.4", "state": "broken", "text": "An account with no keeper is closed within five working days."},
        {"ref": "9.1", "state": "not_carried", "text": "The school keeps a paper copy of the policy in the office."},
    ],
}
