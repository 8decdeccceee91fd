"""Reading a stranger's file in a process of its own, with little memory, little time and a bare environment."""

import base64
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import schoolgate
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.formats import MOST_BYTES, parse
from schoolgate.policytext.model import Document, Picture, Source
from schoolgate.policytext.reading import load
from schoolgate.policytext.writing.bundle import MEDIA_TYPE, Bundle

OUT_OF_MEMORY = 77
BUNDLE = "bundle"
DRAW = "draw:"
_ROOT = Path(schoolgate.__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may use: seconds on the clock and on the processor, bytes of address space, bytes written (the answer included)."""

    seconds: float = 10.0
    memory: int = 1024**3
    written: int = 64 * 1024**2


_TO_DRAW = Limits(seconds=30.0)


def read_safely(path: Path, *, limits: Limits = Limits()) -> Document:
    """A policy from a file nobody has checked. Raises Unreadable, in one sentence, also when it needs too much time or memory."""
    return Document.from_json(_answer(Path(path), "read", limits)["document"])


def page_pictures(path: Path, *, width: int = 1000, limits: Limits = _TO_DRAW) -> tuple[Picture, ...]:
    """Pictures of the first 200 pages of a file nobody has checked, ``width`` points wide; none where its format has no pages.

    Raises Unreadable as ``read_safely`` does.
    """
    drawn = _answer(Path(path), f"{DRAW}{width}", limits)["pictures"]
    return tuple(Picture(**{**picture, "data": base64.b64decode(picture["data"])}) for picture in drawn)


def read_bundle(path: Path, *, limits: Limits = Limits()) -> Bundle:
    """A policy another school handed on, from a file nobody has checked. Raises Unreadable as ``read_safely`` does."""
    told = _answer(Path(path), BUNDLE, limits)["bundle"]
    data = load(Path(path))
    return Bundle.from_json(told, Source(Path(path).name, hashlib.sha256(data).hexdigest(), MEDIA_TYPE))


def _answer(path: Path, task: str, limits: Limits) -> dict[str, Any]:
    """What the limited process answers to one task on one file."""
    data = load(path)
    if len(data) > MOST_BYTES:
        parse(data, path.name)  # Refuses it for its size, before anything looks inside.
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as noise:
        given.write(data)
        given.seek(0)
        code = _run(task, path.name, limits, given, answer, noise)
        answer.seek(0)
        noise.seek(0)
        return _told(path.name, code, answer.read(), noise.read()[-2000:], limits)


def _run(task: str, name: str, limits: Limits, given: IO[bytes], answer: IO[bytes], noise: IO[bytes]) -> int | None:
    """The exit code of the reading process; None when its time ran out. Whatever it started is ended with it."""
    numbers = [str(limits.seconds), str(limits.memory), str(limits.written)]
    command = [sys.executable, "-P", "-B", "-m", "schoolgate.policytext.jail", task, name, *numbers]
    with tempfile.TemporaryDirectory() as home:
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": home, "TMPDIR": home, "PYTHONPATH": str(_ROOT)}
        process = subprocess.Popen(  # noqa: S603  our own interpreter and module; the name is one argument, never a command
            command, stdin=given, stdout=answer, stderr=noise, env=environment, cwd=home, start_new_session=True
        )
        try:
            return process.wait(timeout=limits.seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the whole session of the process, so that nothing it started outlives it."""
    with suppress(ProcessLookupError):  # It ended by itself, which is the usual case.
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _told(name: str, code: int | None, answer: bytes, noise: bytes, limits: Limits) -> dict[str, Any]:
    if code is None or code == -signal.SIGXCPU:
        raise Unreadable(f"{name} took longer than {limits.seconds:g} seconds to read, so we stopped. Save it again as docx or plain text.")
    if code == OUT_OF_MEMORY:
        raise Unreadable(
            f"{name} needs more than {limits.memory // 2**20} MB of memory to read, so we stopped. Remove its pictures and save it again."
        )
    try:
        told = json.loads(answer) if code == 0 else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        cause = RuntimeError(f"the reading process ended with {code}: {noise.decode('utf-8', 'replace')}")
        raise Unreadable(f"{name} made the reader stop, so it may be damaged. Open it in Word and save it again as docx.") from cause
    if "unreadable" in told:
        raise Unreadable(str(told["unreadable"]))
    return told
