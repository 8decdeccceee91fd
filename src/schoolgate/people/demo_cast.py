"""Who is who in the fictional Larkfield Trust. Every name is invented."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import StringIO

from schoolgate.people.roster import COLUMNS


@dataclass(frozen=True, slots=True)
class Member:
    """One adult. A role followed by " deputy" stands in for its holder; `group` is the list the demo draws people from."""

    given: str
    family: str
    category: str = "employee"
    job_title: str = ""
    roles: tuple[str, ...] = ()
    address: str = ""
    signs_in_as: str = ""
    group: str = ""
    employer: str = ""


def _teacher(given: str, family: str, job_title: str = "Class teacher", **more: str) -> Member:
    return Member(given, family, job_title=job_title, group="teachers", **more)  # type: ignore[arg-type]


def _assistant(given: str, family: str, job_title: str = "Teaching assistant") -> Member:
    return Member(given, family, job_title=job_title, group="assistants")


def _governor(given: str, family: str, *roles: str, job_title: str = "Governor", address: str = "") -> Member:
    return Member(given, family, "governor", job_title, roles, address)


HARBOUR = (
    Member("Imogen", "Adeyemi-Clarke", job_title="Headteacher", roles=("headteacher", "policy_owner"),
           address="head@harbour.larkfield.example", signs_in_as="Headteacher"),
    Member("Tomasz", "Wierzbicki", job_title="Deputy head", roles=("deputy_headteacher", "dsl", "slt_member"),
           address="dsl@harbour.larkfield.example", signs_in_as="Designated safeguarding lead"),
    Member("Rosalind", "Pettifer", job_title="School business manager", roles=("sbm", "dp_lead"),
           address="sbm@harbour.larkfield.example", signs_in_as="School business manager"),
    Member("Nadia", "Rahimi", job_title="Pastoral lead",
           roles=("deputy_dsl", "pastoral_lead"), address="pastoral@harbour.larkfield.example"),
    Member("Callum", "Featherstone", job_title="Office manager",
           roles=("office_manager", "school_comms_lead", "website_lead deputy", "dp_lead deputy"),
           address="office@harbour.larkfield.example"),
    Member("Beatriz", "Quintanilha", job_title="Computing lead", roles=("website_lead", "school_comms_lead deputy", "curriculum_lead"),
           address="computing@harbour.larkfield.example"),
    Member("Howard", "Blenkinsop", job_title="Clerk to the governors", roles=("clerk",),
           address="clerk@harbour.larkfield.example", signs_in_as="Clerk to the governors"),
    _teacher("Priya", "Venkataraman", address="teacher@harbour.larkfield.example", signs_in_as="Teacher"),
    _teacher("Owain", "Prosser"),
    _teacher("Hannah", "Lindqvist"),
    _teacher("Jerome", "Baptiste"),
    _teacher("Siobhan", "McGarrigle"),
    _teacher("Kenji", "Morikawa"),
    _assistant("Deborah", "Stubbington"),
    _assistant("Faisal", "Choudhary"),
    _governor("Margaret", "Okonjo-Hale", "chair_of_governors", job_title="Chair of governors", address="chair@harbour.larkfield.example"),
    _governor("Elspeth", "Tranter", "link_governor"),
    _governor("Rupert", "Saxelby", "equalities_governor"),
    _governor("Anjali", "Bhattacharjee"),
    Member("Lorna", "Quigg", "supply", "Supply teacher", employer="Northfold Supply Teachers"),
    Member("Dominic", "Vasquez", "trainee", "Student teacher", employer="Coastway Teacher Training"),
    Member("Winifred", "Ashcombe", "volunteer", "Reading volunteer", employer="Harbour Lane Primary"),
    Member("Graham", "Tolliver", "volunteer", "Garden club volunteer", employer="Harbour Lane Primary"),
    Member("Stefan", "Dragomir", "contractor", "Catering supervisor", employer="Greenplate School Meals"),
)  # fmt: skip

MOSS = (
    Member("Desmond", "Achterberg", job_title="Principal",
           roles=("headteacher", "policy_owner"), address="head@mossbank.larkfield.example"),
    Member("Yasmin", "El-Haddad", job_title="Vice principal",
           roles=("deputy_headteacher", "slt_member"), address="vice@mossbank.larkfield.example"),
    Member("Fiona", "Garrowby", job_title="Safeguarding lead", roles=("dsl",), address="dsl@mossbank.larkfield.example"),
    Member("Marcus", "Delacroix-Webb", job_title="Head of Year 9", roles=("deputy_dsl", "pastoral_lead")),
    Member("Philippa", "Nunn", job_title="Business manager", roles=("sbm",), address="sbm@mossbank.larkfield.example"),
    Member("Ravi", "Sundaresan", job_title="Network manager", roles=("it_lead", "website_lead")),
    Member("Chloe", "Harbottle", job_title="Marketing officer", roles=("school_comms_lead", "website_lead deputy")),
    Member("Angus", "Mackellar", job_title="Admissions officer", roles=("school_comms_lead deputy", "office_manager")),
    Member("Theodora", "Vlachou", job_title="Clerk to the governors", roles=("clerk",)),
    _teacher("Bartholomew", "Kingsnorth", "Teacher of history"),
    _teacher("Ifeoma", "Nwachukwu", "Teacher of science"),
    _teacher("Lucy", "Thistlewood", "Teacher of art"),
    _teacher("Gareth", "Llewelyn-Rees", "Teacher of physical education"),
    _teacher("Mei", "Fairbrother", "Teacher of mathematics"),
    _teacher("Oliver", "Szymanski", "Teacher of music"),
    _assistant("Caroline", "Upjohn", "Learning support assistant"),
    _assistant("Tariq", "Mahmoud-Ellis", "Learning support assistant"),
    _governor("Cornelius", "Babington", "chair_of_governors", job_title="Chair of governors"),
    _governor("Judith", "Amponsah", "link_governor"),
    _governor("Pavel", "Horak", "equalities_governor"),
    Member("Shirley", "Wadlow", "supply", "Cover supervisor", employer="Northfold Supply Teachers"),
    Member("Emmanuel", "Tetteh", "volunteer", "Mentor", employer="Mossbank Academy"),
    Member("Bridie", "Costello", "volunteer", "Duke of Edinburgh helper", employer="Mossbank Academy"),
    Member("Nigel", "Pemberthy", "contractor", "Site engineer", employer="Ironbridge Facilities"),
)  # fmt: skip

TRUST = (
    Member("Verity", "Hollingbourne", job_title="Head of communications", roles=("trust_comms",),
           address="comms@larkfield.example", signs_in_as="Trust head of communications"),
    Member("Ibrahim", "Suleyman", job_title="Systems administrator", roles=("administrator",),
           address="admin@larkfield.example", signs_in_as="Administrator"),
    Member("Constance", "Mbeki-Rowe", job_title="Chief executive", roles=("trust_ceo",), address="ceo@larkfield.example"),
    Member("Alistair", "Penhaligon", job_title="Safeguarding lead",
           roles=("trust_safeguarding_lead",), address="safeguarding@larkfield.example"),
    Member("Dorothea", "Lindgren", job_title="Data protection officer", roles=("trust_dpo",), address="dpo@larkfield.example"),
    Member("Samuel", "Okereke", job_title="Governance lead",
           roles=("trust_governance_lead", "trust_dpo deputy"), address="governance@larkfield.example"),
)  # fmt: skip

QUARRY = (
    Member("Geraldine", "Foxcroft", job_title="Headteacher",
           roles=("headteacher", "policy_owner", "school_comms_lead"), address="head@quarry.larkfield.example"),
    Member("Matthew", "Ogunbanjo", job_title="Assistant head",
           roles=("dsl", "assistant_headteacher"), address="dsl@quarry.larkfield.example"),
    Member("Pauline", "Trescothick", job_title="School business manager", roles=("sbm", "dp_lead"), address="sbm@quarry.larkfield.example"),
    Member("Sanjay", "Kulkarni", job_title="Administrator", roles=("office_manager", "dp_lead deputy", "school_comms_lead deputy")),
    Member("Eleri", "Bowen-Hughes", job_title="Computing lead", roles=("website_lead",)),
    _teacher("Francesca", "Dunmore"),
    _teacher("Kwabena", "Asamoah"),
    _teacher("Ruth", "Silverdale"),
    _assistant("Janine", "Crowhurst"),
    _governor("Patrick", "O’Halloran", "chair_of_governors", job_title="Chair of governors"),
    _governor("Zainab", "Qureshi-Bell", "link_governor"),
    _governor("Leonard", "Whitgift", "equalities_governor"),
    Member("Norma", "Eastlake", "volunteer", "Library volunteer"),
    Member("Kieran", "Malloy", "contractor", "Breakfast club leader", employer="Early Risers Clubs"),
)  # fmt: skip

WITHOUT_EMPLOYER = ("Crowhurst", "Silverdale")
"""Rows of Quarry Hill's list that came without an employer."""


def staff_number(position: int) -> str:
    """The number a person has in Quarry Hill's staff system, counted from 1."""
    return f"QH{position:03}"


def as_csv(members: Iterable[Member], employer: str, started: date) -> str:
    """The list as a school's office would send it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for number, one in enumerate(members, start=1):
        pays = "" if one.family in WITHOUT_EMPLOYER else one.employer or employer
        writer.writerow(
            [staff_number(number), one.given, one.family, one.address, one.category, one.job_title, pays, started.isoformat(), ""]
        )
    return out.getvalue()
