"""What a message may say, when it is tried again, and when it counts as late. Pure.

A message never says what it is about: the mail names no person, no policy and no case, only that something waits and where.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

PRODUCT = "Schoolgate"
MOST_ONCE = 150
"""Longest `once` a caller may give; the way it goes is added to it."""

PATH = re.compile(r"/(?!/)[A-Za-z0-9/_#-]*")
REFERENCE = re.compile(r"(?=.*\d)[A-Z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message: the subject and two sentences of the mail, and the title of the same message on screen.

    The title is read after signing in, so it may say which kind of thing waits; the mail may not.
    """

    subject: str
    sentences: tuple[str, str]
    title: str
    afterwards: str = ""  # a mail whose address is a secret: what is kept of the address once the mail has left


_TASK = ("Something waits for you", ("Something was put on your list.", "Sign in to see what it is."))
_AGAIN = ("Something still waits for you", ("Something on your list is not done yet.", "Sign in to see what it is."))
_NEWS = ("There is an answer for you", ("Somebody has answered you.", "Sign in to read what was written."))

TEMPLATES: dict[str, Template] = {
    "agreement.to_sign": Template(*_TASK, title="A policy for you to read and sign"),
    "agreement.reminder": Template(*_AGAIN, title="A policy you have not signed yet"),
    "agreement.overdue": Template(*_AGAIN, title="A policy you should have signed by now"),
    "agreement.unsigned": Template(*_AGAIN, title="Some people at your school are late to sign"),
    "agreement.asked": Template(*_TASK, title="Someone asks something before they sign"),
    "agreement.question_answered": Template(*_NEWS, title="Your question before signing is answered"),
    "agreement.family_link": Template(
        "Something waits for you",
        ("Somebody asks you to read something and to answer.", "Open this address to do it. It is for you alone and works once."),
        title="A link to answer a school",
        afterwards="/agreements/link/",
    ),
    "agreement.refused": Template(*_TASK, title="Someone has refused to sign: answer them"),
    "agreement.refusal_answered": Template(*_NEWS, title="The head has answered your refusal to sign"),
    "policy.to_approve": Template(*_TASK, title="A policy waits for approval"),
    "policy.changes_asked": Template(*_NEWS, title="Changes are asked for in a policy"),
    "policy.review_due": Template(*_AGAIN, title="A policy is due for review"),
    "policy.law_changed": Template(*_TASK, title="Law or guidance that a policy cites has changed"),
    "policy.principle_asked": Template(*_TASK, title="The trust asks about a principle and your policy"),
    "policy.early_reason": Template(*_TASK, title="Something suggests reviewing a policy early"),
    "setting.departed": Template(*_NEWS, title="A school departs from the trust, approved by its own body"),
    "setting.to_answer": Template(*_TASK, title="A school asks to depart from the trust"),
    "setting.answered": Template(*_NEWS, title="The trust has answered your school"),
    "control.broken": Template(*_TASK, title="A promise of the policy is broken"),
    "exception.ending": Template(*_AGAIN, title="An accepted exception is about to end"),
    "attestation.due": Template(*_TASK, title="Something for you to confirm"),
}

STEPS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
EVERY = timedelta(hours=1)
GIVE_UP = timedelta(hours=24)
LATE = timedelta(minutes=15)
LEASE = timedelta(minutes=10)
"""How long one worker may hold a message. Longer than a mail server can keep it waiting; a message whose worker died is free after it."""


def next_try(tries: int, queued_at: datetime, now: datetime) -> datetime | None:
    """When to try again after `tries` attempts, the last one at `now`; None when a day has passed and it is given up."""
    step = STEPS[tries - 1] if tries <= len(STEPS) else EVERY
    moment = now + step
    return moment if moment <= queued_at + GIVE_UP else None


def check_message(*, template: str, path: str, reference: str, address: str, by_email: bool, once: str) -> None:
    """ValueError when a package queues what cannot be sent or what says too much: a mistake of ours, not of a person."""
    if template not in TEMPLATES:
        raise ValueError(f"There is no message template {template!r}")
    if not PATH.fullmatch(path):
        raise ValueError(f"{path!r} is not the path of a page; a message leads to one page of ours, without a query")
    if reference and not REFERENCE.fullmatch(reference):
        raise ValueError(f"{reference!r} is no reference: capitals, digits and hyphens with one digit at least, never a name")
    if by_email and not address:
        raise ValueError("A message by e-mail needs an address")
    if not once or len(once) > MOST_ONCE:
        raise ValueError(f"`once` names the occasion in 1 to {MOST_ONCE} characters, so that it is told once")


def mail_text(template: Template, *, base_url: str, path: str, reference: str) -> str:
    """The whole body of a mail."""
    lines = [*template.sentences, "", base_url.rstrip("/") + path]
    if reference:
        lines += ["", f"Reference: {reference}"]
    return "\n".join([*lines, "", f"Sent by {PRODUCT}. We leave the details out of e-mails on purpose.", ""])
