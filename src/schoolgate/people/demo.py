"""The people of the fictional Larkfield Trust through one year: three schools, their adults, their roles, and some faults to find.

`stage` afterwards holds "trust", the schools "harbour", "moss" and "quarry", everybody who holds a role as "<school>.<role>" or
"trust.<role>", lists such as "harbour.teachers" and "harbour.governors", "office" (a fresh process scope each time it is called) and
"sign_ins" as (role title, address). No such trust, school or person exists.
"""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.actors import system
from schoolgate.contracts.demo import Stage, event
from schoolgate.people import actions, demo_cast, demo_families, queries, roster, rules
from schoolgate.people.access import Scope
from schoolgate.people.models import Category, Engagement, Person, School

DEMO_PASSWORD = "harbour lane larks"  # noqa: S105  for the fictional trust only; the demo prints it
PROCESS = "demo year"
TERMS = ((-60, -12), (-4, 42), (58, 95), (105, 138), (156, 190), (200, 232), (279, 326), (336, 382), (398, 440))
"""First and last day of each term, counted from the day a school joins."""

LISTS = {
    Category.GOVERNOR: "governors", Category.SUPPLY: "supply", Category.TRAINEE: "trainees",
    Category.VOLUNTEER: "volunteers", Category.CONTRACTOR: "contractors",
}  # fmt: skip


@event(-365, hour=6)
def trust_is_founded(stage: Stage) -> None:
    """The trust, its office and its two first schools."""
    stage["trust"] = actions.found_trust(ref="larkfield", name="Larkfield Trust", by=system(PROCESS))
    stage["office"] = lambda: queries.scope_of_process(PROCESS, stage["trust"])
    stage["sign_ins"] = []
    _open(stage, "harbour", ref="harbour-lane", name="Harbour Lane Primary", phase="primary")
    _open(stage, "moss", ref="mossbank", name="Mossbank Academy", phase="secondary")


@event(-365, hour=7)
def people_join(stage: Stage) -> None:
    """Everybody at the first two schools, and the trust's own team, who sit at Mossbank."""
    _join(stage, "harbour", demo_cast.HARBOUR)
    _join(stage, "moss", demo_cast.MOSS)
    _join(stage, "moss", demo_cast.TRUST, across_trust=True)


@event(-364, hour=8)
def roles_are_confirmed(stage: Stage) -> None:
    """Each head says which roles the school needs. At Mossbank the trust's data protection officer does that work."""
    actions.confirm_roles(school=stage["harbour"], answers=dict.fromkeys(_required(), rules.RoleAnswer()), by=head(stage, "harbour"))
    officer = next(one for one in queries.trust_holders(stage["office"](), clock.today()) if one.role == "trust_dpo" and not one.deputy)
    held = dict.fromkeys(_required(), rules.RoleAnswer()) | {"dp_lead": rules.RoleAnswer(held_by=officer)}
    actions.confirm_roles(school=stage["moss"], answers=held, by=head(stage, "moss"))


@event(-364, hour=9)
def duties_are_accepted(stage: Stage) -> None:
    """Everybody with a role reads its duties and says yes; the board hands both heads their powers."""
    _accept_all(stage, "harbour")
    _accept_all(stage, "moss")
    for name in ("harbour", "moss"):
        _delegate(stage, name)


@event(-364, hour=10)
def pupils_come_in(stage: Stage) -> None:
    """The roster of the two first schools brings in pupils and their families; the terms are written down."""
    _families(stage, "harbour")
    _families(stage, "moss")


@event(-362, -270, -176, -82, hour=15)
def harbour_checks_its_lists(stage: Stage) -> None:
    """The business manager at Harbour Lane goes through every list once a term."""
    _confirm(stage, "harbour", list(Category))


@event(-360, -268, -174, -80, hour=15)
def mossbank_checks_its_lists(stage: Stage) -> None:
    """Mossbank does the same, but nobody has looked at the volunteers since the spring."""
    late = clock.today() > clock.local_date(stage["trust"].created_at) + timedelta(days=200)
    _confirm(stage, "moss", [one for one in Category if not (late and one == Category.VOLUNTEER)])


@event(-355, -175, hour=11)
def school_sign_in_is_recorded(stage: Stage) -> None:
    """Harbour Lane's staff sign in through a service that asks for a second step; the administrator says so."""
    by = queries.scope_of(stage["trust.administrator"], clock.today())
    actions.record_identity_second_step(school=stage["harbour"], service="Harbour Lane school accounts", by=by)


@event(-240, hour=10)
def link_governor_steps_down(stage: Stage) -> None:
    """Harbour Lane's link governor ends her term; twelve days later the board names another."""
    before = queries.roles_of(stage["office"](), stage["harbour.link_governor"].id)[0]
    actions.end_appointment(appointment=before, ends_on=clock.today(), why="End of term of office", by=head(stage, "harbour"))


@event(-228, hour=19)
def next_link_governor(stage: Stage) -> None:
    """The board minutes the new link governor, who accepts the duties the same evening."""
    person = stage["harbour.governors"][-1]
    made = actions.appoint(
        person=person,
        role="link_governor",
        starts_on=clock.today(),
        school=stage["harbour"],
        minute=_minute(clock.today()),
        by=head(stage, "harbour"),
    )
    actions.accept_duties(appointment=made, by=queries.scope_of(person, clock.today()))
    stage["harbour.link_governor"] = person
    _sign_in(stage, person, "Link governor", "governor@harbour.larkfield.example")


@event(-120, hour=9)
def two_people_leave(stage: Stage) -> None:
    """A teacher at each of the two schools hands in notice; both get the letter, one signs and one refuses."""
    for name, answer in (("harbour", "signed"), ("moss", "refused")):
        person = stage[f"{name}.teachers"].pop()
        place = _place(stage, name, person)
        by = head(stage, name)
        place = actions.end_engagement(engagement=place, ends_on=clock.today() + timedelta(days=3), by=by)
        letter = actions.send_leaver_letter(engagement=place, by=by)
        actions.answer_leaver_letter(letter=letter, answer=answer, by=queries.scope_of(person, clock.today()))


@event(-60, hour=9)
def long_leave(stage: Stage) -> None:
    """A teacher at Harbour Lane goes on maternity leave."""
    place = _place(stage, "harbour", stage["harbour.teachers"][2])
    today = clock.today()
    actions.set_aside(
        engagement=place, away_from=today, away_until=today + timedelta(days=200), reason="Maternity leave", by=head(stage, "harbour")
    )


@event(-40, hour=7)
def quarry_hill_joins(stage: Stage) -> None:
    """The third school joins. Its office brings its people in from a list; two rows lack the employer."""
    school = _open(stage, "quarry", ref="quarry-hill", name="Quarry Hill Primary", phase="primary")
    text = demo_cast.as_csv(demo_cast.QUARRY, school.name, clock.today() - timedelta(days=400))
    actions.import_roster(school=school, roster=roster.read(BytesIO(text.encode()), "quarry-hill.csv"), by=stage["office"]())
    found = {one.person.external_id: one.person for one in queries.covered_adults(stage["office"](), school.id, clock.today())}
    for number, member in enumerate(demo_cast.QUARRY, start=1):
        person = found[demo_cast.staff_number(number)]
        _list(stage, "quarry", member, person)
        _give_roles(stage, school, "quarry", member, person)


@event(-39, hour=9)
def quarry_hill_pupils(stage: Stage) -> None:
    """Quarry Hill's pupils follow a day later."""
    _families(stage, "quarry")


@event(-38, hour=9)
def quarry_hill_confirms(stage: Stage) -> None:
    """Its head confirms the roles and two of the lists. Nobody has been named as deputy safeguarding lead."""
    actions.confirm_roles(school=stage["quarry"], answers=dict.fromkeys(_required(), rules.RoleAnswer()), by=head(stage, "quarry"))
    _accept_all(stage, "quarry")
    _delegate(stage, "quarry")
    _confirm(stage, "quarry", [Category.EMPLOYEE, Category.GOVERNOR])


@event(-25, hour=16)
def mossbank_forgets_a_letter(stage: Stage) -> None:
    """A teaching assistant leaves Mossbank, and nobody sends the letter."""
    place = _place(stage, "moss", stage["moss.assistants"][-1])
    actions.end_engagement(engagement=place, ends_on=clock.today(), by=head(stage, "moss"))


@event(-2, hour=12)
def somebody_gives_notice(stage: Stage) -> None:
    """A volunteer at Harbour Lane will stop next week: the letter is still to be sent."""
    place = _place(stage, "harbour", stage["harbour.volunteers"][-1])
    actions.end_engagement(engagement=place, ends_on=clock.today() + timedelta(days=9), by=head(stage, "harbour"))


@event(*range(-10, 1), hour=2)
def trail_is_checked(stage: Stage) -> None:
    """The nightly check of the record of who did what."""
    audit.check_chain(stage["trust"].id, by=system("nightly chain check"))


def _families(stage: Stage, name: str) -> None:
    school, today = stage[name], clock.today()
    actions.import_trust_roster(roster=demo_families.roster(school.ref, school.name, today), only=school, by=stage["office"]())
    for number, (start, end) in enumerate(TERMS, start=1):
        first, last = today + timedelta(days=start), today + timedelta(days=end)
        actions.add_term(school=school, name=f"Term {number} from {first:%B %Y}", starts_on=first, ends_on=last, by=stage["office"]())


def head(stage: Stage, school: str) -> Scope:
    """What the headteacher of one of the schools may do on the day the story has reached."""
    return queries.scope_of(stage[f"{school}.headteacher"], clock.today())


def _open(stage: Stage, key: str, **about: Any) -> School:
    stage[key] = actions.open_school(trust=stage["trust"], by=system(PROCESS), **about)
    for name in ("teachers", "assistants", "office", "staff", *LISTS.values()):
        stage[f"{key}.{name}"] = []
    return stage[key]


def _join(stage: Stage, key: str, members: tuple[demo_cast.Member, ...], across_trust: bool = False) -> None:
    """Write people into the register of a school, with their roles and sign-ins."""
    school, day = stage[key], clock.today()
    employer = stage["trust"].name if across_trust else school.name
    for number, member in enumerate(members):
        person = actions.add_person(given=member.given, family=member.family, email=member.address, by=stage["office"]())
        actions.engage(
            person=person, school=school, category=member.category, starts_on=day - timedelta(days=30 + 61 * number % 1500),
            employer=member.employer or employer, job_title=member.job_title, by=stage["office"](),
        )  # fmt: skip
        _list(stage, key, member, person)
        _give_roles(stage, None if across_trust else school, "trust" if across_trust else key, member, person)


def _list(stage: Stage, key: str, member: demo_cast.Member, person: Person) -> None:
    """Put somebody in the lists that later events choose from."""
    if member.category != Category.EMPLOYEE:
        stage[f"{key}.{LISTS[Category(member.category)]}"].append(person)
        return
    stage[f"{key}.staff"].append(person)
    if not member.roles and member.group:
        stage[f"{key}.{member.group}"].append(person)


def _give_roles(stage: Stage, school: School | None, key: str, member: demo_cast.Member, person: Person) -> None:
    day = clock.today()
    for written in member.roles:
        role, _, deputy = written.partition(" ")
        minute = _minute(day) if role in rules.GOVERNOR_ROLES else ""
        actions.appoint(person=person, role=role, starts_on=day, school=school, deputy=bool(deputy), minute=minute, by=stage["office"]())
        if not deputy:
            stage[f"{key}.{role}"] = person
    if member.signs_in_as:
        _sign_in(stage, person, member.signs_in_as, member.address)


def _sign_in(stage: Stage, person: Person, title: str, address: str) -> None:
    actions.give_sign_in(person=person, email=address, password=DEMO_PASSWORD, by=stage["office"]())
    stage["sign_ins"].append((title, address))


def _accept_all(stage: Stage, key: str) -> None:
    """Everybody who holds a role at a school, or across the trust, accepts its duties."""
    today = clock.today()
    for one in queries.role_facts(stage["office"](), [stage[key].id], today)[stage[key].id].appointments:
        actions.accept_duties(appointment=one, by=queries.scope_of(one.person, today))


def _delegate(stage: Stage, key: str) -> None:
    today = clock.today()
    held = next(one for one in queries.roles_of(stage["office"](), stage[f"{key}.headteacher"].id) if one.role == "headteacher")
    power = "To make the policy known to staff and families, and to see that it is kept"
    actions.record_delegation(appointment=held, power=power, delegated_on=today, minute=_minute(today), by=stage["office"]())


def _confirm(stage: Stage, key: str, categories: list[Any]) -> None:
    today = clock.today()
    held = {one.category for one in queries.covered_adults(stage["office"](), stage[key].id, today)}
    by = queries.scope_of(stage[f"{key}.sbm"], today)
    for category in categories:
        actions.confirm_register(school=stage[key], category=category, none_here=category not in held, by=by)


def _place(stage: Stage, key: str, person: Person) -> Engagement:
    return next(one for one in queries.places_of(stage["office"](), person.id) if one.school_id == stage[key].id)


def _required() -> list[str]:
    required: list[str] = rules.catalogue_number("people.key_roles_filled", "required_roles")
    return required


def _minute(day: date) -> str:
    return f"Governing board, {clock.in_words(day)}, item 7"
