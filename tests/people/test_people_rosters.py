"""Rosters of other systems: OneRoster 1.1 and 1.2 and School Data Sync 1, 2 and 2.1, from a folder, a zip, good and bad."""

import csv
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from schoolgate.common.errors import BadInput
from schoolgate.people.rosters.reading import read, year_of
from schoolgate.people.rosters.rows import Tie

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "rosters" / "microsoft_sds"

ORGS = (
    "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
    "T1,active,,Alder Trust,district,,\nS1,active,,Alder Park,school,100001,T1\n"
)
USERS_1_1 = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
    "P1,active,,true,S1,student,,,Noor,Vale,,,,,,\"G1,G2\",07,secret\n"
    "G1,active,,true,S1,guardian,,,Sam,Vale,,,Sam@home.example,,,,,\n"
    "G2,active,,true,S1,parent,,,Alex,Vale,,,not an address,,,,,\n"
    "A1,active,,true,\"S1,T1\",teacher,ada@alder.example,,Ada,Norris,,,,,,,,\n"
    "A2,tobedeleted,,true,S1,aide,,,Bo,Gone,,,,,,,,\n"
)  # fmt: skip
DEMOGRAPHICS = "sourcedId,status,dateLastModified,birthDate,sex\nP1,active,,2015-03-04,female\n"
USERS_1_2 = (
    "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,preferredGivenName,email,agentSourcedIds,grades,primaryOrgSourcedId\n"
    "P1,,,true,,,Noor,Vale,Noori,,G1,07,S1\n"
    "G1,,,true,,,Sam,Vale,,sam@home.example,,,S1\n"
    "A1,,,true,,,Ada,Norris,,ada@alder.example,,,S1\n"
)
ROLES_1_2 = (
    "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n"
    "R1,,,P1,primary,student,2025-09-01,,S1,\nR2,,,G1,primary,guardian,,,S1,\n"
    "R3,,,A1,primary,teacher,2024-09-01,2026-08-31,S1,\nR4,,,A1,secondary,siteAdministrator,,,T1,\nR5,tobedeleted,,A1,secondary,aide,,,S1,\n"
)


@pytest.fixture
def folder(tmp_path):
    """Writes the tables of a roster into a folder."""

    def write(**tables: str) -> Path:
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def shared_roster(*parts: str) -> Path:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{path.name} is not at hand")
        pytest.skip(f"{path.name} is not at hand")
    return path


def rows_in(path: Path, name: str) -> list[dict[str, str]]:
    with (path / name).open(encoding="utf-8-sig", newline="") as stream:
        return [row for row in csv.DictReader(stream) if any(row.values())]


@pytest.mark.parametrize("edition", ["SDS_Format", "UK_Format"])
def test_school_data_sync_1_is_read_whole(edition):
    path = shared_roster(edition, "25_Users")
    found = read(path)
    students, teachers, schools = (rows_in(path, name) for name in ("Student.csv", "Teacher.csv", "School.csv"))
    assert found.layout == "sds-1"
    assert (len(found.children), len(found.adults), len(found.organisations)) == (len(students), len(teachers), len(schools))
    assert (found.people_in, found.accepted, found.refused) == (len(students) + len(teachers), len(students) + len(teachers), [])
    month, day, year = map(int, students[0]["Birthdate"].split("/"))
    assert found.children[0].born_on == date(year, month, day)  # month first, in the British edition too


def test_school_data_sync_2_is_read_whole():
    path = shared_roster("SDS_v2")
    found = read(path)
    users = rows_in(path, "users.csv")
    assert found.layout == "sds-2"
    assert (found.people_in, found.accepted, found.refused) == (len(users), len(users), [])
    assert len(found.children) == sum(user["role"].lower() == "student" for user in users)
    assert len(found.organisations) == len(rows_in(path, "orgs.csv"))


def test_school_data_sync_2_1_is_read_whole():
    path = shared_roster("SDS_v2.1")
    found = read(path)
    users, roles, ties = (rows_in(path, name) for name in ("users.csv", "roles.csv", "relationships.csv"))
    assert found.layout == "sds-2.1"
    assert (found.people_in, found.accepted, found.refused) == (len(users), len(users), [])
    assert len(found.children) + len(found.adults) == len(roles)
    assert len(found.ties) == len(ties)
    assert {one.external_id for one in found.carers} == {tie["relationshipUserSourcedId"] for tie in ties}
    born = {row["userSourcedId"]: row["birthDate"] for row in rows_in(path, "demographics.csv")}
    assert all(one.born_on == date.fromisoformat(born[one.external_id]) for one in found.children)


def test_oneroster_1_1_is_read_whole(folder):
    found = read(folder(orgs=ORGS, users=USERS_1_1, demographics=DEMOGRAPHICS))
    assert found.layout == "oneroster-1.1"
    (child,) = found.children
    assert (child.external_id, child.year, child.born_on, child.organisation) == ("P1", "7", date(2015, 3, 4), "S1")
    assert [(one.external_id, one.email) for one in found.carers] == [("G1", "sam@home.example"), ("G2", "")]
    assert [(one.organisation, one.category, one.email) for one in found.adults] == [
        ("S1", "employee", "ada@alder.example"),
        ("T1", "employee", "ada@alder.example"),
    ]
    assert found.ties == [Tie("P1", "G1"), Tie("P1", "G2")]
    assert found.organisations[1].identifier == "100001"


def test_nobody_is_taken_off_by_a_mark_in_the_file(folder):
    found = read(folder(orgs=ORGS, users=USERS_1_1))
    assert [one.line for one in found.refused] == [6]
    assert "write down their last day" in found.refused[0].sentence
    assert found.people_in == found.accepted + len(found.refused) == 5


def test_oneroster_1_2_keeps_roles_in_a_file_of_their_own(folder):
    found = read(folder(orgs=ORGS, users=USERS_1_2, roles=ROLES_1_2))
    assert found.layout == "oneroster-1.2"
    assert [(one.known_as, one.year, one.starts_on) for one in found.children] == [("Noori", "7", date(2025, 9, 1))]
    assert [(one.organisation, one.job_title, one.ends_on) for one in found.adults] == [
        ("S1", "teacher", date(2026, 8, 31)),
        ("T1", "siteAdministrator", None),
    ]
    assert found.ties == [Tie("P1", "G1")]
    assert found.accepted == found.people_in == 3


def test_a_zip_with_a_folder_in_it_reads_like_the_folder(folder, tmp_path):
    plain = read(folder(orgs=ORGS, users=USERS_1_1))
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "orgs.csv", "roster/orgs.csv")
        archive.write(tmp_path / "users.csv", "roster/users.csv")
    assert read(packed) == plain


def test_the_password_column_is_never_kept(folder):
    assert "secret" not in repr(read(folder(orgs=ORGS, users=USERS_1_1)))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("P1,active,,true,S1,student,,,Second,Vale,,,,,,,,", "the number P1 stands on line 2"),
        (",active,,true,S1,student,,,No,Number,,,,,,,,", "number of this person is empty"),
        ("X1,active,,true,S1,student,,,,,,,,,,,,", "the name is empty"),
        ("X1,active,,true,,teacher,,,No,School,,,,,,,,", "no school is named"),
        ("X1,active,,true,S1,teacher,,,Too,Many,,,,,,,,,extra", "more fields than headings"),
        ("X1,active,,true,S1,teacher,,,B\x07ll,Gates,,,,,,,,", "cannot be printed"),
        (f"X1,active,,true,S1,teacher,,,{'A' * 101},Long,,,,,,,,", "longer than 100 letters"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_the_others_go_on(folder, row, reason):
    found = read(folder(orgs=ORGS, users=USERS_1_1 + row + "\n"))
    assert (found.refused[-1].file, found.refused[-1].line) == ("users.csv", 7)
    assert reason in found.refused[-1].reason
    assert found.people_in == found.accepted + len(found.refused) == 6


def test_a_wrong_birthday_is_told_and_the_pupil_taken(folder):
    found = read(folder(orgs=ORGS, users=USERS_1_1, demographics=DEMOGRAPHICS.replace("2015-03-04", "04/13/2015")))
    assert found.children[0].born_on is None
    assert found.warnings[0].startswith("demographics.csv, line 2: birthDate “04/13/2015” is not a date")


def test_links_to_nobody_are_counted_and_left_out(folder):
    found = read(folder(orgs=ORGS, users=USERS_1_1.replace('"G1,G2"', '"G1,G9"')))
    assert found.ties == [Tie("P1", "G1")]
    assert found.warnings == ["1 links between a pupil and a guardian name somebody who was not taken; they are left out."]


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({"people": "a,b\n1,2\n"}, "is no OneRoster or School Data Sync export: it holds people.csv"),
        ({"users": USERS_1_1}, "is no OneRoster or School Data Sync export"),
        ({"orgs": ORGS, "users": USERS_1_1.replace("familyName", "surname")}, "users.csv, line 1: the heading familyName is missing"),
        ({"orgs": ORGS, "users": USERS_1_1.split("\n", 1)[0] + "\n"}, "names no people"),
        ({"orgs": ORGS, "users": USERS_1_1 + '"P7,"x"\n'}, "quotation marks or line ends are wrong"),
        ({"orgs": ORGS, "users": USERS_1_1 + "P8," + "x" * 30_000 + "\n"}, "users.csv, line 7: the line is longer"),
    ],
)
def test_a_roster_that_cannot_be_used_at_all_gets_one_sentence(folder, tables, sentence):
    with pytest.raises(BadInput) as told:
        read(folder(**tables))
    assert sentence in told.value.sentence


def test_letters_in_another_encoding_are_refused_with_their_line(folder, tmp_path):
    path = folder(orgs=ORGS, users=USERS_1_1)
    (tmp_path / "users.csv").write_bytes(USERS_1_1.replace("Noor", "Zoë").encode("latin-1"))
    with pytest.raises(BadInput, match=r"users\.csv, line 2: a letter is not written in UTF-8"):
        read(path)


def test_a_zip_that_unpacks_to_far_too_much_is_refused(tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orgs.csv", ORGS)
        archive.writestr("users.csv", "A" * 50_000_000)
    with pytest.raises(BadInput, match="unpacks to far more than a roster holds"):
        read(bomb)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"%PDF-1.7"])
def test_a_file_that_is_no_roster_is_refused(tmp_path, content):
    path = tmp_path / "users.zip"
    path.write_bytes(content)
    with pytest.raises(BadInput):
        read(path)


@pytest.mark.parametrize(
    ("written", "year"),
    [("07", "7"), ("Year 11", "11"), ("R", "R"), ("KG", "R"), ("PK", "N"), ("13", "13"), ("14", ""), ("", ""), ("PS1", ""), ("0", "R")],
)  # fmt: skip
def test_year_groups_are_read_however_they_are_written(written, year):
    assert year_of(written) == year
