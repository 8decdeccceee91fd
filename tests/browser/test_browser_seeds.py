"""Each real policy goes the whole way: imported, joined, approved, in force, signed, and then seen live beside its own words."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from tests.browser import flows
from tests.browser.looking import faults, overflow, squeezed, words

from schoolgate import policytext
from schoolgate.common import clock

pytestmark = pytest.mark.browser

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "policies" / "seeds"
TEACHER = "Priya Venkataraman"
STATES = {"met", "due", "broken", "no_data", "unjoined", "not_carried", "not_applicable", "informational"}
NAMES = [
    "beechwood-primary-social-media", "ict-social-media-acceptable-use-agreement-swgfl-style", "reach2-e-safety-social-media-2017",
    "trust-internet-social-networking-2018", "weston-all-saints-social-media-2016",
]  # fmt: skip


@pytest.fixture
def seed(request) -> Path:
    path = SEEDS / f"{request.param}.txt"
    if not path.is_file():
        assert os.environ.get("CI") != "true", f"{path} is missing"
        pytest.skip("the source policies are not here")
    return path


def bring_in(clerk, head, seed: Path, title: str) -> tuple[int, str]:
    """From the file to a policy in force: how many clauses the product said it read, and the clause joined by hand."""
    flows.upload(clerk, seed, place=flows.HARBOUR, title=title)
    read = int(re.search(r"(\d+) clauses were read", flows.said(clerk)).group(1))
    version = flows.go_on(clerk)
    assert flows.accept_strong(clerk) > 0
    ref = flows.join_by_hand(clerk, f"{version}clauses/")
    clerk.goto(version)
    flows.press(clerk, "Submit for review")
    today = clock.today()
    flows.approve(head, version, body="Full governing board", minute="Item 7.2", met_on=today - timedelta(days=2))
    flows.bring_into_force(clerk, version, review_on=today + timedelta(days=365))
    return read, ref


@pytest.mark.parametrize("seed", NAMES, indirect=True)
def test_a_real_policy_is_seen_live_with_its_own_words(visit, seed, tmp_path):
    title = f"Policy from {seed.stem}"
    clerk, head, teacher = visit("Clerk to the governors"), visit("Headteacher"), visit("Teacher")
    read, ref = bring_in(clerk, head, seed, title)
    flows.publish(clerk, title)
    assert flows.sign_everything(teacher, TEACHER) >= 1

    head.goto("/assurance/harbour-lane/")
    flows.follow(head, head.get_by_role("link", name=title).first)
    flows.press(head, "Take readings now")
    shots = Path(os.environ.get("SCHOOLGATE_SHOTS", tmp_path))
    head.screenshot(path=shots / f"{seed.stem}.png", full_page=True)

    own = [squeezed(clause.text) for clause in policytext.read_safely(seed).clauses]
    rows = head.locator("article.lp-clause")
    shown = rows.evaluate_all(
        "all => all.map(one => [one.dataset.state, ...['.lp-text', '.lp-ref'].map(part => one.querySelector(part).innerText)])"
    )
    assert len(shown) == read == len(own)
    assert [squeezed(text.removeprefix(mark)) for _, text, mark in shown] == own
    assert {state for state, _, _ in shown} <= STATES
    signing = rows.filter(has=head.locator(".lp-ref", has_text=re.compile(rf"^\s*{re.escape(ref)}\s*$"))).first
    assert re.search(r"\b1 of \d+\b", words(signing)), words(signing)
    assert signing.get_attribute("data-state") in {"due", "broken"}  # everyone but the teacher has yet to sign
    assert faults(head) == []
    head.set_viewport_size({"width": 320, "height": 640})
    assert overflow(head) <= 0
