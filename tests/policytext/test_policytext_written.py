"""A document written out as Markdown, Word and a bundle, and read back: the very same clauses, and nobody's word taken for it."""

import io
import json
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolgate import policytext
from schoolgate.policytext import Bundle, Clause, Document, Join, Origin, Source, Unreadable
from schoolgate.policytext.writing import bundle as bundles
from schoolgate.policytext.writing import stamp
from schoolgate.policytext.writing.lines import lines_of, stated

LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
SEEDS = Path(__file__).parents[2] / "src" / "schoolgate" / "policies" / "demo_texts"
TEXTS = sorted(path for path in SEEDS.iterdir() if path.suffix in (".md", ".txt"))
MORE = [("In force from", "2 March 2026"), ("Fingerprint", "ab" * 32)]
ORIGIN = Origin("Alder Trust", "Alder Park Primary", "Social Media Policy", 2, "2.0", "ab" * 32, "2026-03-02")


def told(document: Document):
    return [(one.ref, one.path, one.text, one.modality, one.actors) for one in document.clauses]


def document(*texts: str, **facts) -> Document:
    clauses = tuple(Clause(f"1.{place}", ("1. Posting",), text, "must", ("staff",)) for place, text in enumerate(texts, 1))
    known = {
        "title": "Social Media Policy",
        "organisation": "Alder Park Primary",
        "version": "2",
        "owner": None,
        "approved_on": "2026-01-12",
    }
    known |= {"approved_by": "Governing body", "review_on": "2027-01", **facts}
    return Document(source=Source("policy.docx", "0" * 64, "text/plain"), clauses=clauses, **known)


def written(one: Document, ending: str, more=MORE) -> bytes:
    return policytext.word(one, more) if ending == "docx" else policytext.markdown(one, more).encode("utf-8")


def read_back(folder: Path, data: bytes, ending: str) -> Document:
    path = folder / f"again.{ending}"
    path.write_bytes(data)
    return policytext.read(path)


@pytest.mark.parametrize("ending", ["md", "docx"])
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_a_policy_written_out_and_read_back_has_the_same_clauses_and_facts(tmp_path, path, ending):
    first = policytext.read(path)
    again = read_back(tmp_path, written(first, ending), ending)
    assert told(again) == told(first)
    assert (again.title, again.organisation, again.review_on) == (first.title or path.name, first.organisation, first.review_on)
    assert written(again, ending) == written(replace(first, title=first.title or path.name), ending)  # the same words, the same bytes


@pytest.mark.parametrize("ending", ["md", "docx"])
@given(
    texts=st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip), min_size=1, max_size=5
    )
)
@settings(max_examples=60, deadline=None)
def test_any_words_come_back_as_they_were(tmp_path_factory, texts, ending):
    one = document(*texts)
    assert told(read_back(tmp_path_factory.mktemp("words"), written(one, ending), ending)) == told(one)


@pytest.mark.parametrize("ending", ["md", "docx"])
@pytest.mark.parametrize(
    "text",
    ["# not a heading", "- not an item", "1. not a list", "a\nb\nc", "tab\there", "*a* _b_ `c` <d> [e](f) | g \\ ~~h~~", "–>",
     "  two  "],
)  # fmt: skip
def test_words_that_look_like_marks_come_back_too(tmp_path, text, ending):
    one = document(text, "Staff must log it.")
    assert told(read_back(tmp_path, written(one, ending), ending)) == told(one)


def changed_words(data: bytes) -> bytes:
    """The Word file with one word of its text exchanged, as somebody editing it would."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b"two people", b"three people") if name == "word/document.xml" else part)
    return made.getvalue()


def test_a_file_that_was_edited_is_read_and_its_stamp_not_believed(tmp_path):
    one = document("Every post must have two people behind it.", "Staff must not post pictures of pupils without consent.")
    for ending in ("md", "docx"):
        data = written(one, ending)
        edited = changed_words(data) if ending == "docx" else data.replace(b"two people", b"three people")
        again = read_back(tmp_path, edited, ending)
        said = {clause.ref: clause.text for clause in again.clauses}
        assert said["1.1"] == "Every post must have three people behind it."
        assert said["1.2"] == one.clauses[1].text
        assert (again.title, again.version, again.review_on) == (one.title, one.version, one.review_on)


def test_a_stamp_that_tells_another_story_than_the_page_is_not_believed(tmp_path):
    shown, hidden = document("Staff must ask first."), document("Staff may do as they like.")
    text = policytext.markdown(shown, MORE)
    lie = text[: text.index("<!--")] + policytext.markdown(hidden, MORE)[policytext.markdown(hidden, MORE).index("<!--") :]
    again = read_back(tmp_path, lie.encode(), "md")
    assert "Staff must ask first." in [clause.text for clause in again.clauses]
    assert "Staff may do as they like." not in [clause.text for clause in again.clauses]


@pytest.mark.parametrize("word", ["", "AAAA", "not base64!", stamp.packed(document("Staff must ask."), [])[:-8]])
def test_a_broken_stamp_is_no_stamp(word):
    assert stamp.unpacked(word, Source("x", "", "")) is None


def test_a_stamp_that_would_unpack_without_end_is_no_stamp():
    bomb = stamp.packed(document("a" * 9 * 2**20), [])
    assert len(bomb) < 20_000
    assert stamp.unpacked(bomb, Source("x", "", "")) is None


def test_the_word_file_says_its_language_its_headings_and_its_title():
    with zipfile.ZipFile(io.BytesIO(policytext.word(document("Staff must ask."), MORE))) as file:
        assert b'w:lang w:val="en-GB"' in file.read("word/styles.xml")
        assert b'<w:pStyle w:val="Heading1"/>' in file.read("word/document.xml")
        assert b"<dc:title>Social Media Policy</dc:title>" in file.read("docProps/core.xml")


def test_headings_and_lead_ins_stand_once_and_the_title_not_again():
    path = ("Social Media Policy", "2. People", "Staff must:")
    one = replace(
        document(),
        clauses=(Clause("2.a", path, "ask", "must"), Clause("2.b", path, "wait", "must"), Clause("3.a", ("3. Other",), "go", "may")),
    )
    shown = [(line.kind, line.text, line.level) for line in lines_of(one) if line.kind not in ("title", "fact")]
    assert shown == [
        ("heading", "2. People", 1), ("lead_in", "Staff must:", 0), ("clause", "ask", 0), ("clause", "wait", 0),
        ("heading", "3. Other", 1), ("clause", "go", 0),
    ]  # fmt: skip
    assert [stated(day) for day in ("2026-09-15", "2018-11", "2018", "soon")] == ["15 September 2026", "November 2018", "2018", "soon"]


# ------------------------------------------------------------------ bundles


def bundle(**more) -> Bundle:
    joins = (Join("1.1", "control", (("channels.approved", ("a_line",)), ("people.register_confirmed", ()))), Join("1.2", "attested"))
    return Bundle(document("Staff must ask.", "Staff must wait."), ORIGIN, (ORIGIN,), joins, (("review.policy_months", 12),), **more)


def packed(**parts: bytes | str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "."), data)
    return made.getvalue()


def facts(**changes) -> bytes:
    return json.dumps({**bundle().as_json(), **changes}).encode()


def test_a_bundle_written_and_read_back_is_the_same(tmp_path):
    path = tmp_path / "policy.zip"
    path.write_bytes(policytext.bundle(bundle(), MORE))
    again = policytext.read_bundle(path)
    assert told(again.document) == told(bundle().document)
    assert (again.origin, again.trail, again.joins, again.settings) == (
        bundle().origin, bundle().trail, bundle().joins, bundle().settings,
    )  # fmt: skip
    assert policytext.bundle(bundle(), MORE) == path.read_bytes()


DEEP = b'{"format":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
HOSTILE = {
    "no zip": b"Hello",
    "empty": b"",
    "cut short": policytext.bundle(bundle(), MORE)[:-40],
    "a part that climbs": packed(policy__json=facts(), policy__md="x", **{"../../etc/passwd": "x"}),
    "an absolute part": packed(policy__json=facts(), policy__md="x", **{"/tmp/x": "x"}),
    "one part missing": packed(policy__json=facts()),
    "an archive inside": packed(policy__json=facts(), policy__md="x", **{"more.zip": "x"}),
    "a bomb": packed(policy__json=b" " * 60 * 2**20, policy__md="x"),
    "too long": packed(policy__json=json.dumps({"x": [str(number) for number in range(1_400_000)]}), policy__md="x"),
    "no json": packed(policy__json="{not json", policy__md="x"),
    "a list": packed(policy__json="[]", policy__md="x"),
    "no text": packed(policy__json=b"\xff\xfe\x00", policy__md="x"),
    "no end of brackets": packed(policy__json=DEEP, policy__md="x"),
    "no number": packed(policy__json=facts().replace(b'"edition": 1', b'"edition": NaN'), policy__md="x"),
    "another format": packed(policy__json=facts(format="x"), policy__md="x"),
    "another edition": packed(policy__json=facts(edition=2), policy__md="x"),
    "no clauses": packed(policy__json=facts(document={**bundle().as_json()["document"], "clauses": []}), policy__md="x"),
    "clauses of numbers": packed(policy__json=facts(document={**bundle().as_json()["document"], "clauses": [1]}), policy__md="x"),
    "a wrong fingerprint": packed(policy__json=facts(**{"from": {**bundle().as_json()["from"], "fingerprint": "x"}}), policy__md="x"),
    "a name with line breaks": packed(policy__json=facts(**{"from": {**bundle().as_json()["from"], "school": "a\nb"}}), policy__md="x"),
    "joins without end": packed(policy__json=facts(joins=[{"ref": "1.1", "kind": "control", "controls": []}] * 6000), policy__md="x"),
    "a strange kind": packed(policy__json=facts(joins=[{"ref": "1.1", "kind": "magic", "controls": []}]), policy__md="x"),
    "a control like code": packed(
        policy__json=facts(joins=[{"ref": "1.1", "kind": "control", "controls": [{"control": "<script>", "lines": []}]}]), policy__md="x"
    ),
    "a setting that nests": packed(policy__json=facts(settings=[{"key": "a.b", "value": {"x": {}}}]), policy__md="x"),
    "a setting of no size": packed(policy__json=facts(settings=[{"key": "a.b", "value": 1e300}]), policy__md="x"),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_bundle_ends_in_one_plain_sentence(tmp_path, data):
    path = tmp_path / "policy.zip"
    path.write_bytes(data)
    with pytest.raises(Unreadable) as refused:
        policytext.read_bundle(path)
    sentence = str(refused.value)
    assert sentence.startswith("policy.zip")
    assert sentence.endswith(".")
    assert "Traceback" not in sentence
    assert len(sentence) < 300
    assert list(tmp_path.iterdir()) == [path]


@given(data=st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_no_bytes_make_the_reader_of_bundles_trip(data):
    whole = policytext.bundle(bundle(), MORE)
    for given_bytes in (data, b"PK\x03\x04" + data, whole[: len(data)] + data + whole[2 * len(data) :]):
        with suppress(Unreadable):
            bundles.read(given_bytes, Source("p.zip", "", ""))
