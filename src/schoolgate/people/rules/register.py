"""What a role may do, who counts as an adult the policy covers, and what may be done to the register and to roles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from schoolgate import data
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, Category, Engagement, LeaverLetter, Person
from schoolgate.people.permissions import Permission

# A place on the register gives the plain rights of its category; rules/roles.yaml holds what they are.
ROLE_OF_CATEGORY = {
    Category.EMPLOYEE: "staff",
    Category.GOVERNOR: "governor",
    Category.SUPPLY: "supply_staff",
    Category.TRAINEE: "trainee",
    Category.VOLUNTEER: "volunteer",
    Category.CONTRACTOR: "contractor",
}
GOVERNOR_ROLES = frozenset(
    {
        "governor", "chair_of_governors", "vice_chair_of_governors", "link_governor", "filtering_governor", "equalities_governor",
        "chair_of_trustees", "trustee",
    }
)  # fmt: skip
"""Roles a board fills by a minute (catalogue people.key_roles_filled, line holder)."""

DELEGATED_ROLES = frozenset({"headteacher"})
"""Roles that use powers a board hands down (obligations 004-tru.01 and 004-tru.02)."""

STANDARD_DUTIES = "standard"
"""The version name of a role's description in rules/roles.yaml, which stands where a school has written no duties of its own."""

LETTER_VERSION = "1"
"""The wording of the continuing-duties letter, people/leaver_letter.html. Raised when its meaning changes."""

NOT_A_KEEPER = "Only someone who keeps the register of people may do this."
NOT_FOR_GOVERNORS = "Only someone who keeps the register, or the clerk for a governor's role, may do this."
ADMINISTRATOR = "administrator"


def roles() -> dict[str, dict]:
    """Every role that gives rights, by key: title, plain description, scope, permissions."""
    return data.load("rules/roles.yaml")["roles"]


def capacities() -> dict[str, dict]:
    """What a person is for one thing only, by key."""
    return data.load("rules/roles.yaml")["capacities"]


def known_roles() -> set[str]:
    """Roles and capacities a person can be appointed to."""
    return set(roles()) | set(capacities())


def permissions_of(role: str) -> frozenset[Permission]:
    """What a role may do. A capacity (held for one thing only) gives no permission of its own."""
    found = roles().get(role)
    return frozenset(Permission(key) for key in found["permissions"]) if found else frozenset()


def permissions_of_all(held: Iterable[str]) -> frozenset[Permission]:
    """What several roles may do together."""
    return frozenset().union(*(permissions_of(role) for role in held))


def works_across_trust(role: str) -> bool:
    """The role's rights hold in every school of the trust."""
    return roles().get(role, {}).get("scope") == "trust"


def title_of(role: str) -> str:
    """The role's plain title for a screen."""
    found = roles().get(role) or capacities().get(role)
    return found["title"] if found else role.replace("_", " ")


def plain_duties(role: str) -> str:
    """The role's description for everybody, which stands as its written duties until the school writes its own."""
    found = roles().get(role) or capacities().get(role)
    return str(found["plain"]) if found else ""


def appointable() -> list[tuple[str, str]]:
    """(key, title) of every role a person can be given here: nobody is appointed to outside roles, families or the plain categories."""
    given_by_category = set(ROLE_OF_CATEGORY.values()) | {"parent", "pupil", "friends_association", "supporter"}
    inside = {role: row["title"] for role, row in roles().items() if row["kind"] == "internal" and role not in given_by_category}
    return sorted({**inside, **{role: row["title"] for role, row in capacities().items()}}.items(), key=lambda pair: pair[1])


def catalogue_number(control: str, name: str) -> Any:
    """A number of the control catalogue that no setting changes, such as people.register_confirmed's reconcile_days."""
    loaded = data.load("catalogue/controls.yaml")
    shared = loaded["shared_parameters"]
    if name in shared:
        return shared[name]["default"]
    entry = next(entry for entry in loaded["controls"] if entry["id"] == control)
    return entry["parameters"][name]["default"]


def role_numbers() -> dict[str, Any]:
    """The parameters of people.key_roles_filled with every setting at its default, for pages of this package.

    The settings a school changed are known above this package; its control is given them.
    """
    loaded, settings = data.load("catalogue/controls.yaml"), data.load("rules/settings.yaml")["settings"]
    shared = {name: row["default"] for name, row in loaded["shared_parameters"].items()}
    entry = next(entry for entry in loaded["controls"] if entry["id"] == "people.key_roles_filled")
    own = {name: settings[row["setting"]]["default"] if "setting" in row else row["default"] for name, row in entry["parameters"].items()}
    return {**shared, **own}


# ---- who may do what


def check_same_trust(by: Scope, trust_id: UUID) -> None:
    """Another trust's people are not found, whoever asks."""
    if trust_id != by.trust_id:
        raise NotFound("There is no such person in your trust")


def check_can_keep_register(by: Scope, school_id: UUID | None) -> None:
    """The register of a school, or with no school of the whole trust, is kept by those who may add people, roles and leavers."""
    by.require(Permission.USER_MANAGE, school_id, NOT_A_KEEPER)


def can_keep_register(by: Scope, school_id: UUID | None) -> bool:
    return allowed(check_can_keep_register, by, school_id)


def check_can_add_person(by: Scope) -> None:
    """A person joins the trust's register before any school's."""
    if not by.may_anywhere(Permission.USER_MANAGE):
        raise Denied(NOT_A_KEEPER)


def can_add_person(by: Scope) -> bool:
    return allowed(check_can_add_person, by)


def can_keep_person(by: Scope, at_schools: Iterable[UUID]) -> bool:
    """Keeps the register at one of the schools; somebody with no school yet belongs to whoever may add people."""
    schools = list(at_schools)
    return any(by.may(Permission.USER_MANAGE, school) for school in schools) or (not schools and can_add_person(by))


def check_can_give_sign_in(by: Scope, person: Person, at_schools: Iterable[UUID]) -> None:
    """Sign-ins are given where the person is known: by the register's keeper at one of their schools, or by a named process."""
    if by.actor.kind == "system":
        return
    check_same_trust(by, person.trust_id)
    if not can_keep_person(by, at_schools):
        raise Denied(NOT_A_KEEPER)


def can_give_sign_in(by: Scope, person: Person, at_schools: Iterable[UUID]) -> bool:
    return allowed(check_can_give_sign_in, by, person, at_schools)


def check_can_fill_role(by: Scope, role: str, school_id: UUID | None) -> None:
    """Roles are given and ended by those who keep the register; a governor's role also by the clerk, who holds the minutes."""
    if school_id is not None and school_id not in by.schools:
        raise NotFound("There is no such school in your reach")
    if by.may(Permission.USER_MANAGE, school_id):
        return
    if role not in GOVERNOR_ROLES:
        raise Denied(NOT_A_KEEPER)
    if not (by.may(Permission.AGREEMENT_CHASE, school_id) and by.may(Permission.REPORT_GOVERNOR, school_id)):
        raise Denied(NOT_FOR_GOVERNORS)


def can_fill_role(by: Scope, role: str, school_id: UUID | None) -> bool:
    return allowed(check_can_fill_role, by, role, school_id)


def check_can_appoint(by: Scope, person: Person, role: str, school_id: UUID | None) -> None:
    """Nobody gives a role to themselves: rights are handed out by somebody else."""
    check_same_trust(by, person.trust_id)
    if role not in known_roles():
        raise BadInput(f"There is no role called {role}. The roles are listed on the page “Roles”.", "role")
    check_can_fill_role(by, role, school_id)
    if by.person_id == person.id:
        raise Denied("You cannot give a role to yourself. Ask somebody else who keeps the register.")


def can_appoint(by: Scope, person: Person, role: str, school_id: UUID | None) -> bool:
    return allowed(check_can_appoint, by, person, role, school_id)


def check_can_end_appointment(by: Scope, appointment: Appointment, ends_on: date) -> None:
    check_same_trust(by, appointment.trust_id)
    check_can_fill_role(by, appointment.role, appointment.school_id)
    if appointment.ends_on is not None and appointment.ends_on <= ends_on:
        raise Denied(f"This role has already ended, on {clock.in_words(appointment.ends_on)}.")
    if ends_on < appointment.starts_on:
        raise BadInput(f"The last day must be {clock.in_words(appointment.starts_on)}, the first day, or later.", "ends_on")


def can_end_appointment(by: Scope, appointment: Appointment, ends_on: date) -> bool:
    return allowed(check_can_end_appointment, by, appointment, ends_on)


def check_can_accept_duties(by: Scope, appointment: Appointment) -> None:
    """Only the holder can say yes to the duties."""
    check_same_trust(by, appointment.trust_id)
    if by.person_id != appointment.person_id and by.actor.kind != "system":
        raise Denied("Only the person who holds the role can accept its duties.")


def can_accept_duties(by: Scope, appointment: Appointment) -> bool:
    return allowed(check_can_accept_duties, by, appointment)


def check_can_end_engagement(by: Scope, engagement: Engagement, ends_on: date) -> None:
    check_can_keep_register(by, engagement.school_id)
    if engagement.starts_on and ends_on < engagement.starts_on:
        raise BadInput(f"The last day must be {clock.in_words(engagement.starts_on)}, the first day, or later.", "ends_on")


def can_end_engagement(by: Scope, engagement: Engagement, ends_on: date) -> bool:
    return allowed(check_can_end_engagement, by, engagement, ends_on)


def check_can_set_aside(by: Scope, engagement: Engagement, away_from: date, away_until: date, reason: str) -> None:
    """Long leave takes somebody out of what is counted, so it needs a reason and a day of return (catalogue, covered adult)."""
    check_can_keep_register(by, engagement.school_id)
    if not reason.strip():
        raise BadInput("Say why this person is away, such as maternity leave.", "reason")
    if away_until < away_from:
        raise BadInput("The last day away must be the first day away or later.", "away_until")


def can_set_aside(by: Scope, engagement: Engagement, away_from: date, away_until: date, reason: str) -> bool:
    return allowed(check_can_set_aside, by, engagement, away_from, away_until, reason)


def check_can_mark_absent(by: Scope, person: Person, at_schools: Iterable[UUID]) -> None:
    """People mark themselves absent; the register's keepers mark anyone at their school."""
    check_same_trust(by, person.trust_id)
    if by.person_id == person.id or any(by.may(Permission.USER_MANAGE, school) for school in at_schools):
        return
    raise Denied("Only the person, or someone who keeps the register, may mark them absent.")


def can_mark_absent(by: Scope, person: Person, at_schools: Iterable[UUID]) -> bool:
    return allowed(check_can_mark_absent, by, person, at_schools)


def check_can_confirm_category(by: Scope, school_id: UUID, people: int, none_here: bool) -> None:
    """'We have none' is refused while somebody is on the list, and a list of nobody must be said in those words."""
    check_can_keep_register(by, school_id)
    if none_here and people:
        raise Denied(f"{people} on this list: end their time here first, or confirm the list as it stands.")
    if not none_here and not people:
        raise Denied("Nobody is on this list. Add people, or confirm that you have none.")


def can_confirm_category(by: Scope, school_id: UUID, people: int, none_here: bool) -> bool:
    return allowed(check_can_confirm_category, by, school_id, people, none_here)


@dataclass(frozen=True, slots=True)
class RoleAnswer:
    """How the school carries one required role: here (nothing given), by a trust-wide appointment, or struck out with a reason."""

    held_by: Appointment | None = None
    struck_out: str = ""


def check_says_which_roles(by: Scope, school_id: UUID) -> None:
    """The head, or the clerk, says which roles the school needs (catalogue people.key_roles_filled, who_acts)."""
    if school_id not in by.schools:
        raise NotFound("There is no such school in your reach")
    if not by.may(Permission.USER_MANAGE, school_id) and not can_fill_role(by, "link_governor", school_id):
        raise Denied("Only the headteacher, the clerk or someone who keeps the register may confirm the roles.")


def check_can_confirm_roles(by: Scope, school_id: UUID, answers: Mapping[str, RoleAnswer]) -> None:
    """Who may, and an answer for each role: held here, held by the trust, or not needed for a reason."""
    check_says_which_roles(by, school_id)
    if not answers:
        raise BadInput("Name at least one role.")
    for role, answer in answers.items():
        _check_answer(by, role, answer)


def _check_answer(by: Scope, role: str, answer: RoleAnswer) -> None:
    if role not in known_roles():
        raise BadInput(f"There is no role called {role}. The roles are listed on the page “Roles”.", role)
    if answer.held_by and answer.struck_out:
        raise BadInput(f"{title_of(role)} is either held by the trust or struck out, not both.", role)
    if answer.held_by and (answer.held_by.school_id is not None or answer.held_by.trust_id != by.trust_id):
        raise BadInput(f"{title_of(role)}: choose somebody who holds a role across the trust.", role)


def can_confirm_roles(by: Scope, school_id: UUID, answers: Mapping[str, RoleAnswer]) -> bool:
    return allowed(check_can_confirm_roles, by, school_id, answers)


def check_can_send_letter(by: Scope, engagement: Engagement, sent_before: bool) -> None:
    """The office sends the leaver's letter: whoever may chase signatures."""
    by.require(
        Permission.AGREEMENT_CHASE, engagement.school_id, "Only the office, or someone who may chase signatures, may send this letter."
    )
    if sent_before:
        raise Denied("The leaver’s letter has already been sent.")
    if engagement.ends_on is None:
        raise Denied("This person has no last day. Write down their last day first.")


def can_send_letter(by: Scope, engagement: Engagement, sent_before: bool) -> bool:
    return allowed(check_can_send_letter, by, engagement, sent_before)


def check_can_answer_letter(by: Scope, letter: LeaverLetter, person_id: UUID) -> None:
    """The leaver answers; the office writes down an answer that came back on paper."""
    if letter.school_id not in by.schools and by.person_id != person_id:
        raise NotFound("There is no such letter in your reach")
    if by.person_id != person_id and not by.may(Permission.AGREEMENT_CHASE, letter.school_id):
        raise Denied("Only the leaver, or the office that had the answer on paper, may record it.")
    if letter.answered_at:
        raise Denied("This letter has already been answered.")


def can_answer_letter(by: Scope, letter: LeaverLetter, person_id: UUID) -> bool:
    return allowed(check_can_answer_letter, by, letter, person_id)


def check_can_record_identity_step(by: Scope, school_id: UUID, service: str) -> None:
    """Only the administrator answers for how people sign in (catalogue people.two_step_on, not_applicable)."""
    check_can_keep_register(by, school_id)
    if by.actor.kind != "system" and ADMINISTRATOR not in by.roles:
        raise Denied("Only the administrator may record that the school’s own sign-in asks for a second step.")
    if not service.strip():
        raise BadInput("Name the service that people sign in with.", "service")


def can_record_identity_step(by: Scope, school_id: UUID, service: str) -> bool:
    return allowed(check_can_record_identity_step, by, school_id, service)


def check_can_explain_break(by: Scope) -> None:
    """A break in the trail is explained by the administrator (catalogue people.audit_trail_intact)."""
    if ADMINISTRATOR not in by.roles:
        raise Denied("Only the administrator may explain a break in the record.")


def can_explain_break(by: Scope) -> bool:
    return allowed(check_can_explain_break, by)


def allowed(check: Any, *given: Any) -> bool:
    """Whether a check passes: the `can_` half of every pair."""
    try:
        check(*given)
    except (Denied, NotFound, BadInput):
        return False
    return True


# ---- who has left


def leaves_on(engagements: Iterable[Engagement]) -> list[Engagement]:
    """Of one person's places at one school, those after whose last day the person had no place there: the leavings.

    Two places that end on one day are one leaving, told by the place added first.
    """
    placed = sorted(engagements, key=lambda one: (one.added_at, one.id))
    leavings: dict[date, Engagement] = {}
    for one in placed:
        if one.ends_on and not any(other.active(one.ends_on + timedelta(days=1)) for other in placed):
            leavings.setdefault(one.ends_on, one)
    return list(leavings.values())
