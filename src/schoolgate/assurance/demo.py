"""Readings through the demo year, and what the heads put beside them."""

from datetime import timedelta

from schoolgate.assurance import actions, queries
from schoolgate.common import actions as running
from schoolgate.common import clock
from schoolgate.contracts.demo import Stage, event
from schoolgate.contracts.jobs import jobs
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import School

SCHOOLS = ("harbour", "moss", "quarry")
MONTHS = range(-330, -60, 30)
WEEKS = range(-56, 0, 7)
LEAVERS = "people.leaver_reminders_sent"
WORTH_ACCEPTING = ("agreements.signed_by_everyone", "people.register_confirmed", "people.key_roles_filled", "policies.clauses_joined")


@event(*MONTHS, *WEEKS, hour=20)
def readings_are_taken(stage: Stage) -> None:
    """Once a month, and once a week in the last two: enough for a history without a year of nights."""
    _read_every_school(stage)


@event(0, hour=0)
def readings_are_taken_this_morning(stage: Stage) -> None:
    """At midnight: a later hour would lie ahead for whoever tries the demo at night, and hide the readings they take."""
    _read_every_school(stage)


@event(-200, hour=10)
def nobody_has_left_yet(stage: Stage) -> None:
    """Both offices look through the year so far and say that nobody has left."""
    for name in ("harbour", "moss"):
        _nothing(stage, name, days=160)


@event(-10, hour=10)
def nobody_has_left_the_new_school(stage: Stage) -> None:
    _nothing(stage, "quarry", days=28)


@event(-76, hour=11)
def mossbank_accepts_a_fault(stage: Stage) -> None:
    """It ends in nine days: the principal must decide again."""
    _accept(stage, "moss", "Three kitchen staff have no school sign-in. Paper sheets are being printed.", days=85)


@event(-34, hour=11)
def harbour_accepts_a_fault(stage: Stage) -> None:
    _accept(stage, "harbour", "Lunchtime supervisors are asked at the training day at the start of term.", days=120)


@event(-150, hour=14)
def mossbank_names_no_companions(stage: Stage) -> None:
    """Mossbank's policy names no other document, so there is none to keep up to date."""
    actions.record_not_applicable(
        school=stage["moss"], control="policies.companions_current", reason="The policy in force names no companion document.",
        owner=stage["moss.clerk"], ends_on=clock.today() + timedelta(days=330), by=_as(stage, "moss.headteacher"),
    )  # fmt: skip


def _open(stage: Stage) -> list[School]:
    return [stage[name] for name in SCHOOLS if name in stage.things]


def _read_every_school(stage: Stage) -> None:
    """The worker is alive that night: its jobs have run, and the readings are taken."""
    for name in jobs():
        running.finish_job(running.start_job(name))
    for school in _open(stage):
        actions.assess(school=school, on=clock.today(), by=stage["office"]())


def _nothing(stage: Stage, name: str, days: int) -> None:
    today = clock.today()
    by = _as(stage, f"{name}.office_manager")
    actions.make_nil_statement(school=stage[name], control=LEAVERS, covers_from=today - timedelta(days=days), covers_to=today, by=by)


def _accept(stage: Stage, name: str, reason: str, days: int) -> None:
    """The head accepts what is broken at the school, of the few things a head would accept."""
    school, by = stage[name], _as(stage, f"{name}.headteacher")
    readings = queries.readings_of(queries.latest_assessment(by, school.id))
    broken = [control for control in WORTH_ACCEPTING if control in readings and readings[control].state == "broken"]
    for control in broken[:1]:
        ends_on = clock.today() + timedelta(days=days)
        actions.accept_exception(school=school, control=control, reason=reason, owner=stage[f"{name}.sbm"], ends_on=ends_on, by=by)


def _as(stage: Stage, name: str) -> Scope:
    return people.scope_of(stage[name], clock.today())
