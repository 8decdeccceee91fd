"""A roster of pupils, guardians and adults comes into a trust: compared first, all or nothing, nobody taken off."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from schoolgate.audit import actions as audit
from schoolgate.audit.models import Entry
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound, Replaced
from schoolgate.people import actions, commands, queries
from schoolgate.people.models import Engagement, Guardian, Guardianship, Person, Pupil, School
from schoolgate.people.rosters.rows import Adult, Carer, Child, Organisation, Tie, TrustRoster

TODAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _monday():
    with clock.standing_at(clock.at(TODAY, 9)):
        yield


@pytest.fixture
def schools(cast):
    School.objects.filter(pk=cast.school.pk).update(urn="100001")
    School.objects.filter(pk=cast.sister.pk).update(urn="100002")
    return cast


def roster(**changes) -> TrustRoster:
    """Two schools known by URN and by name, one unknown; pupils, guardians, a teacher at both schools."""
    places = [Organisation("S1", "Alder Park", "school", "100001"), Organisation("S2", "birch hill academy", "school")]
    made = TrustRoster(
        "oneroster-1.1",
        [*places, Organisation("S9", "Far", "school")],
        [Adult("users.csv", 2, "A1", "Ada", "Norris", place, email="ada@alder.example") for place in ("S1", "S2")],
        [
            Child("users.csv", 3, "P1", "Noor", "Vale", "S1", "Noori", "4", date(2017, 5, 6)),
            Child("users.csv", 4, "P2", "Kim", "Vale", "S2", year="7"),
        ],
        [Carer("users.csv", 5, "G1", "Sam", "Vale", "sam@home.example")],
        [Tie("P1", "G1"), Tie("P2", "G1", "parent")],
        people_in=4,
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def stored() -> dict[str, list[str]]:
    kept = (Person, Engagement, Pupil, Guardian, Guardianship)
    return {one.__name__: sorted(map(str, one.objects.values_list())) for one in kept}


def test_everybody_comes_in_once(schools):
    plan = actions.import_trust_roster(roster=roster(), by=schools.office)
    assert plan.counts["pupils"]["new"] == 2
    assert plan.counts["adults"]["new"] == 2
    assert Person.objects.filter(external_id="A1").count() == 1
    assert {place.school_id for place in Engagement.objects.filter(person__external_id="A1")} == {schools.school.id, schools.sister.id}
    pupil = Pupil.objects.get(external_id="P1")
    assert (pupil.name, pupil.year, pupil.born_on, pupil.school) == ("Noori Vale", "4", date(2017, 5, 6), schools.school)
    assert {str(tie.pupil.external_id) for tie in Guardianship.objects.all()} == {"P1", "P2"}
    assert plan.people_in == 4 == len({one.row.line for one in (*plan.pupils, *plan.guardians)}) + 1


def test_the_same_files_again_change_nothing_and_are_not_recorded(schools):
    actions.import_trust_roster(roster=roster(), by=schools.office)
    before, entries = stored(), Entry.objects.count()
    plan = actions.import_trust_roster(roster=roster(), by=schools.office)
    assert not plan.changes_anything
    assert (stored(), Entry.objects.count()) == (before, entries)


def test_a_pupil_moves_to_another_school_and_a_guardian_changes_address(schools):
    actions.import_trust_roster(roster=roster(), by=schools.office)
    moved = [Child("users.csv", 3, "P1", "Noor", "Vale", "S2", year="5"), Child("users.csv", 4, "P2", "Kim", "Vale", "S2", year="7")]
    carers = [Carer("users.csv", 5, "G1", "Sam", "Vale", "sam@new.example")]
    plan = actions.import_trust_roster(roster=roster(children=moved, carers=carers), by=schools.office)
    assert plan.counts["pupils"] == {"new": 0, "changed": 1, "ended": 0, "unchanged": 1}
    pupil = Pupil.objects.get(external_id="P1")
    assert (pupil.school, pupil.year) == (schools.sister, "5")
    assert pupil.known_as == "Noori"  # the file said nothing of it
    assert Guardian.objects.get().email == "sam@new.example"
    assert Entry.objects.filter(verb="pupil.changed").count() == 1


def test_somebody_missing_is_asked_about_and_stays(schools):
    actions.import_trust_roster(roster=roster(), by=schools.office)
    plan = actions.import_trust_roster(roster=roster(children=roster().children[:1]), by=schools.office)
    assert [one.external_id for one in queries.pupil_names(schools.office, plan.missing_pupils)] == ["P2"]
    assert Pupil.objects.get(external_id="P2").on_roll(TODAY)
    assert Guardianship.objects.count() == 2


def test_a_school_nobody_set_up_is_told_row_by_row(schools):
    lost = [*roster().children, Child("users.csv", 6, "P3", "Lee", "Far", "S9")]
    plan = actions.import_trust_roster(roster=roster(children=lost, people_in=5), by=schools.office)
    assert [one.sentence for one in plan.refused] == [
        "users.csv, line 6: Far is not one of the schools here. Set it up with the same URN or name, or leave the row out."
    ]
    assert not Pupil.objects.filter(external_id="P3").exists()


def test_no_known_school_at_all_is_refused_whole(schools):
    with pytest.raises(BadInput, match="None of the schools in the files is set up here: Far"):
        actions.import_trust_roster(roster=roster(organisations=[Organisation("S9", "Far", "school")]), by=schools.office)
    assert not Pupil.objects.exists()


def test_one_school_takes_only_its_own(schools):
    plan = actions.import_trust_roster(roster=roster(), only=schools.sister, by=schools.scope("sister_head"))
    assert [one.row.external_id for one in plan.pupils] == ["P2"]
    assert list(Pupil.objects.values_list("external_id", flat=True)) == ["P2"]
    assert Guardian.objects.count() == 1


def test_last_days_before_first_days_are_refused_with_their_line(schools):
    wrong = [Child("users.csv", 3, "P1", "Noor", "Vale", "S1", starts_on=date(2026, 9, 1), ends_on=date(2026, 8, 1)), roster().children[1]]
    plan = actions.import_trust_roster(roster=roster(children=wrong), by=schools.office)
    assert plan.refused[0].sentence.startswith("users.csv, line 3: the last day on roll comes before the first")
    assert list(Pupil.objects.values_list("external_id", flat=True)) == ["P2"]


def test_what_was_previewed_is_what_is_confirmed(schools):
    seen = queries.trust_roster_plan(schools.office, roster(), TODAY).fingerprint
    actions.import_trust_roster(roster=roster(children=roster().children[:1]), by=schools.office)
    before = stored()
    with pytest.raises(Replaced):
        actions.import_trust_roster(roster=roster(), expected=seen, by=schools.office)
    assert stored() == before


def test_nothing_is_stored_when_the_log_cannot_be_written(schools, monkeypatch):
    before = stored()

    def fails(*_given, **_named):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(audit, "record_many", fails)
    with pytest.raises(RuntimeError, match="the disk is full"):
        actions.import_trust_roster(roster=roster(), by=schools.office)
    assert stored() == before


def test_a_teacher_may_not_bring_a_roster_in(schools):
    with pytest.raises(Denied):
        actions.import_trust_roster(roster=roster(), by=schools.scope("teacher"))
    assert not Pupil.objects.exists()


def test_a_head_may_not_bring_in_a_sister_school(schools):
    with pytest.raises(NotFound):
        actions.import_trust_roster(roster=roster(), only=schools.sister, by=schools.scope("head"))
    assert not Pupil.objects.exists()


def test_another_trusts_head_finds_none_of_these_schools(schools):
    with pytest.raises(BadInput, match="None of the schools"):
        actions.import_trust_roster(roster=roster(), by=schools.scope("outsider"))


def test_the_log_names_nobody(schools):
    actions.import_trust_roster(roster=roster(), by=schools.office)
    said = " ".join(bytes(entry.payload).decode() for entry in Entry.objects.filter(verb__startswith="pupil."))
    assert said
    assert "Vale" not in said
    assert "Noor" not in said


def test_six_queries_however_many_rows(schools, django_assert_num_queries):
    many = [Child("users.csv", number, f"Q{number}", "A", "B", "S1") for number in range(10, 400)]
    with django_assert_num_queries(6):
        queries.trust_roster_plan(schools.office, roster(children=many), TODAY)


def test_the_looked_after_flag_is_not_fetched_with_the_list(schools):
    actions.import_trust_roster(roster=roster(), by=schools.office)
    found = list(queries.pupils_of(schools.scope("head"), schools.school.id, TODAY))
    assert [one.external_id for one in found] == ["P1"]
    assert "looked_after" in found[0].get_deferred_fields()


def test_only_the_safeguarding_lead_marks_a_looked_after_child(schools):
    actions.import_trust_roster(roster=roster(), by=schools.office)
    pupil = queries.pupil(schools.scope("dsl"), Pupil.objects.get(external_id="P1").pk)
    actions.mark_looked_after(pupil=pupil, looked_after=True, by=schools.scope("dsl"))
    assert Pupil.objects.get(pk=pupil.pk).looked_after
    with pytest.raises(Denied, match="Only the safeguarding lead"):
        actions.mark_looked_after(pupil=pupil, looked_after=False, by=schools.scope("head"))


# ---- the command


ORGS = "sourcedId,name,type,identifier\nS1,Alder Park Primary,school,\nS2,Birch Hill Academy,school,\n"
USERS = (
    "sourcedId,enabledUser,orgSourcedIds,role,givenName,familyName,email,agentSourcedIds,grades\n"
    "P1,true,S1,student,Noor,Vale,,G1,4\nG1,true,S1,parent,Sam,Vale,sam@home.example,,\nX1,true,S1,student,,,,,\n"
)


@pytest.fixture
def run(cast, tmp_path):
    """`run(*options)` runs the command on a folder with that roster."""
    (tmp_path / "orgs.csv").write_text(ORGS, encoding="utf-8")
    (tmp_path / "users.csv").write_text(USERS, encoding="utf-8")
    return lambda *options: CliRunner().invoke(commands.app, ["import", str(tmp_path), *options])


def test_the_command_takes_a_folder_and_prints_one_object(cast, run):
    answer = run("--school", "alder-park", "--json")
    told = json.loads(answer.stdout)
    assert answer.exit_code == 1  # one row could not be used
    assert (told["format"], told["rows"], told["pupils"]["new"], told["guardians"]["new"], told["links"]) == ("oneroster-1.1", 3, 1, 1, 1)
    assert told["listed"] == [{"file": "users.csv", "line": 4, "reason": "the name is empty. Fill it in in your system and export again."}]
    assert Pupil.objects.get().school == cast.school


def test_a_dry_run_of_a_roster_changes_nothing(run):
    assert json.loads(run("--school", "alder-park", "--json", "--dry-run").stdout)["pupils"]["new"] == 1
    assert not Pupil.objects.exists()


def test_a_roster_in_words_names_every_row_that_was_not_used(run):
    said = run("--school", "alder-park").stdout
    assert "OneRoster 1.1, 3 people, 1 not used" in said
    assert "pupils: 1 new" in said
    assert "users.csv, line 4: the name is empty" in said


def test_the_named_format_must_be_the_one_the_files_are_in(run):
    assert "is written as oneroster-1.1, not sds-2" in run("--school", "alder-park", "--format", "sds-2").exception.sentence


def test_with_several_trusts_the_school_must_be_named(run):
    assert "Say which school with --school" in run().exception.sentence
