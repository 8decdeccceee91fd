"""A version as files, a bundle of it, and the same bundle at another school with the trail of where it came from."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from tests.policies.conftest import DAY, TEXT

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.people import queries as people
from schoolgate.policies import actions, bundling, exporting, queries
from schoolgate.policies.models import AdoptedFrom, PolicyVersion
from schoolgate.policies.rules import choices

NAME = "Mx Quill Farthingale"


@pytest.fixture
def live(cast, imported, in_force):
    """In force, its first clause joined to a control with a line, another confirmed by a person who is named in the reason."""
    by = cast.scope("clerk")
    with clock.standing_at(clock.at(DAY)):
        clauses = {row.ref: row for row in queries.clauses_of(by, imported.id)}
        actions.join_clause(clause=clauses["1.1"], controls=[("agreements.signed_by_everyone", [])], by=by)
        actions.join_clause(clause=clauses["2.1"], controls=[("policies.shared_with_readers", ["public_page"])], by=by)
        actions.mark_attested(clause=clauses["1.2"], reason=f"{NAME} confirms it every term", by=by)
        actions.complete_details(
            version=imported, owner_role="headteacher", audience=[], authors=NAME, minute="", review_on=None, change_summary="", by=by
        )
        return in_force(imported)


def exported(cast, version) -> bytes:
    with clock.standing_at(clock.at(DAY + timedelta(days=1))):
        return policytext.bundle(queries.bundle_of(cast.scope("clerk"), version, clock.today()), exporting.cover(version))


def read(tmp_path, data: bytes) -> policytext.Bundle:
    path = tmp_path / "policy.zip"
    path.write_bytes(data)
    return policytext.read_bundle(path)


def far_away(cast):
    """The headteacher of a school of another trust."""
    return people.scope_of(cast.outsider, DAY)


# ------------------------------------------------------------------ files


@pytest.mark.parametrize("kind", ["word", "markdown"])
def test_an_exported_file_imported_again_has_the_same_clauses(cast, live, tmp_path, kind):
    data = exporting.written(kind, live, queries.clauses_of(cast.scope("clerk"), live.id))
    path = tmp_path / f"policy.{exporting.KINDS[kind].ending}"
    path.write_bytes(data)
    with clock.standing_at(clock.at(DAY)):
        again = actions.import_version(document=policytext.read_safely(path), school=cast.other_school, by=far_away(cast))
    for name in ("ref", "path", "text", "modality", "actors"):
        assert list(again.clauses.values_list(name, flat=True)) == list(live.clauses.values_list(name, flat=True)), name
    assert again.fingerprint == live.fingerprint
    with pytest.raises(BadInput, match="already here"):
        actions.import_version(document=policytext.read_safely(path), school=cast.school, by=cast.scope("clerk"))


def test_files_have_the_facts_of_the_cover_and_no_name_of_the_people_who_handled_it(cast, live):
    text = exporting.written("markdown", live, queries.clauses_of(cast.scope("clerk"), live.id)).decode()
    for words in (
        "School or trust: Alder Park Primary",
        "Approved by: Governing body",
        "Approved on: 2 March 2026",
        "In force from: 2 March 2026",
    ):
        assert words in text
    assert live.fingerprint in text
    assert NAME not in text


def test_the_pages_offer_and_hand_out_every_file(cast, live, signed_in):
    client = signed_in("teacher")
    said = client.get(reverse("policies:export", args=[live.id])).content.decode()
    for kind, starts in (("word", b"PK"), ("markdown", b"# "), ("pdf", b"%PDF"), ("bundle", b"PK")):
        path = reverse("policies:file", args=[live.id, kind])
        assert path in said
        answer = client.get(path)
        assert (answer.status_code, answer.content.startswith(starts)) == (200, True)
        assert answer["Cache-Control"] == "no-store"
    assert client.get(reverse("policies:file", args=[live.id, "scroll"])).status_code == 404
    assert signed_in("sister_head").get(reverse("policies:file", args=[live.id, "bundle"])).status_code == 404


def test_a_draft_is_exported_by_those_who_read_drafts_and_says_it_is_one(cast, imported, signed_in):
    path = reverse("policies:file", args=[imported.id, "markdown"])
    assert "State: Draft" in signed_in("clerk").get(path).content.decode()
    assert signed_in("teacher").get(path).status_code == 404


# ------------------------------------------------------------------ the bundle


def test_a_bundle_holds_text_cover_joins_and_settings_and_no_personal_data(cast, live):
    with zipfile.ZipFile(io.BytesIO(exported(cast, live))) as archive:
        assert sorted(archive.namelist()) == ["policy.json", "policy.md"]
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    told = json.loads(parts["policy.json"])
    assert told["from"] == {
        "trust": "Alder Trust", "school": "Alder Park Primary", "title": "Social Media Policy", "number": 1, "printed_version": "1",
        "fingerprint": live.fingerprint, "exported_on": (DAY + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    joins = {one["ref"]: one for one in told["joins"]}
    assert joins["2.1"]["controls"] == [{"control": "policies.shared_with_readers", "lines": ["public_page"]}]
    assert joins["1.2"] == {"ref": "1.2", "kind": "attested", "controls": []}
    assert told["settings"]
    assert {one["key"] for one in told["settings"]} == set(queries.settings_needed(cast.scope("clerk"), [live]))
    assert [clause["text"] for clause in told["document"]["clauses"]] == list(live.clauses.values_list("text", flat=True))
    everything = parts["policy.json"] + parts["policy.md"]
    for person in cast.people.values():
        assert person.name not in everything
        assert str(person.id) not in everything
    assert NAME not in everything
    assert not told["document"]["owner"]


def test_a_bundle_becomes_a_draft_elsewhere_with_its_joins_suggested_and_its_trail(cast, live, tmp_path):
    bundle, by = read(tmp_path, exported(cast, live)), far_away(cast)
    with clock.standing_at(clock.at(DAY + timedelta(days=3))):
        version = actions.import_bundle(bundle=bundle, school=cast.other_school, by=by)
    assert (version.state, version.fingerprint) == ("draft", live.fingerprint)
    rows = {row.ref: row for row in version.clauses.all()}
    assert set(version.clauses.values_list("kind", flat=True)) == {"unjoined"}  # decided by nobody here yet
    best = rows["2.1"].suggestions[0]
    assert (best["control"], best["lines"]) == ("policies.shared_with_readers", ["public_page"])
    assert "Alder Park Primary" in best["why"]
    assert rows["1.2"].suggested_kind == "attested"
    taken = queries.taken_from(by, version)
    assert (taken.school, taken.number, taken.fingerprint) == ("Alder Park Primary", 1, live.fingerprint)
    actions.accept_suggestions(version=version, by=by)
    joined = {row.ref: sorted(row.joins.values_list("control", flat=True)) for row in version.clauses.all()}
    assert joined["1.1"] == ["agreements.signed_by_everyone"]
    assert joined["2.1"] == ["policies.shared_with_readers"]


def test_the_trail_grows_from_school_to_school_and_says_what_was_changed(cast, live, tmp_path, signed_in):
    by = far_away(cast)
    with clock.standing_at(clock.at(DAY + timedelta(days=3))):
        first = actions.import_bundle(bundle=read(tmp_path, exported(cast, live)), school=cast.other_school, by=by)
        changed = TEXT.replace("within ten school days", "within five school days").replace("Alder Park Primary", "Elsewhere School")
        document = policytext.read_text(changed + "\n2.3 Staff must lock their screens.\n", "ours.txt")
        second = actions.import_version(document=document, policy=first.policy, by=by)
        came = queries.trail_of(by, second)
        assert came.changed["reworded"] >= 1
        assert came.changed["added"] == 1
        assert not came.mended
        told = queries.bundle_of(by, second, clock.today())
    assert [(step.school, step.fingerprint) for step in told.trail] == [("Alder Park Primary", live.fingerprint)]
    assert told.origin.school == "Elsewhere School"
    third = replace(told, document=replace(told.document, source=policytext.Source("b.zip", "0" * 64, "application/zip")))
    with clock.standing_at(clock.at(DAY + timedelta(days=4))):
        landed = actions.import_bundle(bundle=third, school=cast.sister, by=cast.scope("sister_head"))
    origins = queries.trail_of(cast.scope("sister_head"), landed).origins
    assert [step.school for step in origins] == ["Alder Park Primary", "Elsewhere School"]
    client = signed_in("outsider")
    page = client.get(reverse("policies:export", args=[second.id])).content.decode()
    assert "What we changed" in page
    assert "1 new" in page
    assert live.fingerprint[:16] in page
    assert "Settings it was written for" in page
    assert "Adopted from" in client.get(reverse("policies:detail", args=[first.policy_id])).content.decode()


def test_a_bundle_with_another_fingerprint_than_its_clauses_is_refused_and_nothing_stored(cast, live, tmp_path):
    bundle, before = read(tmp_path, exported(cast, live)), PolicyVersion.objects.count()
    first, *rest = bundle.document.clauses
    for other in (
        replace(bundle, document=replace(bundle.document, clauses=(replace(first, text="Anybody may post."), *rest))),
        replace(bundle, document=replace(bundle.document, clauses=tuple(rest))),
        replace(bundle, origin=replace(bundle.origin, fingerprint="0" * 64)),
        replace(bundle, origin=replace(bundle.origin, exported_on="2026-02-31")),
    ):
        with pytest.raises(BadInput):
            actions.import_bundle(bundle=other, school=cast.other_school, by=far_away(cast))
    assert PolicyVersion.objects.count() == before
    assert not AdoptedFrom.objects.exists()


def test_controls_this_version_does_not_know_are_left_out_and_named(cast, live, tmp_path):
    bundle = read(tmp_path, exported(cast, live))
    strange = policytext.Join("1.1", "control", (("moon.phases", ()), ("agreements.signed_by_everyone", ("no_such_line",))))
    other = replace(bundle, joins=(strange, policytext.Join("9.9", "control", (("moon.phases", ()),))))
    assert bundling.unknown_controls(other) == ["moon.phases"]
    version = actions.import_bundle(bundle=other, school=cast.other_school, by=far_away(cast))
    offered = version.clauses.get(ref="1.1").suggestions
    assert [one["lines"] for one in offered if one["control"] == "agreements.signed_by_everyone"] == [[]]
    assert "moon.phases" not in str(list(version.clauses.values_list("suggestions", flat=True)))


@pytest.mark.parametrize(
    "value", [None, True, -1, 1e9, "x" * 2000, "", [], [None], ["x", 1], {}, {"from": 1}, {"groups": 7, "words": None}]
)
def test_settings_with_values_that_cannot_be_are_left_off_the_page(cast, live, tmp_path, signed_in, value):
    odd = tuple((key, value) for key in [*choices.settings(), "no.such_setting"])
    bundle = replace(read(tmp_path, exported(cast, live)), settings=odd)
    version = actions.import_bundle(bundle=bundle, school=cast.other_school, by=far_away(cast))
    assert signed_in("outsider").get(reverse("policies:export", args=[version.id])).status_code == 200


def test_only_those_who_edit_policies_take_a_bundle_over(cast, live, tmp_path):
    bundle = read(tmp_path, exported(cast, live))
    with pytest.raises(Denied):
        actions.import_bundle(bundle=bundle, school=cast.school, by=cast.scope("teacher"))
    with pytest.raises(NotFound):
        actions.import_bundle(bundle=bundle, school=cast.other_school, by=cast.scope("clerk"))
    assert not AdoptedFrom.objects.exists()


def test_the_trail_is_never_changed(cast, live, tmp_path):
    actions.import_bundle(bundle=read(tmp_path, exported(cast, live)), school=cast.other_school, by=far_away(cast))
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        AdoptedFrom.objects.update(trust="Somebody else")


def test_the_page_takes_a_bundle_and_says_what_is_wrong_with_a_bad_one(cast, live, signed_in):
    client, path = signed_in("outsider"), reverse("policies:import_bundle")
    place = f"school:{cast.other_school.id}"

    def send(data: bytes, name: str = "policy.zip"):
        return client.post(path, {"place": place, "file": SimpleUploadedFile(name, data, "application/zip")}, follow=True)

    whole = exported(cast, live)
    for data, sentence in ((b"hello", "is not a zip file"), (whole[:-50], "Ask the school"), (b"", "is no bundle")):
        said = send(data).content.decode()
        assert sentence in said, sentence
        assert "Traceback" not in said
    assert not AdoptedFrom.objects.exists()
    done = send(whole).content.decode()
    assert "It is a draft now." in done
    assert "Where the text came from" in done
    assert "already here" in send(whole).content.decode()
    assert AdoptedFrom.objects.count() == 1
    assert signed_in("teacher").get(path).status_code == 404
