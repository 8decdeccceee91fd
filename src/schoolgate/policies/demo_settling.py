"""How the demo year settles what policies leave open: settings and departures, reviews, companions, and reasons to review early."""

from datetime import timedelta
from typing import Any

from schoolgate.common import clock
from schoolgate.common.workingdays import add_days
from schoolgate.contracts.demo import Stage, event
from schoolgate.contracts.jobs import jobs
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import School
from schoolgate.policies import actions, queries
from schoolgate.policies.models import EarlyAnswer, EarlyKind, ReviewOutcome, SettingChoice
from schoolgate.policies.rules import choices

LEFT_OPEN = {"review.alignment_days", "except.contractor_hours", "incident.now_minutes", "mention.watch_days", "review.survey_months"}
HARBOUR = {
    "work.school_hours": ({"from": "08:40", "to": "15:20"}, "These are the hours on our gate."),
    "contact.pupil_told_by": ("headteacher", "We are small: the head knows every child."),
    "abuse.swift_hours": (2, "The office is one person after three o’clock."),
    "review.link_governor_visits": (2, "One visit each in autumn and summer, beside the spring report."),
}

COMPANIONS = (
    ("Behaviour Policy", False), ("Child Protection and Safeguarding Policy", False), ("Data Protection Policy", False),
    ("Keeping Children Safe in Education", True), ("Staff Code of Conduct", False),
)  # fmt: skip


def _as(stage: Stage, name: str) -> Scope:
    return people.scope_of(stage[name], clock.today())


def _minute() -> str:
    today = clock.today()
    return f"{clock.in_words(today)}, item 5"


# ------------------------------------------------------------------ settings


@event(-338, hour=10)
def trust_decides_its_settings(stage: Stage) -> None:
    """What the trust's text needs, but for a few that nobody has got round to."""
    by = _as(stage, "trust.trust_governance_lead")
    for key in sorted(queries.settings_needed(by, queries.trust_versions(by))):
        if key not in LEFT_OPEN and not choices.setting(key).get("locked"):
            actions.choose_setting(key=key, value=choices.default(key), reason="Agreed by the trust board with the policy", by=by)


@event(-325, hour=14)
def harbour_decides_its_settings(stage: Stage) -> None:
    """Harbour Lane is small and differs in four points; its governors agreed."""
    by, body = _as(stage, "harbour.headteacher"), f"Governing body of Harbour Lane Primary, {_minute()}"
    for key, (value, reason) in HARBOUR.items():
        actions.choose_setting(key=key, value=value, school=stage["harbour"], reason=reason, approver=body, by=by)


def _ask(stage: Stage, school: str, key: str, value: Any, reason: str, approver: str = "") -> SettingChoice:
    by = _as(stage, f"{school}.headteacher")
    return actions.choose_setting(key=key, value=value, school=stage[school], reason=reason, approver=approver, by=by)


@event(-250, hour=11)
def harbour_asks_to_name_the_employer(stage: Stage) -> None:
    stage["departure.employer"] = _ask(
        stage, "harbour", "profile.employer_named", "disclaimer", "Three of our staff write for subject associations under their own name."
    )


@event(-246, hour=15)
def the_trust_agrees(stage: Stage) -> None:
    actions.answer_departure(
        choice=stage["departure.employer"], agreed=True, why="With the disclaimer it does no harm. We look again with the next review.",
        by=_as(stage, "trust.trust_ceo"),
    )  # fmt: skip


@event(-200, hour=12)
def mossbank_bans_private_contact_with_parents(stage: Stage) -> None:
    """Stricter than the trust, approved by its own governors: the trust is told."""
    _ask(
        stage, "moss", "contact.parents", "ban", "Two complaints last year began in a private chat.",
        f"Local Governing Body of Mossbank Academy, {_minute()}",
    )  # fmt: skip


@event(-120, hour=11)
def harbour_asks_for_phones_in_the_corridor(stage: Stage) -> None:
    stage["departure.phones"] = _ask(
        stage, "harbour", "work.private_social", "reasonable", "Staff on long duties ask for a moment between lessons."
    )


@event(-117, hour=10)
def the_trust_does_not_agree(stage: Stage) -> None:
    actions.answer_departure(
        choice=stage["departure.phones"], agreed=False, why="Children see it. Breaks are enough in all our schools.",
        by=_as(stage, "trust.trust_ceo"),
    )  # fmt: skip


@event(-3, hour=16)
def mossbank_asks_too(stage: Stage) -> None:
    """It waits for the trust's answer."""
    _ask(stage, "moss", "scope.pupils_other_schools", "all_schools", "Our sixth form mixes with two other schools every week.")


# ------------------------------------------------------------------ reviews


@event(-30, hour=18)
def harbour_reviews_the_policy(stage: Stage) -> None:
    stage["review.harbour"] = actions.record_review(
        policy=stage["policy.trust"], school=stage["harbour"], held_on=clock.today(), outcome=ReviewOutcome.NO_CHANGE, minute=_minute(),
        note="Read clause by clause with the living policy on the screen.", by=_as(stage, "harbour.clerk"),
    )  # fmt: skip


@event(-28, hour=17)
def harbour_signs_the_review(stage: Stage) -> None:
    for role, who, comment in (
        ("headteacher", "harbour.headteacher", "Read and agreed. The removals work."),
        ("coordinator", "harbour.sbm", "Agreed. The inbox rota needs a third person by summer."),
        ("link_governor", "harbour.link_governor", "I saw the records for three clauses I chose myself."),
    ):
        actions.sign_review(review=stage["review.harbour"], role=role, comment=comment, by=_as(stage, who))


@event(-4, hour=17)
def mossbank_reviews_its_policy(stage: Stage) -> None:
    """Held in time; the business manager and the link governor have still to sign."""
    by = _as(stage, "moss.deputy_headteacher")
    review = actions.record_review(
        policy=stage["policy.moss"], school=stage["moss"], held_on=clock.today(), outcome=ReviewOutcome.CHANGE, minute=_minute(),
        note="Faked pictures are missing. The next version is being written.", by=by,
    )  # fmt: skip
    principal = _as(stage, "moss.headteacher")
    actions.sign_review(review=review, role="headteacher", comment="Agreed: we write the next version.", by=principal)


# ------------------------------------------------------------------ companions


@event(-160, hour=10)
def harbour_lists_its_companions(stage: Stage) -> None:
    """What the policy leans on, each with its place; for the last nobody knows where it is."""
    school, by, today = stage["harbour"], _as(stage, "harbour.clerk"), clock.today()
    rows = [actions.list_companion(school=school, title=title, outside=outside, by=by) for title, outside in COMPANIONS]
    for number, row in enumerate(rows[:-1]):
        actions.record_edition(
            companion=row, where=f"School website, Policies, document {number + 1}", owner_role="headteacher",
            dated=today - timedelta(days=60 + number), review_on=add_days(today, 14 + number, "months"), by=by,
        )  # fmt: skip


@event(-160, -131, -102, -73, -44, -15, hour=11)
def harbour_opens_its_companions(stage: Stage) -> None:
    """Once a month the clerk opens each; the first has not opened since the website was moved."""
    by, moved = _as(stage, "harbour.clerk"), stage.things.get("companions.moved", False)
    listed = [row for row in queries.companions_of(by, stage["harbour"].id) if row.editions.all()]
    for number, row in enumerate(sorted(listed, key=lambda one: one.title)):
        actions.check_companion(companion=row, opened=not (moved and number == 0), by=by)


@event(-16, hour=9)
def the_website_is_moved(stage: Stage) -> None:
    stage["companions.moved"] = True


# ------------------------------------------------------------------ reasons to review early


@event(-59, -7, hour=5)
def reasons_are_written_down(_stage: Stage) -> None:
    """What the records know: the trust's second version came after Harbour Lane had adopted the first."""
    jobs()["policies.early_reasons"].run(clock.now())


@event(-50, hour=13)
def harbour_decides_about_the_second_version(stage: Stage) -> None:
    by = _as(stage, "harbour.headteacher")
    for row in queries.undecided_reasons(by, clock.today(), by.school_ids):
        if row.kind == EarlyKind.TRUST:
            actions.decide_early_reason(
                reason=row, answer=EarlyAnswer.NEXT, why="Nothing is different here; the governors read it at their next review.", by=by
            )


def _raise(stage: Stage, policy: str, school: School, kind: EarlyKind, words: str, by: Scope) -> None:
    actions.raise_early_reason(policy=stage[policy], school=school, kind=kind, words=words, by=by)


@event(-45, hour=15)
def mossbank_hears_of_a_new_app(stage: Stage) -> None:
    words = "Half of Year 8 use a new app that makes moving pictures of faces."
    _raise(stage, "policy.moss", stage["moss"], EarlyKind.TECHNOLOGY, words, _as(stage, "moss.deputy_headteacher"))


@event(-40, hour=12)
def mossbank_decides_about_it(stage: Stage) -> None:
    by = _as(stage, "moss.deputy_headteacher")
    for row in queries.undecided_reasons(by, clock.today(), by.school_ids):
        actions.decide_early_reason(reason=row, answer=EarlyAnswer.NOW, why="The policy does not know faked pictures.", by=by)


@event(-6, hour=15)
def a_parent_suggests_something(stage: Stage) -> None:
    """Nobody has decided yet."""
    words = "A parent asks that class pages be closed to comments in the holidays."
    _raise(stage, "policy.trust", stage["harbour"], EarlyKind.SUGGESTION, words, _as(stage, "harbour.clerk"))
