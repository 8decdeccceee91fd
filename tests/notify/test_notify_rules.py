"""What a message may say and when it is tried again, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from schoolgate.notify import rules

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
GOOD = {
    "template": "agreement.to_sign", "path": "/agreements/1/", "reference": "", "address": "a@example.org", "by_email": True, "once": "x",
}  # fmt: skip


@pytest.mark.parametrize(("tries", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (23, 60)])
def test_it_is_tried_after_1_5_15_and_60_minutes_and_then_every_hour(tries, minutes):
    assert rules.next_try(tries, NOW, NOW) == NOW + timedelta(minutes=minutes)


def test_it_is_given_up_after_a_day():
    assert rules.next_try(30, NOW, NOW + timedelta(hours=23)) == NOW + timedelta(hours=24)
    assert rules.next_try(30, NOW, NOW + timedelta(hours=23, seconds=1)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"template": "agreement.made_up"},
        {"path": "agreements/1/"},
        {"path": "//elsewhere.example/"},
        {"path": "https://elsewhere.example/"},
        {"path": "/people/?name=Ada"},
        {"reference": "Ada Example"},
        {"reference": "EXAMPLE"},
        {"address": ""},
        {"once": ""},
        {"once": "x" * 151},
    ],
)
def test_what_cannot_be_sent_or_says_too_much_is_a_mistake_of_ours(wrong):
    with pytest.raises(ValueError):
        rules.check_message(**{**GOOD, **wrong})


def test_a_plain_message_passes():
    rules.check_message(**{**GOOD, "reference": "C-2026-0007"})


@pytest.mark.parametrize("key", sorted(rules.TEMPLATES))
def test_no_mail_says_what_the_matter_is(key):
    template = rules.TEMPLATES[key]
    words = " ".join([template.subject, *template.sentences]).lower()
    assert len(template.sentences) == 2
    for told in ("policy", "sign ", "signed", "agreement", "refus", "approv", "control", "incident", "pupil", "school"):
        assert told not in words.replace("sign in", "")
