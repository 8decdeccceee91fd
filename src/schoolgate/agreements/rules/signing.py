"""What a form needs before it is published, and what a signature, a refusal or a link needs before it counts. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from schoolgate.agreements.models import Code, Kind
from schoolgate.common.errors import BadInput, Denied, Replaced
from schoolgate.contracts.controls import Standing
from schoolgate.people.models import Category

STATEMENTS = (
    "I have read this policy in full.",
    "I understand what it asks of me.",
    "I will keep its rules.",
    "I will keep the staff handbook and the code of conduct.",
    "I know that breaking the rules may lead to disciplinary action.",
    "I answer for what I do online.",
)
"""Offered when a form is published; the school may change them."""

RECEIPT = ("I have read this policy in full.",)
"""What is confirmed where the school asks for no signature (setting agree.signed_form, read_receipt)."""

NOTICE_ACCEPTED = "I have read what the school monitors, and I accept it."
"""Added to the statements of the acceptable-use rules (catalogue agreements.linked_codes_signed, line acceptable_use)."""

MOST_OPTIONS = 5

LINK_DAYS = 14
SAME_VISIT = timedelta(minutes=30)
"""Showing the text again within this time is one opening of it."""

KEY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
KEY_LENGTH = 20
"""20 of 30 signs are 98 bits: no one guesses it, and it can be typed from paper."""

CHANGED = "The policy changed while you were reading. Nothing was signed. Read the new text and sign that one."
NAME_DIFFERS = "The name does not match the register. Type your first name and family name as the school holds them."


# ------------------------------------------------------------------ publishing


class WrongAnswers(BadInput):
    """The short check was not passed. `wrong` holds the places of the questions to look at again; what was answered is not kept."""

    def __init__(self, wrong: Sequence[int]) -> None:
        super().__init__("Not every answer was right. Read the clause named beside the question, then answer again.", "questions")
        self.wrong = list(wrong)


def check_form(categories: Sequence[str], statements: Sequence[str]) -> None:
    """What a form needs before it can be published."""
    if not categories or set(categories) - set(Category.values):
        raise BadInput("Choose at least one category of people who are to sign.", "categories")
    if not statements or any(not line.strip() for line in statements):
        raise BadInput("Write at least one statement, each on a line of its own.", "statements")
    if len(set(statements)) != len(statements):
        raise BadInput("Two statements are the same. Each is ticked on its own, so each must say something else.", "statements")


def check_code(kind: str, code: str, notice: str) -> None:
    """A companion code says which it is, and the acceptable-use rules say what the school monitors."""
    if kind not in {Kind.POLICY, Kind.CODE}:
        raise BadInput("Choose whether this is the policy itself or a companion code.", "kind")
    if (kind == Kind.CODE) != bool(code) or (code and code not in Code.values):
        raise BadInput("Choose which companion code this is.", "code")
    if code == Code.ACCEPTABLE_USE and not notice.strip():
        raise BadInput("Write what the school monitors: whoever signs the acceptable-use rules must have been told.", "notice")


def check_questions(questions: Sequence[Mapping[str, Any]], refs: Collection[str]) -> None:
    """Each question of the short check has one right answer and points at a clause of the text."""
    for number, one in enumerate(questions, start=1):
        options = [str(option).strip() for option in one["options"]]
        if not str(one["ask"]).strip():
            raise BadInput(f"Question {number} of the check is empty.", "questions")
        if not 2 <= len(options) <= MOST_OPTIONS or "" in options or len(set(options)) != len(options):
            raise BadInput(
                f"Question {number} needs one right answer and one to {MOST_OPTIONS - 1} wrong ones, all different.", "questions"
            )
        if not 0 <= int(one["right"]) < len(options):
            raise BadInput(f"Say which answer to question {number} is right.", "questions")
        if one["clause"] not in refs:
            raise BadInput(f"Question {number} points at clause {one['clause']}, which this text does not have.", "questions")


def check_answers(questions: Sequence[Mapping[str, Any]], given: Sequence[int | None]) -> None:
    """Every question of the short check is answered rightly; WrongAnswers names those that are not."""
    answers = [*given, *[None] * len(questions)]
    wrong = [number for number, one in enumerate(questions) if answers[number] != int(one["right"])]
    if wrong:
        raise WrongAnswers(wrong)


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


def check_can_answer(*, decided: bool, own: bool, is_head: bool, is_refusal: bool) -> None:
    """Whether this refusal may be answered by this person; a question by whoever chases signatures."""
    if own:
        raise Denied(
            "You cannot answer your own refusal. Another head or deputy head does that." if is_refusal else "This is your own question."
        )
    if is_refusal and not is_head:
        raise Denied("Only the head or a deputy head answers a refusal to sign.")
    if decided:
        raise Denied("This has been answered already.")


def check_entry(*, witness: str, why: str, own: bool, entered_by: str = "") -> None:
    """What is needed to enter a signature for somebody who cannot do it themself."""
    if own:
        raise Denied("You sign for yourself. This page is for somebody who cannot.")
    if not why.strip():
        raise BadInput("Write why they could not sign themselves.", "why")
    if not witness.strip():
        raise BadInput("Write who was there and saw it.", "witness")
    if entered_by and same_name(witness, entered_by):
        raise BadInput("The witness is somebody other than you.", "witness")


def check_scan_look(*, looked: bool, own: bool, holds: bool, note: str) -> None:
    """A scan is looked at once, by somebody other than whoever entered it."""
    if looked:
        raise Denied("This scan has been looked at already.")
    if own:
        raise Denied("You entered this form. Somebody else looks at the scan.")
    if not holds and not note.strip():
        raise BadInput("Write what is wrong with it.", "note")


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


def shared_depth(paths: Sequence[Sequence[str]]) -> int:
    """How many headings stand above every clause alike: the document's own title, which a page has told already."""
    depth = 0
    while paths and all(len(path) > depth and path[depth] == paths[0][depth] for path in paths):
        depth += 1
    return depth
