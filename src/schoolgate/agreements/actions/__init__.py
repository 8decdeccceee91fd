"""What changes about agreements. The only room of this package that writes."""

from schoolgate.agreements.actions.answers import answer_refusal, ask, refuse, refuse_by_link
from schoolgate.agreements.actions.desk import note_arrival, note_who_left_unsigned
from schoolgate.agreements.actions.families import ask_families, keep_family_answer, publish_plain_words, record_class
from schoolgate.agreements.actions.family_links import (
    MadeFamilyLink,
    answer_by_link,
    check_family_link,
    family_scope,
    mail_family_links,
    make_family_link,
    make_family_links,
    note_wrong_name,
    open_family_link,
)
from schoolgate.agreements.actions.links import MadeLink, check_link, link_scope, make_link, make_links
from schoolgate.agreements.actions.paper import Paper, enter_paper, look_at_scan, sign_on_behalf
from schoolgate.agreements.actions.publishing import REMINDERS, publish, publish_private_rules, publish_undertaking, remind, remind_when_due
from schoolgate.agreements.actions.signing import Page, note_wrong_answers, open_text, sign, sign_by_link

__all__ = [
    "REMINDERS",
    "MadeFamilyLink",
    "MadeLink",
    "Page",
    "Paper",
    "answer_by_link",
    "answer_refusal",
    "ask",
    "ask_families",
    "check_family_link",
    "check_link",
    "enter_paper",
    "family_scope",
    "keep_family_answer",
    "link_scope",
    "look_at_scan",
    "mail_family_links",
    "make_family_link",
    "make_family_links",
    "make_link",
    "make_links",
    "note_arrival",
    "note_who_left_unsigned",
    "note_wrong_answers",
    "note_wrong_name",
    "open_family_link",
    "open_text",
    "publish",
    "publish_plain_words",
    "publish_private_rules",
    "publish_undertaking",
    "record_class",
    "refuse",
    "refuse_by_link",
    "remind",
    "remind_when_due",
    "sign",
    "sign_by_link",
    "sign_on_behalf",
]
