"""The three policies of the fictional Larkfield Trust through its year. The texts are in demo_texts/, with what each clause is joined to.

`stage` afterwards holds "policy.trust", "policy.trust.1", "policy.trust.2", "policy.moss", "policy.moss.1" and "policy.quarry.1".
"""

import csv
import tempfile
from collections.abc import Iterable
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from string import Template

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.contracts.demo import Stage, event
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.policies import actions, demo_delivery, demo_principles, demo_settling, queries
from schoolgate.policies.models import FindingDecision, PolicyVersion

TEXTS = resources.files("schoolgate.policies") / "demo_texts"
YEAR = timedelta(days=365)
TOLD_ELSEWHERE = (demo_delivery, demo_principles, demo_settling)
"""The rest of the year of this package; importing it puts its events on the list."""


def document(name: str, approved: date, review: date) -> policytext.Document:
    """One of the texts, with the dates on its cover filled in, read as any uploaded file is."""
    words = Template((TEXTS / name).read_text(encoding="utf-8")).substitute(
        approved=clock.in_words(approved), review=clock.in_words(review)
    )
    with tempfile.TemporaryDirectory(prefix="schoolgate-demo-") as folder:
        path = Path(folder) / name
        path.write_text(words, encoding="utf-8")
        return policytext.read_safely(path)


def _as(stage: Stage, name: str) -> Scope:
    return people.scope_of(stage[name], clock.today())


def decisions(*texts: str) -> dict[str, dict[str, str]]:
    """What each clause of a text is joined to, by reference. Where a reference is in several texts the last one counts."""
    rows = list(csv.DictReader((TEXTS / "joins.csv").read_text(encoding="utf-8").splitlines()))
    return {row["ref"]: row for text in texts for row in rows if row["text"] == text}


def _join(version: PolicyVersion, told: dict[str, dict[str, str]], by: Scope) -> None:
    """Decide every clause that has a row; those without one are left with nothing behind them."""
    for clause in queries.clauses_of(by, version.id):
        row = told.get(clause.ref)
        if row is None or clause.kind != "unjoined":
            continue
        if row["kind"] == "control":
            actions.join_clause(clause=clause, controls=[(control, []) for control in row["controls"].split()], by=by)
        elif row["kind"] == "attested":
            actions.mark_attested(clause=clause, reason=row["reason"], by=by)
        else:
            actions.mark_informational(clause=clause, reason=row["reason"], by=by)


def _decide_findings(version: PolicyVersion, by: Scope, *, leave: Iterable[str] = ()) -> None:
    """Wrong citations are to be corrected; gaps are accepted with a reason."""
    for finding in queries.findings_of(by, version.id):
        if finding.rule in leave:
            continue
        if finding.severity == "info":
            actions.decide_finding(finding=finding, decision=FindingDecision.ACCEPT, reason="Covered by the safeguarding policy", by=by)
        else:
            actions.decide_finding(finding=finding, decision=FindingDecision.CORRECT, reason="To be put right in the next version", by=by)


# ------------------------------------------------------------------ the trust's policy


@event(-350, hour=9)
def trust_policy_is_imported(stage: Stage) -> None:
    """The head of communications brings in the trust's text and joins every clause."""
    by, today = _as(stage, "trust.trust_comms"), clock.today()
    read = document("larkfield-trust-1.md", today + timedelta(days=6), today + timedelta(days=10) + YEAR)
    version = actions.import_version(document=read, by=by)
    _join(version, decisions("larkfield-trust"), by)
    _decide_findings(version, by)
    _describe(version, "trust_comms", "Trust head of communications and governance lead", by)
    actions.submit(version=version, by=by)
    stage["policy.trust"], stage["policy.trust.1"] = version.policy, version


def _describe(version: PolicyVersion, owner_role: str, authors: str, by: Scope) -> None:
    actions.complete_details(
        version=version, owner_role=owner_role, audience=version.policy.audience, authors=authors, minute=version.approval_minute,
        review_on=version.review_on, change_summary=version.change_summary, by=by,
    )  # fmt: skip


@event(-344, hour=19)
def trust_board_approves(stage: Stage) -> None:
    """The board approves; the chief executive, who did not submit it, records that."""
    today = clock.today()
    minute = f"{clock.in_words(today)}, item 6"
    stage["policy.trust.1"] = actions.approve(
        version=stage["policy.trust.1"], body="Larkfield Trust Board", minute=minute, met_on=today, by=_as(stage, "trust.trust_ceo")
    )


@event(-340, hour=8)
def trust_policy_comes_into_force(stage: Stage) -> None:
    by = _as(stage, "trust.trust_comms")
    stage["policy.trust.1"] = actions.bring_into_force(version=stage["policy.trust.1"], from_day=clock.today(), by=by)


@event(-335, hour=17)
def harbour_adopts(stage: Stage) -> None:
    """Harbour Lane's governors take the trust's text as their own."""
    today, body = clock.today(), "Governing body of Harbour Lane Primary"
    actions.adopt(
        policy=stage["policy.trust"], school=stage["harbour"], body=body, minute=f"{clock.in_words(today)}, item 4",
        adopted_on=today, local_changes="Nothing", by=_as(stage, "harbour.headteacher"),
    )  # fmt: skip


@event(-75, hour=10)
def second_version_is_drafted(stage: Stage) -> None:
    """What was decided about unchanged clauses is kept; the others are joined anew."""
    by, today = _as(stage, "trust.trust_comms"), clock.today()
    read = document("larkfield-trust-2.md", today + timedelta(days=9), today + timedelta(days=15) + YEAR)
    version = actions.import_version(document=read, policy=stage["policy.trust"], by=by)
    actions.keep_decisions(version=version, by=by)
    _join(version, decisions("larkfield-trust", "larkfield-trust-2"), by)
    _describe(version, "trust_comms", "Trust head of communications, safeguarding lead and two headteachers", by)
    actions.submit(version=version, by=by)
    stage["policy.trust.2"] = version


@event(-70, hour=16)
def changes_are_asked_for(stage: Stage) -> None:
    """The chief executive sends it back once."""
    wanted = "Say who decides about faked pictures, and add the law the policy rests on to the minute."
    actions.ask_for_changes(version=stage["policy.trust.2"], wanted=wanted, by=_as(stage, "trust.trust_ceo"))


@event(-68, hour=11)
def it_is_submitted_again(stage: Stage) -> None:
    actions.submit(version=stage["policy.trust.2"], by=_as(stage, "trust.trust_comms"))


@event(-66, hour=19)
def second_version_is_approved(stage: Stage) -> None:
    today = clock.today()
    minute = f"{clock.in_words(today)}, item 5"
    actions.approve(
        version=stage["policy.trust.2"], body="Larkfield Trust Board", minute=minute, met_on=today, by=_as(stage, "trust.trust_ceo")
    )


@event(-60, hour=8)
def second_version_comes_into_force(stage: Stage) -> None:
    """It replaces the first from this morning."""
    by, summary = (
        _as(stage, "trust.trust_comms"),
        "Faster removals, two-step sign-in on every account, faked pictures, and the law brought up to date.",
    )
    stage["policy.trust.2"] = actions.bring_into_force(
        version=stage["policy.trust.2"], from_day=clock.today(), change_summary=summary, by=by
    )
    _decide_findings(stage["policy.trust.2"], by)


# ------------------------------------------------------------------ Mossbank's own policy


@event(-312, hour=14)
def mossbank_imports_its_own(stage: Stage) -> None:
    """Mossbank has stricter rules of its own. Two clauses are left with nothing behind them, and two findings undecided."""
    by, today = _as(stage, "moss.deputy_headteacher"), clock.today()
    read = document("mossbank-academy.txt", today + timedelta(days=8), today + timedelta(days=342))
    version = actions.import_version(document=read, school=stage["moss"], by=by)
    _join(version, decisions("mossbank-academy"), by)
    _decide_findings(version, by, leave=("L10", "K01"))
    _describe(version, "deputy_headteacher", "Vice principal and staff representatives", by)
    actions.submit(version=version, by=by)
    stage["policy.moss"], stage["policy.moss.1"] = version.policy, version


@event(-304, hour=18)
def mossbank_governors_approve(stage: Stage) -> None:
    """The chair records the approval; nobody has added the minute since."""
    body, by = "Local Governing Body of Mossbank Academy", _as(stage, "moss.chair_of_governors")
    actions.approve(version=stage["policy.moss.1"], body=body, minute="", met_on=clock.today(), by=by)


@event(-300, hour=8)
def mossbank_policy_comes_into_force(stage: Stage) -> None:
    by = _as(stage, "moss.deputy_headteacher")
    stage["policy.moss.1"] = actions.bring_into_force(version=stage["policy.moss.1"], from_day=clock.today(), by=by)


# ------------------------------------------------------------------ Quarry Hill's draft


@event(-20, hour=15)
def quarry_hill_imports_a_draft(stage: Stage) -> None:
    """The head has joined the first half and put it before the governors."""
    by = _as(stage, "quarry.headteacher")
    read = document("quarry-hill-draft.txt", clock.today(), clock.today() + YEAR)
    version = actions.import_version(document=read, school=stage["quarry"], by=by)
    _join(version, decisions("quarry-hill-draft"), by)
    stage["policy.quarry.1"] = actions.submit(version=version, by=by)
