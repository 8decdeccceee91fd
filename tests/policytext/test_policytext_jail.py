"""A stranger's file is read in a process of its own that cannot take more than its share."""

import io
import json
import os
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

import schoolgate
from schoolgate.policytext import Limits, Unreadable, read, read_safely

POLICY = "Phone policy\n\n1. Use\n1.1 Staff must ask before they use a phone.\n1.2 Pupils may not bring phones.\n"
ROOT = Path(schoolgate.__file__).parents[1]


@pytest.fixture
def policy(tmp_path) -> Path:
    path = tmp_path / "policy.txt"
    path.write_text(POLICY)
    return path


def slow_page() -> bytes:
    """A page whose lists nest and repeat so much that reading it takes far longer than a moment."""
    return b"<html><body>" + b"<ul><li>Staff must ask <b>before</b> they post.</li></ul>" * 200_000 + b"</body></html>"


def test_the_safe_way_gives_the_same_document(policy):
    assert read_safely(policy) == read(policy)


def test_a_refusal_crosses_from_the_other_process_in_one_sentence(tmp_path):
    path = tmp_path / "policy.docx"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(Unreadable, match=r"^policy\.docx says it is a Word document but its content is a PDF"):
        read_safely(path)


def test_a_missing_file_and_a_huge_one_never_reach_the_other_process(tmp_path):
    with pytest.raises(Unreadable, match="does not exist"):
        read_safely(tmp_path / "none.txt")
    path = tmp_path / "policy.txt"
    with path.open("wb") as stream:
        stream.truncate(26 * 1024 * 1024)
    with pytest.raises(Unreadable, match="more than the 25 MB"):
        read_safely(path)


def test_time_that_runs_out_is_a_sentence_and_soon(tmp_path):
    path = tmp_path / "policy.html"
    path.write_bytes(slow_page())
    started = time.monotonic()
    with pytest.raises(Unreadable, match="took longer than 1 seconds"):
        read_safely(path, limits=Limits(seconds=1))
    assert time.monotonic() - started < 4


def test_memory_that_runs_out_is_a_sentence(tmp_path):
    """A part of 120 MB passes the zip guards; its tree of elements does not fit into the memory allowed."""
    held = io.BytesIO()
    paragraph = b"<w:p><w:r><w:t>Staff must ask.</w:t></w:r></w:p>"
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        body = b"".join(b"<w:p><w:r><w:t>%d %x</w:t></w:r></w:p>" % (number, number * 7919) for number in range(600_000))
        head = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        archive.writestr("word/document.xml", head + paragraph + body + b"</w:body></w:document>")
    path = tmp_path / "policy.docx"
    path.write_bytes(held.getvalue())
    with pytest.raises(Unreadable, match="needs more than 160 MB of memory"):
        read_safely(path, limits=Limits(memory=160 * 1024**2))


def test_an_answer_too_long_to_write_is_a_sentence(policy):
    policy.write_text(POLICY * 200)
    with pytest.raises(Unreadable, match="made the reader stop"):
        read_safely(policy, limits=Limits(written=4096))


def test_nothing_is_left_running_when_time_runs_out(tmp_path):
    path = tmp_path / "policy.html"
    path.write_bytes(slow_page())
    with pytest.raises(Unreadable):
        read_safely(path, limits=Limits(seconds=0.5))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_the_limits_hold_in_the_reading_process_and_not_here():
    """The same function that confines the reading process is run in a fresh one, which then says what it may still use."""
    words = (
        "import json, resource; from schoolgate.policytext.jail import confine; from schoolgate.policytext.safely import Limits; "
        "confine(Limits(seconds=3.2, memory=700_000_000, written=5000)); "
        "print(json.dumps([resource.getrlimit(name)[1] for name in "
        "(resource.RLIMIT_CORE, resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)]))"
    )
    before = resource.getrlimit(resource.RLIMIT_AS)
    told = subprocess.run([sys.executable, "-c", words], env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=True, timeout=30)
    assert json.loads(told.stdout) == [0, 700_000_000, 5, 5000]  # a second after the processor's own signal at 4
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_the_reading_process_sees_none_of_our_settings(policy, monkeypatch):
    """A secret in our environment, or a broken start-up file it names, cannot reach the reading process."""
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    assert len(read_safely(policy).clauses) == 2


def test_a_name_with_odd_letters_is_only_a_name(tmp_path):
    path = tmp_path / "; rm -rf $HOME \u202e policy.txt"
    path.write_text(POLICY)
    assert read_safely(path).source.name == path.name
