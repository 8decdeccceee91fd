"""What may be published, signed, refused and entered, and how things stand. Pure: days and rows come from outside."""

from schoolgate.agreements.rules.codes import codes_for, gives_access
from schoolgate.agreements.rules.evidence import Signed, Stood, stood
from schoolgate.agreements.rules.sheets import (
    PRIVATE,
    PRIVATE_STATEMENTS,
    PRIVATE_TITLE,
    UNDERTAKING,
    UNDERTAKING_STATEMENTS,
    UNDERTAKING_TITLE,
    answers_of,
    check_lines,
    fingerprint_of,
    lines_in,
    private_settings,
)
from schoolgate.agreements.rules.signing import (
    CHANGED,
    KEY_ALPHABET,
    KEY_LENGTH,
    LINK_DAYS,
    NOTICE_ACCEPTED,
    RECEIPT,
    SAME_VISIT,
    STATEMENTS,
    WrongAnswers,
    check_answers,
    check_can_answer,
    check_can_publish,
    check_can_sign,
    check_code,
    check_entry,
    check_form,
    check_link,
    check_name,
    check_questions,
    check_reason,
    check_scan_look,
    check_statements,
    check_still_current,
    key_hash,
    key_in_groups,
    same_name,
    shared_depth,
)
from schoolgate.agreements.rules.standing import (
    CONTROL,
    EVERYBODY,
    LINE_OF,
    Terms,
    Verdict,
    judge,
    last_day,
    params_from,
    terms_for,
    terms_of,
    worst,
)
from schoolgate.agreements.rules.starts import Start, StartVerdict, judge_start

__all__ = [
    "CHANGED", "CONTROL", "EVERYBODY", "KEY_ALPHABET", "KEY_LENGTH", "LINE_OF", "LINK_DAYS", "NOTICE_ACCEPTED", "PRIVATE",
    "PRIVATE_STATEMENTS", "PRIVATE_TITLE", "RECEIPT", "SAME_VISIT", "STATEMENTS", "UNDERTAKING", "UNDERTAKING_STATEMENTS",
    "UNDERTAKING_TITLE", "Signed", "Start", "StartVerdict", "Stood", "Terms", "Verdict", "WrongAnswers", "answers_of", "check_answers",
    "check_can_answer", "check_can_publish", "check_can_sign", "check_code", "check_entry", "check_form", "check_lines", "check_link",
    "check_name", "check_questions", "check_reason", "check_scan_look", "check_statements", "check_still_current", "codes_for",
    "fingerprint_of", "gives_access", "judge", "judge_start", "key_hash", "key_in_groups", "last_day", "lines_in", "params_from",
    "private_settings", "same_name", "shared_depth", "stood", "terms_for", "terms_of", "worst",
]  # fmt: skip
