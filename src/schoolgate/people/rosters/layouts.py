"""How each system lays out its files, as data: which file holds whom, and what its columns are called.

OneRoster: the 1EdTech CSV binding, versions 1.1 and 1.2. School Data Sync: Microsoft's formats 1 (with the headings of its British
edition), 2 and 2.1. Version 1 writes its dates month first, the others year first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Columns = Mapping[str, tuple[str, ...]]

_ORGANISATIONS: Columns = {"id": ("sourcedId",), "name": ("name",), "kind": ("type",), "identifier": ("identifier",), "status": ("status",)}
_USER: Columns = {
    "id": ("sourcedId",), "status": ("status",), "given": ("givenName",), "family": ("familyName",), "email": ("email",),
    "username": ("username",),
}  # fmt: skip
_BIRTHS: Columns = {"id": ("userSourcedId", "sourcedId"), "born": ("birthDate",)}


@dataclass(frozen=True, slots=True)
class People:
    """A file about people. ``role`` is the role of everybody in it, where the file itself names none."""

    table: str
    columns: Columns
    role: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """One format. ``roles`` and ``ties`` are files of their own in the newer ones; ``month_first`` says how dates are written."""

    name: str
    title: str
    organisations: tuple[str, Columns]
    people: tuple[People, ...]
    births: tuple[str, Columns] | None = None
    roles: tuple[str, Columns] | None = None
    ties: tuple[str, Columns] | None = None
    month_first: bool = False


_V1_PERSON: Columns = {
    "id": ("SIS ID", "ID"), "organisations": ("School SIS ID", "School DfE Number"), "given": ("First Name",), "family": ("Last Name",),
    "email": ("Secondary Email",), "status": ("Status",), "job_title": ("Title",), "grade": ("Grade",), "born": ("Birthdate",),
}  # fmt: skip
_V1_SCHOOL: Columns = {"id": ("SIS ID", "DfE Number"), "name": ("Name",), "identifier": ("School Number",)}
_ROLES: Columns = {
    "user": ("userSourcedId",), "organisation": ("orgSourcedId",), "role": ("role",), "grade": ("grade",), "status": ("status",),
    "starts": ("beginDate", "roleStartDate"), "ends": ("endDate", "roleEndDate"),
}  # fmt: skip
_TIES: Columns = {"child": ("userSourcedId",), "carer": ("relationshipUserSourcedId",), "relation": ("relationshipRole",)}

LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout(
            "oneroster-1.1", "OneRoster 1.1", ("orgs", _ORGANISATIONS),
            (People("users", {
                **_USER, "organisations": ("orgSourcedIds",), "role": ("role",), "grade": ("grades",), "agents": ("agentSourcedIds",),
            }),),
            births=("demographics", _BIRTHS),
        ),
        Layout(
            "oneroster-1.2", "OneRoster 1.2", ("orgs", _ORGANISATIONS),
            (People("users", {
                **_USER, "known_as": ("preferredGivenName", "preferredFirstName"), "grade": ("grades",), "agents": ("agentSourcedIds",),
                "organisations": ("primaryOrgSourcedId",),
            }),),
            births=("demographics", _BIRTHS), roles=("roles", _ROLES),
        ),
        Layout(
            "sds-1", "School Data Sync 1", ("school", _V1_SCHOOL),
            (People("student", _V1_PERSON, "student"), People("teacher", _V1_PERSON, "teacher")), month_first=True,
        ),
        Layout(
            "sds-2", "School Data Sync 2", ("orgs", _ORGANISATIONS),
            (People("users", {**_USER, "organisations": ("orgSourcedIds",), "role": ("role",), "grade": ("grade",)}),),
        ),
        Layout(
            "sds-2.1", "School Data Sync 2.1", ("orgs", _ORGANISATIONS), (People("users", _USER),),
            births=("demographics", _BIRTHS), roles=("roles", _ROLES), ties=("relationships", _TIES),
        ),
    )
}  # fmt: skip

CHILD_ROLES = frozenset({"student", "pupil", "learner"})
CARER_ROLES = frozenset({"guardian", "parent", "relative"})
CATEGORY_OF_ROLE = {"volunteer": "volunteer", "governor": "governor", "contractor": "contractor", "studentteacher": "trainee"}
"""Roles that are no employee's; every other adult role (teacher, aide, administrator, principal ...) is one."""
