"""Old Word files: LibreOffice opens them, in the same confinement as everything else."""

import tempfile
import time
from pathlib import Path

import pytest
from tests.policytext.conftest import shared_file
from tests.policytext.oracle import agreement, convert, office
from tests.policytext.wordmaker import abstract, level, num, para, word

from schoolgate.policytext import Limits, Unreadable, read, read_safely
from schoolgate.policytext.readers import word97

FORM = ("data", "policies", "real", "park-community-secondary-forms", "homeschool_agreement.doc")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def leftovers(folder: Path) -> list[str]:
    """The command lines of processes that still work in a folder."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = line.read_bytes().decode("utf-8", "replace").replace("\0", " ")
        except OSError:  # It ended meanwhile.
            continue
        if str(folder) in words:
            found.append(words)
    return found


@pytest.fixture
def old(tmp_path) -> Path:
    """A policy in the old format, made by LibreOffice from one in the new."""
    numbers = abstract(1, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2")) + num(1, 1)
    body = para("Posting", 0, 1) + para("Staff must ask before they post.", 1, 1) + para("Pupils may not post.", 1, 1)
    (tmp_path / "policy.docx").write_bytes(word(body, numbers))
    return convert([tmp_path / "policy.docx"], "doc:MS Word 97", tmp_path / "made")[0]


def test_an_old_word_file_is_read_with_its_numbers(old):
    assert [(clause.ref, clause.text) for clause in read_safely(old).clauses] == [
        ("1.1", "Staff must ask before they post."),
        ("1.2", "Pupils may not post."),
    ]


def test_a_real_old_form_is_read_as_libreoffice_prints_it(tmp_path):
    office()
    form = shared_file(*FORM)
    assert len(read_safely(form).clauses) > 20
    same, of, told = agreement(form, convert([form], "txt:Text", tmp_path / "out")[0])
    assert same == of, told


def test_too_little_time_is_a_sentence_and_leaves_nothing_running(old, tmp_path, monkeypatch):
    """The reading process works in a folder of ours, so that what it started can be told from other programs."""
    (tmp_path / "jail").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "jail"))
    started = time.monotonic()
    with pytest.raises(Unreadable, match="took longer than 1 seconds"):
        read_safely(old, limits=Limits(seconds=1))
    assert time.monotonic() - started < 5
    assert not leftovers(tmp_path / "jail")


def test_a_conversion_that_hangs_is_ended_whole(old, tmp_path, monkeypatch):
    folders: list[Path] = []
    whole = word97._convert
    monkeypatch.setattr(word97, "SECONDS", 0.2)
    monkeypatch.setattr(word97, "_confined", lambda: None)
    monkeypatch.setattr(word97, "_convert", lambda program, folder: (folders.append(folder), whole(program, folder)))
    with pytest.raises(Unreadable, match="could not be converted"):
        read(old)
    assert not leftovers(folders[0])


def test_too_little_memory_is_a_sentence(old):
    with pytest.raises(Unreadable, match=r"^policy\.doc "):
        read_safely(old, limits=Limits(memory=120 * 1024**2))


def test_an_old_office_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "policy.doc").write_bytes(OLE + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 600)
    with pytest.raises(Unreadable, match="no Word text"):
        read(tmp_path / "policy.doc")


def test_a_damaged_old_word_file_is_a_sentence(old):
    data = bytearray(old.read_bytes())
    data[2000:] = b"\x17" * (len(data) - 2000)
    old.write_bytes(bytes(data[:512]) + "WordDocument".encode("utf-16-le") + bytes(data[600:]))
    with pytest.raises(Unreadable, match=r"^policy\.doc "):
        read_safely(old)
