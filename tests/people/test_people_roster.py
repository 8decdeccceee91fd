"""Reading a CSV list of adults: what is taken, what is listed with a reason, and what is refused whole."""

import random
from datetime import date
from io import BytesIO

import pytest

from schoolgate.common.errors import BadInput
from schoolgate.people import roster

HEAD = "external_id,given,family,email,category,job_title,employer,starts_on,ends_on\n"


def read(text: str | bytes) -> roster.Roster:
    return roster.read(BytesIO(text.encode() if isinstance(text, str) else text), "staff.csv")


def refusal(text: str | bytes) -> str:
    with pytest.raises(BadInput) as told:
        read(text)
    return told.value.sentence


def test_a_whole_row_is_read():
    found = read(HEAD + "E1,Ada,Norris,Ada@School.example,employee,Teacher,Alder Trust,2026-09-01,31/08/2027\n")
    assert found.rows == [
        roster.Row(
            2, "E1", "Ada", "Norris", "employee", "ada@school.example", "Teacher", "Alder Trust", date(2026, 9, 1), date(2027, 8, 31)
        )
    ]
    assert (found.rows_in, found.listed, found.warnings) == (1, [], [])


def test_headings_may_be_in_any_case_and_order_and_carry_a_byte_mark():
    found = read(b"\xef\xbb\xbfFamily,GIVEN,External ID,Category\r\nNorris,Ada,E1,Governor\r\n")
    assert (found.rows[0].family, found.rows[0].category) == ("Norris", "governor")


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_found_from_the_headings(delimiter):
    assert read("external_id,given,family,category\nE1,Ada,Norris,staff\n".replace(",", delimiter)).rows[0].given == "Ada"


def test_unknown_columns_are_named_in_a_warning():
    found = read("external_id,given,family,category,shoe size\nE1,Ada,Norris,trainee,5\n")
    assert found.warnings == ["Columns that were not read: shoe size."]
    assert len(found.rows) == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("E1,Ada,Norris,,employee,,,1.9.2026,", "Line 2: starts_on “1.9.2026” is not a date. Write it as 2026-09-01 or 01/09/2026."),
        ("E1,Ada,Norris,,employee,,,2026-02-30,", "Line 2: starts_on “2026-02-30” is not a date. Write it as 2026-09-01 or 01/09/2026."),
        ("E1,Ada,Norris,,employee,,,09/13/2026,", "Line 2: starts_on “09/13/2026” is not a date. Write it as 2026-09-01 or 01/09/2026."),
        (
            "E1,Ada,Norris,,employee,,,2026-09-01,2026-08-01",
            "Line 2: ends_on (2026-08-01) is before starts_on (2026-09-01). Check both dates.",
        ),
        (",Ada,Norris,,employee,,,,", "Line 2: external_id is empty. Give each person the number your staff system knows them by."),
        ("E1,,,,employee,,,,", "Line 2: the name is empty. Fill in given and family."),
        ("E1,Ada,Norris,,wizard,,,,", "Line 2: “wizard” is no category. Use employee, governor, supply, trainee, volunteer or contractor."),
        ("E1,Ada,Norris,not-mail,employee,,,,", "Line 2: “not-mail” is not an e-mail address. Mend it or leave it empty."),
        (
            "E1,Ada,Norris,,employee,a,b,c,d,e,f",
            "Line 2: there are 11 fields where the headings name 9. Put quotation marks around a text with a comma in it.",
        ),
        (f"E1,{'a' * 101},Norris,,employee,,,,", "Line 2: given is longer than 100 letters. Shorten it."),
        ("E1,Ada\x07,Norris,,employee,,,,", "Line 2: given holds a character that cannot be printed. Type the text again."),
    ],
)
def test_a_row_that_cannot_be_used_is_listed_with_its_line_and_remedy(row, reason):
    found = read(HEAD + row + "\nE9,Bo,Quill,,volunteer,,,,\n")
    assert [one.reason for one in found.listed] == [reason]
    assert [one.external_id for one in found.rows] == ["E9"]
    assert found.rows_in == len(found.rows) + len(found.listed) == 2


def test_a_number_given_twice_lists_every_row_of_it():
    found = read(HEAD + "E1,Ada,Norris,,employee,,,,\nE2,Bo,Quill,,employee,,,,\nE1,Ada,Norris,,employee,,,,\n")
    assert [one.line for one in found.listed] == [2, 4]
    assert found.listed[0].reason == "Line 2: external_id E1 is there more than once, on lines 2 and 4. Keep one of them."
    assert [one.external_id for one in found.rows] == ["E2"]


def test_a_number_given_to_two_people_lists_both():
    found = read(HEAD + "E1,Ada,Norris,,employee,,,,\nE1,Bo,Quill,,governor,,,,\n")
    assert "given to different people" in found.listed[0].reason
    assert not found.rows


def test_one_person_may_be_in_two_categories():
    assert len(read(HEAD + "E1,Ada,Norris,,employee,,,,\nE1,Ada,Norris,,governor,,,,\n").rows) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "staff.csv is empty"),
        (b"   \n\n", "staff.csv is empty"),
        (b"\nexternal_id,given\n", "staff.csv, line 1: the headings are missing"),
        (HEAD.encode(), "staff.csv has headings but no people"),
        (b"E1,Ada,Norris,,employee\n", "staff.csv, line 1: the heading is missing for external_id, given, family, category"),
        (b"external_id,external_id,given,family,category\n", "staff.csv, line 1: the heading external_id is there twice"),
        (HEAD.encode() + b"E1,Zo\xeb,Norris,,employee,,,,\n", "staff.csv, line 2: a letter is not written in UTF-8"),
        (HEAD.encode("utf-16"), "staff.csv, line 1: the file is written in UTF-16"),
        (b"PK\x03\x04rest", "staff.csv is an Excel workbook or a zip file"),
        (b"%PDF-1.7", "staff.csv is a PDF"),
        (HEAD.encode() + b"E1,\x00,Norris\n", "staff.csv, line 2: this is not a text file"),
        (HEAD.encode() + b'E1,"Ada,Norris\n', "staff.csv, line 2: the quotation marks or line ends are wrong"),
        (HEAD.encode() + b"E1," + b"a" * 30_000 + b"\n", "staff.csv, line 2: the line is longer than 20,000 letters"),
        (
            HEAD.replace("\n", "\r").encode() + b"E1,Ada,Norris,,employee,,,,\r",
            "staff.csv, line 1: the quotation marks or line ends are wrong",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(content, sentence):
    told = refusal(content)
    assert told.startswith(sentence)
    assert len(told) > len(sentence) + 10, "the remedy is named too"


def test_a_file_over_twenty_megabytes_is_refused_without_reading_it_all():
    class Endless:
        """A file that never ends, and counts what was read of it."""

        def __init__(self) -> None:
            self.lines = 0

        def readline(self, _most: int) -> bytes:
            self.lines += 1
            return HEAD.encode() if self.lines == 1 else b"E1,Ada,Norris,,employee,,,," + b" " * 1000 + b"\n"

    endless = Endless()
    with pytest.raises(BadInput, match="larger than 20 MB"):
        roster.read(endless, "staff.csv")
    assert endless.lines < 25_000


def test_no_spoiled_file_brings_the_reader_down():
    good = (HEAD + "".join(f"E{n},Given{n},Family{n},,employee,Teacher,Alder,2026-09-01,\n" for n in range(20))).encode()
    chance = random.Random(7)
    for _ in range(400):
        spoiled = bytearray(good)
        for _ in range(chance.randint(1, 12)):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        sentence, found = attempt(bytes(spoiled))
        assert sentence.startswith("staff.csv") or len(found.rows) + len(found.listed) == found.rows_in


def attempt(content: bytes) -> tuple[str, roster.Roster]:
    """The refusal, or what was read."""
    try:
        return "", read(content)
    except BadInput as told:
        return told.sentence, roster.Roster()
