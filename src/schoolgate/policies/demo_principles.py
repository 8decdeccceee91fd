"""Mossbank's own policy beside the trust's second version, through the last two months of the demo year.

One principle is left unmarked where Mossbank's text is looser, one departure is approved, and gaps have dates. The marks are in
demo_texts/principles.csv.
"""

import csv
from datetime import timedelta
from importlib import resources

from schoolgate.common import clock
from schoolgate.contracts.demo import Stage, event
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.policies import actions, queries
from schoolgate.policies.rules.principles import tagged

TEXTS = resources.files("schoolgate.policies") / "demo_texts"


def _as(stage: Stage, name: str) -> Scope:
    return people.scope_of(stage[name], clock.today())


@event(-58, hour=9)
def the_trust_holds_its_schools_against_its_text(stage: Stage) -> None:
    actions.load_parent(policy=stage["policy.trust"], by=_as(stage, "trust.trust_comms"))


@event(-58, hour=10)
def mossbank_says_which_policy_answers(stage: Stage) -> None:
    """Its own text takes the place of the trust's; the trust lets it, as long as the principles are met."""
    actions.take_parent(
        school=stage["moss"], policy=stage["policy.moss"], mode="principles", reason="Agreed with the trust's head of communications",
        by=_as(stage, "moss.deputy_headteacher"),
    )  # fmt: skip


@event(-58, hour=12)
def both_texts_are_compared(stage: Stage) -> None:
    """As the worker does."""
    scope = people.scope_of_process("comparison of policies", stage["trust"])
    parent = queries.parent_text(scope, clock.today())
    if parent:
        actions.suggest_marks(parent=parent, version=stage["policy.moss.1"], by=scope)


@event(-40, hour=15)
def mossbank_marks_the_principles(stage: Stage) -> None:
    """All but 2.3, about signing within ten days, which nobody has come back to."""
    by, version = _as(stage, "moss.deputy_headteacher"), stage["policy.moss.1"]
    for row in csv.DictReader((TEXTS / "principles.csv").read_text(encoding="utf-8").splitlines()):
        gap_on = clock.today() + timedelta(days=60) if row["kind"] == "gap" else None
        actions.mark_principle(
            version=version, ref=row["principle"], kind=row["kind"], refs=row["clauses"].split(), reason=row["reason"], gap_on=gap_on, by=by
        )


@event(-40, hour=17)
def mossbank_says_what_its_other_clauses_serve(stage: Stage) -> None:
    """What answers no principle goes beyond the trust's text."""
    by, version = _as(stage, "moss.deputy_headteacher"), stage["policy.moss.1"]
    parent, side, found = queries.school_side(by, version, clock.today())
    told = tagged(parent, side, found.values())
    actions.tag_values(version=version, told={row.ref: [] for row in side.clauses if told[row.key] is None}, by=by)


@event(-36, hour=10)
def a_departure_is_approved(stage: Stage) -> None:
    """The chief executive of the trust, who did not mark it, agrees that Mossbank's assistant headteacher decides about accounts."""
    by = _as(stage, "trust.trust_ceo")
    (mark,) = queries.marked_departures(by)
    actions.decide_departure(mark=mark, approved=True, why="The head still sees the list each term.", by=by)
