"""Who signs what in the fictional Larkfield Trust's year: most in time, some late, three never, one with a reason.

`stage` afterwards holds "form.harbour.1", "form.harbour.2", "form.moss.1", "form.harbour.private" and "form.harbour.undertaking".
"""

from datetime import timedelta
from typing import Any

from schoolgate.agreements import actions, queries, rules
from schoolgate.agreements.models import Agreement, Answer, Kind
from schoolgate.agreements.rules import families as family_rules
from schoolgate.common import clock
from schoolgate.common.actors import Actor
from schoolgate.contracts.demo import Stage, event
from schoolgate.people import actions as people_actions
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Category, Person

DAYS = 4
"""Those in time sign on one of four days."""

LATE = 17
"""Every seventeenth adult signs after the days to sign are over."""


def _as(person: Person) -> Scope:
    return people.scope_of(person, clock.today())


QUESTIONS = (
    {"ask": "How many people stand behind a post?", "options": ["One", "Two", "As many as are free"], "right": 1, "clause": "5.1"},
    {"ask": "May you message a pupil from your own account?", "options": ["In the holidays", "Never"], "right": 1, "clause": "7.2"},
    {
        "ask": "Who asks what you found in your privacy settings?",
        "options": ["Nobody", "The head", "The trust"],
        "right": 0,
        "clause": "7.4",
    },
)
"""The short check of the trust's second version."""


def _publish(stage: Stage, version: str, school: str, questions: tuple[dict[str, Any], ...] = ()) -> Agreement:
    return actions.publish(
        version=stage[version], school=stage[school], categories=list(Category.values), statements=list(rules.STATEMENTS),
        questions=questions, by=_as(stage[f"{school}.headteacher"]),
    )  # fmt: skip


def _adults(stage: Stage, school: str) -> list[Person]:
    """Everyone on the school's register today, once each, in order of name."""
    found = people.covered_adults(stage["office"](), stage[school].id, clock.today())
    return sorted({one.person for one in found if not one.away(clock.today())}, key=lambda person: (person.family, person.given))


def _sign(person: Person, form: Agreement, minutes: int) -> None:
    """Open the text, read for some minutes, sign; who has signed already does nothing."""
    start = clock.now() + timedelta(minutes=minutes)
    scope = _as(person)
    place = queries.place_of(scope, form, person.id, clock.today())
    if place is None or not place.owes:
        return
    with clock.standing_at(start):
        actions.open_text(agreement=form, person=person, by=scope.actor)
    with clock.standing_at(start + timedelta(minutes=6 + minutes % 9)):
        actions.sign(
            agreement=form, name=person.name, statements=form.statements, token=f"demo {form.id}",
            fingerprint=form.fingerprint, answers=[one["right"] for one in form.questions], by=scope,
        )  # fmt: skip


def _some_sign(stage: Stage, school: str, form: Agreement, never: set[Person], day: int) -> None:
    """One day's share of those who sign in time."""
    for number, person in enumerate(_adults(stage, school)):
        if person not in never and number % LATE != LATE - 1 and number % DAYS == day:
            _sign(person, form, number)


def _rest_sign(stage: Stage, school: str, form: Agreement, never: set[Person]) -> None:
    """The late ones, after a reminder."""
    for number, person in enumerate(_adults(stage, school)):
        if person not in never:
            _sign(person, form, number)


def _day_of(form: Agreement) -> int:
    return (clock.today() - clock.local_date(form.published_at)).days


# ------------------------------------------------------------------ Harbour Lane, first version


@event(-334, hour=9)
def harbour_asks_for_signatures(stage: Stage) -> None:
    """The day after the governors adopted the trust's policy, everyone is asked to sign it."""
    stage["form.harbour.1"] = _publish(stage, "policy.trust.1", "harbour")


@event(-333, -331, -327, -324, hour=15)
def harbour_signs(stage: Stage) -> None:
    form = stage["form.harbour.1"]
    _some_sign(stage, "harbour", form, set(), {1: 0, 3: 1, 7: 2, 10: 3}[_day_of(form)])


@event(-318, hour=8)
def harbour_reminds(stage: Stage) -> None:
    actions.remind(agreement=stage["form.harbour.1"], by=_as(stage["harbour.headteacher"]))


@event(-316, hour=15)
def last_ones_sign_at_harbour(stage: Stage) -> None:
    _rest_sign(stage, "harbour", stage["form.harbour.1"], set())


# ------------------------------------------------------------------ Mossbank


def _never_at_moss(stage: Stage) -> set[Person]:
    """Three who have not signed to this day, and the one who refused."""
    return {*stage["moss.teachers"][1:3], stage["moss.volunteers"][0], _refuser(stage)}


def _refuser(stage: Stage) -> Person:
    return stage["moss.assistants"][0]


@event(-300, hour=10)
def mossbank_asks_for_signatures(stage: Stage) -> None:
    stage["form.moss.1"] = _publish(stage, "policy.moss.1", "moss")


@event(-299, -297, -294, -290, hour=15)
def mossbank_signs(stage: Stage) -> None:
    form = stage["form.moss.1"]
    _some_sign(stage, "moss", form, _never_at_moss(stage), {1: 0, 3: 1, 6: 2, 10: 3}[_day_of(form)])


@event(-292, hour=12)
def somebody_refuses_at_mossbank(stage: Stage) -> None:
    """A teaching assistant will not sign, and says why."""
    reason = "I run a small business from my own page and cannot tell from the text whether I must close it."
    actions.refuse(agreement=stage["form.moss.1"], reason=reason, by=_as(_refuser(stage)))


@event(-285, hour=16)
def the_head_answers(stage: Stage) -> None:
    by = _as(stage["moss.headteacher"])
    refusal = next(one for one in queries.refusals_to_answer(by, clock.today()) if one.person_id == _refuser(stage).id)
    decision = "You need not close your page. Keep the school out of it. The trust is asked to make the rule plainer."
    actions.answer_refusal(refusal=refusal, decision=decision, by=by)


@event(-283, -276, -30, hour=8)
def mossbank_reminds(stage: Stage) -> None:
    actions.remind(agreement=stage["form.moss.1"], by=_as(stage["moss.headteacher"]))


@event(-280, hour=15)
def last_ones_sign_at_mossbank(stage: Stage) -> None:
    """After the first reminder all but three sign, and the one who refused."""
    _rest_sign(stage, "moss", stage["form.moss.1"], _never_at_moss(stage))


# ------------------------------------------------------------------ Harbour Lane, second version


@event(-60, hour=10)
def harbour_asks_again(stage: Stage) -> None:
    """The trust's second version changes duties: everyone signs again."""
    stage["form.harbour.2"] = _publish(stage, "policy.trust.2", "harbour", QUESTIONS)


@event(-59, -57, -54, -50, hour=15)
def harbour_signs_again(stage: Stage) -> None:
    """Four in five sign; every fifth has not to this day."""
    form = stage["form.harbour.2"]
    never = set(_adults(stage, "harbour")[4::5]) - {stage["harbour.headteacher"]}
    _some_sign(stage, "harbour", form, never, {1: 0, 3: 1, 6: 2, 10: 3}[_day_of(form)])


@event(-46, -25, hour=8)
def harbour_reminds_again(stage: Stage) -> None:
    actions.remind(agreement=stage["form.harbour.2"], by=_as(stage["harbour.headteacher"]))


@event(-5, hour=8)
def a_trainee_joins_harbour(stage: Stage) -> None:
    """A new trainee is told on the first day, and still has time."""
    by = _as(stage["harbour.headteacher"])
    person = people_actions.add_person(given="Tamsin", family="Roebuck", email="t.roebuck@harbour.larkfield.example", by=by)
    people_actions.engage(
        person=person, school=stage["harbour"], category=Category.TRAINEE, starts_on=clock.today(),
        employer="Larkfield Teacher Training", job_title="Trainee teacher", by=by,
    )  # fmt: skip
    actions.make_link(agreement=stage["form.harbour.2"], person=person, by=by)


# ------------------------------------------------------------------ Harbour Lane, sheets, questions and the front desk


@event(-52, hour=10)
def harbour_asks_for_the_private_rules_and_the_undertaking(stage: Stage) -> None:
    by = _as(stage["harbour.headteacher"])
    stage["form.harbour.private"] = actions.publish_private_rules(school=stage["harbour"], by=by)
    stage["form.harbour.undertaking"] = actions.publish_undertaking(school=stage["harbour"], lines=rules.UNDERTAKING, by=by)


@event(-51, -49, -45, -41, hour=16)
def harbour_signs_the_sheets(stage: Stage) -> None:
    """All but one in seventeen sign both."""
    for key in ("form.harbour.private", "form.harbour.undertaking"):
        form = stage[key]
        _some_sign(stage, "harbour", form, set(), {1: 0, 3: 1, 7: 2, 11: 3}[_day_of(form)])


@event(-40, hour=12)
def a_teacher_asks_first(stage: Stage) -> None:
    """Somebody asks before signing and is answered the next day."""
    unsigned = queries.owing(queries.places_for(stage["office"](), stage["form.harbour.2"], clock.today()))
    stage["harbour.asks"] = next(place.person for place in unsigned if "employee" in place.categories)
    words = "Does 7.6 mean that I may not share the school’s own post about sports day?"
    actions.ask(agreement=stage["form.harbour.2"], reason=words, by=_as(stage["harbour.asks"]))


@event(-39, hour=9)
def the_head_answers_the_question(stage: Stage) -> None:
    by = _as(stage["harbour.headteacher"])
    asked = next(one for one in queries.refusals_to_answer(by, clock.today()) if one.person_id == stage["harbour.asks"].id)
    actions.answer_refusal(refusal=asked, decision="You may share what the school has posted. Add nothing about a child.", by=by)


@event(-1, hour=9)
def a_supply_teacher_is_booked_for_today(stage: Stage) -> None:
    """The agency sends somebody who has not been here before: the front desk asks for a signature first."""
    by = _as(stage["harbour.headteacher"])
    person = people_actions.add_person(given="Odette", family="Fairweather", by=by)
    people_actions.engage(
        person=person, school=stage["harbour"], category=Category.SUPPLY, starts_on=clock.today() + timedelta(days=1),
        ends_on=clock.today() + timedelta(days=3), employer="Northfold Supply Teachers", job_title="Supply teacher", by=by,
    )  # fmt: skip


# ------------------------------------------------------------------ Harbour Lane, families


@event(-58, hour=11)
def harbour_asks_the_families(stage: Stage) -> None:
    """The plain words for families, and a card home for every parent and carer, class by class."""
    by = _as(stage["harbour.headteacher"])
    form = actions.publish_plain_words(
        version=stage["policy.trust.2"], school=stage["harbour"], kind=Kind.FAMILY, lines=family_rules.FAMILY_LINES, by=by
    )
    desk = queries.family_desk(by, form, clock.today())
    stage["harbour.cards"] = [made for one in desk.classes for made in actions.make_family_links(agreement=form, year=one.year, by=by)]
    stage["form.harbour.family"] = form


@event(-56, -54, -51, -47, hour=18)
def families_answer_at_harbour(stage: Stage) -> None:
    """Most families answer within the fortnight, one parent for all the children; some ask to talk first, every seventh is silent."""
    day = {2: 0, 4: 1, 7: 2, 11: 3}[_day_of(stage["form.harbour.family"])]
    for number, family in enumerate(queries.families(stage["office"](), stage["harbour"].id, clock.today())):
        if number % DAYS == day and number % 7 != 6:
            own = {pupil.id for pupil in family.pupils}
            card = next(one for one in stage["harbour.cards"] if own & {child.id for child in one.answerer.children})
            _answer(card, Answer.TALK if number % 9 == 8 else Answer.ACCEPTED)


def _answer(made: actions.MadeFamilyLink, answer: str) -> None:
    """A parent opens the link from the card and answers for each child."""
    link = queries.family_link(made.key)
    by = Actor("link", str(link.id), "one-time link")
    children = queries.children_of(actions.family_scope(link), link, clock.today())
    actions.open_family_link(link=link, by=by)
    actions.answer_by_link(
        link=link, name=link.guardian.name, answers={child.id: answer for child in children}, statements=link.agreement.statements,
        token=f"demo {link.id}", fingerprint=link.agreement.fingerprint, by=by,
    )  # fmt: skip


@event(-44, hour=16)
def the_head_talks_to_families_who_asked(stage: Stage) -> None:
    """Two families who asked to talk first: one accepts, one declines after the conversation."""
    by, form = _as(stage["harbour.headteacher"]), stage["form.harbour.family"]
    asked = [one for one in queries.families(by, stage["harbour"].id, clock.today()) if Answer.TALK in one.said and not one.answered]
    words = "They do not want their child named anywhere. Told that nothing is published without their consent."
    for family, answer, said in zip(asked, (Answer.ACCEPTED, Answer.DECLINED), ("", words), strict=False):
        actions.keep_family_answer(agreement=form, pupil_id=family.pupils[0].id, answer=answer, conversation=said, by=by)


@event(-43, hour=10)
def a_restriction_is_recorded_at_harbour(stage: Stage) -> None:
    """The safeguarding lead records that one parent may not answer for a child."""
    by = _as(stage["harbour.dsl"])
    tie = people.answering_for(by, stage["harbour"].id, clock.today())[-1]
    people_actions.limit_guardian(guardianship=tie, kind="restricted", note="Safeguarding file", by=by)


@event(-3, hour=9)
def a_class_gets_new_links(stage: Stage) -> None:
    """The families of one class who have not answered get a new link by e-mail, those with an address."""
    by, form = _as(stage["harbour.headteacher"]), stage["form.harbour.family"]
    desk = queries.family_desk(by, form, clock.today())
    waiting = [one.year for one in desk.classes if any(not its.answered and its.guardian.email for its in desk.of_class(one.year))]
    actions.mail_family_links(agreement=form, year=waiting[0], by=by)
