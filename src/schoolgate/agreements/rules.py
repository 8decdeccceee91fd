"""Who is asked to sign, when a signature still stands, and what a signature needs. Pure: days and rows come from outside.

Source: catalogue/controls.yaml, agreements.signed_by_everyone; settings agree.* and scope.people_covered.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from schoolgate import data
from schoolgate.common import workingdays
from schoolgate.common.errors import BadInput, Denied, Replaced
from schoolgate.contracts.controls import Standing
from schoolgate.people.models import Category
from schoolgate.people.rules import catalogue_number

CONTROL = "agreements.signed_by_everyone"

# scope.people_covered speaks of groups, the register of categories. Friends of the school stand on the register as volunteers.
CATEGORY_OF = {
    "employees": Category.EMPLOYEE,
    "trust_staff": Category.EMPLOYEE,
    "supply": Category.SUPPLY,
    "governors": Category.GOVERNOR,
    "volunteers": Category.VOLUNTEER,
    "trainees": Category.TRAINEE,
    "friends_association": Category.VOLUNTEER,
}
"""Contractors are left out: agreements.signed_before_start counts them."""

LINE_OF = {
    Category.EMPLOYEE: "staff",
    Category.SUPPLY: "staff",
    Category.GOVERNOR: "governors",
    Category.VOLUNTEER: "volunteers_and_trainees",
    Category.TRAINEE: "volunteers_and_trainees",
}

STATEMENTS = (
    "I have read this policy in full.",
    "I understand what it asks of me.",
    "I will keep its rules.",
    "I will keep the staff handbook and the code of conduct.",
    "I know that breaking the rules may lead to disciplinary action.",
    "I answer for what I do online.",
)
"""Offered when a form is published; the school may change them."""

LINK_DAYS = 14
SAME_VISIT = timedelta(minutes=30)
"""Showing the text again within this time is one opening of it."""

KEY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
KEY_LENGTH = 20
"""20 of 30 signs are 98 bits: no one guesses it, and it can be typed from paper."""

CHANGED = "The policy changed while you were reading. Nothing was signed. Read the new text and sign that one."
NAME_DIFFERS = "The name does not match the register. Type your first name and family name as the school holds them."

_WORST_FIRST = (Standing.BROKEN, Standing.DUE, Standing.LAPSING, Standing.GOOD)


@dataclass(frozen=True, slots=True)
class Terms:
    """The school's own numbers: who signs, in how many days, and after how many months again (None: only for a new version)."""

    categories: frozenset[str]
    sign_days: int
    resign_days: int
    renew_months: int | None
    reminder_days: int
    remind_days: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where one person stands with the forms they are asked to sign. `due_on` is the last day on which signing is in time."""

    standing: Standing
    due_on: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One clause that is not as it was: `was` empty means new, `now` empty means gone."""

    ref: str
    was: str
    now: str


def terms_of(params: Mapping[str, Any]) -> Terms:
    """The terms from the control's parameters, settings already resolved."""
    groups = params["signing_categories"]
    return Terms(
        categories=frozenset(str(CATEGORY_OF[group]) for group in groups if group in CATEGORY_OF),
        sign_days=params["sign_days"],
        resign_days=params["resign_days"],
        renew_months=params["renew_months"] if "each_autumn" in params["resign_when"] else None,
        reminder_days=params["reminder_days"],
        remind_days=params.get("remind_days", catalogue_number(CONTROL, "remind_days")),
    )


def params_from(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The control's parameters with the school's settings put in, for pages that ask outside a reading."""
    entry = next(entry for entry in data.load("catalogue/controls.yaml")["controls"] if entry["id"] == CONTROL)
    return {name: settings[one["setting"]] if "setting" in one else one["default"] for name, one in entry["parameters"].items()}


def judge(*, category: str, joined: date, signed_on: date | None, since: date, terms: Terms, on: date) -> Verdict:
    """One person in one category and one form. `signed_on` is their latest signature on the current material version.

    `since` is the first day on which that version could be signed. A governor signs again in each term of office, so a signature
    from before the present term does not count for that line.
    """
    if signed_on and category == Category.GOVERNOR and signed_on < joined:
        signed_on = None
    if signed_on is None:
        last = max(last_day(joined, terms.sign_days), last_day(since, terms.resign_days))
        return Verdict(Standing.DUE if on <= last else Standing.BROKEN, last, "Not signed")
    if terms.renew_months is None:
        return Verdict(Standing.GOOD)
    lapses = workingdays.add_days(signed_on, terms.renew_months, "months")
    last = lapses - timedelta(days=1)
    if on >= lapses:
        return Verdict(Standing.BROKEN, last, f"Signed on {plain(signed_on)}, which is {terms.renew_months} months ago or more")
    if on >= lapses - timedelta(days=terms.remind_days):
        return Verdict(Standing.LAPSING, last, f"Signed on {plain(signed_on)}; to be signed again by {plain(last)}")
    return Verdict(Standing.GOOD, None, f"Signed on {plain(signed_on)}")


def last_day(start: date, days: int) -> date:
    """The last day on which fewer than `days` days have passed since `start`."""
    return start + timedelta(days=days - 1)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that decides; of equals the one that runs out first."""
    return min(verdicts, key=lambda verdict: (_WORST_FIRST.index(verdict.standing), verdict.due_on or date.max))


def plain(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


# ------------------------------------------------------------------ publishing


def check_form(categories: Sequence[str], statements: Sequence[str]) -> None:
    """What a form needs before it can be published."""
    if not categories or set(categories) - set(Category.values):
        raise BadInput("Choose at least one category of people who are to sign.", "categories")
    if not statements or any(not line.strip() for line in statements):
        raise BadInput("Write at least one statement, each on a line of its own.", "statements")
    if len(set(statements)) != len(statements):
        raise BadInput("Two statements are the same. Each is ticked on its own, so each must say something else.", "statements")


def check_can_publish(*, in_force: bool, published: bool, earlier: bool, minor_change: str) -> None:
    """Whether a form for this version may be published at this school now."""
    if not in_force:
        raise Denied("Only a version in force at this school can be signed. Bring it into force or adopt it first.")
    if published:
        raise Denied("The form for this version is published already.")
    if minor_change and not earlier:
        raise BadInput("No earlier version was signed here, so there are no signatures that could still stand.", "minor_change")


# ------------------------------------------------------------------ signing


def check_still_current(*, is_open: bool, in_force: bool, shown: str, now: str) -> None:
    """The text the person read must be the text in force at this moment."""
    if not (is_open and in_force and shown == now):
        raise Replaced(CHANGED)


def check_can_sign(*, asked: bool, standing: Standing, opened_at: datetime | None) -> None:
    """Whether this person may sign this form now."""
    if not asked:
        raise Denied("You are not among the people who are asked to sign this policy here.")
    if standing == Standing.GOOD:
        raise Denied("You have signed this version already. You need not sign it again.")
    if opened_at is None:
        raise Denied("Open and read the full text before you sign it.")


def check_statements(asked: Sequence[str], ticked: Sequence[str]) -> None:
    """Each statement is ticked on its own."""
    if list(asked) != list(ticked):
        raise BadInput("Tick every statement to sign. If you cannot agree with one of them, refuse with a reason instead.", "statements")


def check_name(typed: str, register: str) -> None:
    """The name typed is the person's name on the register."""
    if not typed.strip():
        raise BadInput("Enter your name.", "name")
    if not same_name(typed, register):
        raise BadInput(NAME_DIFFERS, "name")


def same_name(typed: str, register: str) -> bool:
    """Equal but for capitals, accents, kinds of apostrophe and hyphen, and spaces."""
    return _folded(typed) == _folded(register)


def _folded(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s]", "", re.sub(r"[-‐‑–]", " ", bare)).split())


# ------------------------------------------------------------------ refusing


def check_reason(reason: str, field: str, words: str) -> None:
    if not reason.strip():
        raise BadInput(words, field)


def check_can_answer(*, decided: bool, own: bool, is_head: bool) -> None:
    """Whether this refusal may be answered by this person."""
    if own:
        raise Denied("You cannot answer your own refusal. Another head or deputy head does that.")
    if not is_head:
        raise Denied("Only the head or a deputy head answers a refusal to sign.")
    if decided:
        raise Denied("This refusal has been answered already.")


# ------------------------------------------------------------------ links


def key_hash(key: str) -> str:
    """What is kept of a link's key. Capitals, spaces and hyphens do not matter when it is typed from paper."""
    return hashlib.sha256(re.sub(r"[^0-9A-Z]", "", key.upper()).encode()).hexdigest()


def key_in_groups(key: str) -> str:
    """ABCDE-FGHJK-..., as it is printed."""
    return "-".join(key[at : at + 5] for at in range(0, len(key), 5))


def check_link(*, used_at: datetime | None, ended: bool, used_words: str) -> None:
    """Whether a one-time link may still be used. Says when it was used and what to do."""
    if used_at is not None:
        what_now = "If that was not you, tell the school office today; to sign again, ask for a new link."
        raise Denied(f"This link was used on {used_words}. A link works once. {what_now}")
    if ended:
        raise Denied("This link is too old. Ask the school office for a new one.")


# ------------------------------------------------------------------ what changed


def differences(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> list[Difference]:
    """What is not the same between two versions, given (ref, text) in reading order; moved clauses are the same."""
    texts_before = {_even(text) for _, text in before}
    texts_after = {_even(text) for _, text in after}
    lost = {ref: text for ref, text in before if _even(text) not in texts_after}
    found = [Difference(ref, lost.pop(ref, ""), text) for ref, text in after if _even(text) not in texts_before]
    return found + [Difference(ref, text, "") for ref, text in lost.items()]


def shared_depth(paths: Sequence[Sequence[str]]) -> int:
    """How many headings stand above every clause alike: the document's own title, which a page has told already."""
    depth = 0
    while paths and all(len(path) > depth and path[depth] == paths[0][depth] for path in paths):
        depth += 1
    return depth


def _even(text: str) -> str:
    return " ".join(text.split())
