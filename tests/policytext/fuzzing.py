"""Damage to policy files, made at random from a seed, fed to a reader: run by scripts/fuzz, one kind of file at a time.

A fault is anything but a document or an ``Unreadable``: another error, more than 10 seconds of the processor, more than 1 GiB, or the end of the process.
"""
# ruff: noqa: E501  whole marks of a format read better on one line

import argparse
import copy
import io
import random
import re
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from lxml import etree
from tests.policytext.conftest import SHARED, pdf_bytes
from tests.policytext.samples import SAMPLES

from schoolgate.policytext import Unreadable
from schoolgate.policytext.formats import parse
from schoolgate.policytext.model import Source
from schoolgate.policytext.reading import document_of

SECONDS = 10.0
MEMORY = 1024**3
LARGEST = 400_000
_WORDS = {
    "xml": "999999999 -1 0 1e9 ² ٣ %1 %9. <w:p/> <w:tbl> </w:tbl> <w:tc> <w:vMerge/> <w:ins> <w:del> <text:list> <text:list-item> <table:table> none",
    "rtf": r"\par \cell \row \trowd \intbl \bin99 \bin-1 \u-1? \u55357? \uc9 \'b7 { } {\* \f9 \fcharset2 \ansicpg0 \ls1 \ilvl9 \cellx9 \deleted \v \pard \\",
    "html": "<ul> <ol start=9> <li> </li> <table> <tr> <td colspan=999999999 rowspan=1000000000> </td> <p> <br> <main> <nav> <dl> <dt> <dd> <pre> &#0; &#x110000; <!-- ]]> <a href=#x>",
    "md": "- * 1. > ``` --- | |-|-| [ ]( ![ ** __ ~~~ # ## <div> </div> [a]: b \\ `",
    "rst": "- * 1. .. :: .. include:: /etc/passwd\n .. csv-table::\n .. raw:: html\n .. list-table:: === --- +--+ | `` |x| .. |x| replace:: |x| :ref:`a` [1]_ .. [1] __ ::",
    "txt": "1.1 1. (a) • - * \t \f \r o  Appendix a: Section 1 " + "." * 9,
    "pdf": "obj endobj stream endstream xref trailer /Kids /Parent /Length /Count 99999999 /Filter /FlateDecode /Contents [ ] << >> Tj Tm Td BT ET (",
}
_TOKENS = re.compile(rb"<[^<>]{1,300}>|\\[a-z]+-?\d*|[A-Za-z0-9]+|\s+|[^A-Za-z0-9\s]")
_VALUES = (
    "",
    "0",
    "-1",
    "9",
    "255",
    "999999999",
    "99999999999999999999",
    "1e9",
    "²",
    "٣",
    "%1",
    "%9.",
    "none",
    "true",
    "a",
    "1.1",
    "\u202e",
    "TOC \\o",
)
_ZIPPED = ("docx", "odt")


def samples(kind: str) -> list[bytes]:
    """Sound files of a kind: made ones, and the real ones that are at hand and not large."""
    made = [pdf_bytes([["Phone policy", "1.1 Staff must ask.", "- be kind"], ["Rules"]])] if kind == "pdf" else SAMPLES[kind]()
    real = [path.read_bytes() for path in sorted((SHARED / "data" / "policies").rglob(f"*.{kind}"))] if SHARED.exists() else []
    return made + [data for data in real if len(data) < LARGEST]


def mutated(data: bytes, kind: str, chance: random.Random) -> bytes:
    """A file with a few changes. Of a zip, one part inside is changed, or now and then the zip itself."""
    if kind not in _ZIPPED or chance.random() < 0.08:
        return _changed(data, kind, chance)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    wanted = [name for name in parts if re.search(r"document|content|numbering|styles|notes|header|rels", name)]
    for _ in range(chance.randint(1, 3)):
        name = chance.choice(wanted)
        parts[name] = _changed(parts[name], "xml", chance) if chance.random() < 0.1 else _grafted(parts[name], chance)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return held.getvalue()


def _grafted(data: bytes, chance: random.Random) -> bytes:
    """XML with its elements moved, dropped, copied and renamed, and its values exchanged: still well formed."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return data
    for _ in range(chance.randint(1, 8)):
        every = [element for element in root.iter() if isinstance(element.tag, str)]
        one, other = chance.choice(every), chance.choice(every)
        holder = one.getparent()
        how = chance.randrange(6)
        if how == 0 and holder is not None:
            holder.remove(one)
        elif how == 1 and len(every) < 20_000:
            copies = min(chance.choice((1, 1, 3, 200)), 10_000 // sum(1 for _ in one.iter()))
            other.extend([copy.deepcopy(one) for _ in range(copies)])
        elif how == 2:
            one.tag = other.tag
        elif how == 3 and one.attrib:
            one.set(chance.choice(list(one.attrib)), chance.choice((*_VALUES, *other.attrib.values())))
        elif how == 4:
            one.text = chance.choice((*_VALUES, other.text or "", "long " * 400))
        elif how == 5 and holder is not None:
            for _ in range(chance.choice((1, 3, 60))):
                wrapper = etree.Element(chance.choice(every).tag, dict(other.attrib))
                holder.replace(one, wrapper)
                wrapper.append(one)
                holder = wrapper
    return etree.tostring(root)


def _changed(data: bytes, kind: str, chance: random.Random) -> bytes:
    if chance.random() < 0.15 or kind in _ZIPPED:
        changed = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        return bytes(changed)
    tokens = _TOKENS.findall(data)
    words = [word.encode() for word in _WORDS[kind].split(" ") if word]
    for _ in range(chance.randint(1, 10)):
        _CHANGES[chance.randrange(len(_CHANGES))](tokens, words, chance)
        if not tokens:
            tokens = [b"x"]
    return b"".join(tokens)[:LARGEST]


def _drop(tokens: list[bytes], words: list[bytes], chance: random.Random) -> None:
    place = chance.randrange(len(tokens))
    del tokens[place : place + chance.choice((1, 1, 1, 5, 50))]


def _put(tokens: list[bytes], words: list[bytes], chance: random.Random) -> None:
    tokens.insert(chance.randrange(len(tokens) + 1), chance.choice(words) + chance.choice((b"", b" ", b"\n")))


def _swap(tokens: list[bytes], words: list[bytes], chance: random.Random) -> None:
    one, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    tokens[one], tokens[other] = tokens[other], tokens[one]


def _copy(tokens: list[bytes], words: list[bytes], chance: random.Random) -> None:
    place, length = chance.randrange(len(tokens)), chance.choice((1, 3, 10, 60))
    goal = chance.randrange(len(tokens) + 1)
    tokens[goal:goal] = tokens[place : place + length] * chance.choice((1, 1, 2, 30, 300))
    del tokens[200_000:]


def _replace(tokens: list[bytes], words: list[bytes], chance: random.Random) -> None:
    numbers = [place for place, token in enumerate(tokens) if any(48 <= byte < 58 for byte in token)] or [0]
    place = chance.choice(numbers)
    value = str(chance.choice((0, -1, 9, 255, 65536, 2**31, 10**12))).encode()
    tokens[place] = re.sub(rb"-?\d+", value, tokens[place], count=1)


def _wild(tokens: list[bytes], words: list[bytes], chance: random.Random) -> None:
    tokens[chance.randrange(len(tokens))] = chance.choice(
        (b"\x00", b"\xff\xfe", "\u202e".encode(), b"\xed\xa0\x80", b"\xc2\x85", b"\x0b", b"&#13;")
    )


_CHANGES: tuple[Callable[[list[bytes], list[bytes], random.Random], None], ...] = (_drop, _put, _put, _swap, _copy, _replace, _wild)


def case(kind: str, seed: int, sound: list[bytes]) -> bytes:
    """The damaged file of a seed: the same each time while the samples are the same."""
    chance = random.Random(f"{kind} {seed}")
    return mutated(chance.choice(sound), kind, chance)


def fault_in(data: bytes, kind: str) -> str | None:
    """What is wrong with the reading of a file; None where it gave a document or a sentence in time."""
    began = time.process_time()  # The machine may be busy with other things.
    name = f"policy.{kind}"
    try:
        blocks, media_type, pages = parse(data, name)
        document_of(blocks, Source(name, "0" * 64, media_type, pages)).as_json()
    except Unreadable as reason:
        if not str(reason).startswith(name) or "\n" in str(reason):
            return f"a sentence that does not name its file: {reason}"
        if "damaged and cannot be read as" in str(reason):
            return f"hidden: {type(reason.__cause__).__name__}: {reason.__cause__}"
    except Exception as reason:  # Whatever it is, it is the find.
        return f"{type(reason).__name__}: {reason}"
    taken = time.process_time() - began
    return f"{taken:.1f} seconds" if taken > SECONDS else None


def child(kind: str, seed: int, until: float, folder: Path) -> None:
    """Try seed after seed until the time is up, keeping note of the one at hand so that a crash can be told."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    sound = samples(kind)
    note = folder / f"{kind}.at"
    while time.time() < until:
        data = case(kind, seed, sound)
        note.write_text(str(seed))
        (folder / f"{kind}.now").write_bytes(data)
        fault = fault_in(data, kind)
        if fault:
            _keep(folder, kind, seed, data, fault)
        seed += 1
    note.write_text(str(seed))


def _keep(folder: Path, kind: str, seed: int, data: bytes, fault: str) -> None:
    (folder / f"{kind}-{seed}.{kind}").write_bytes(data)
    with (folder / f"{kind}.faults").open("a") as stream:
        stream.write(f"{seed}\t{fault[:300]}\n")
    print(f"{kind} {seed}: {fault[:300]}", flush=True)


def main() -> int:
    """Fuzz one reader for some minutes; the exit code says whether a fault was found."""
    parser = argparse.ArgumentParser(description="Damage files of one kind at random and read them.")
    parser.add_argument("kind", choices=[*SAMPLES, "pdf"])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=Path("fuzzing"))
    parser.add_argument("--until", type=float, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    if chosen.until:
        child(chosen.kind, chosen.seed, chosen.until, chosen.folder)
        return 0
    began, seed = time.time(), chosen.seed
    until = began + chosen.minutes * 60
    note = chosen.folder / f"{chosen.kind}.at"
    while time.time() < until:
        note.write_text(str(seed))
        command = [sys.executable, "-m", "tests.policytext.fuzzing", chosen.kind, "--folder", str(chosen.folder)]
        code, fault = _run([*command, "--seed", str(seed), "--until", str(until)], until + 2 * SECONDS)
        seed = int(note.read_text())
        if code != 0:
            _keep(
                chosen.folder,
                chosen.kind,
                seed,
                (chosen.folder / f"{chosen.kind}.now").read_bytes(),
                fault or f"the process ended with {code}",
            )
            seed += 1
    listed = chosen.folder / f"{chosen.kind}.faults"
    faults = len(listed.read_text().splitlines()) if listed.exists() else 0
    print(f"{chosen.kind}: {seed - chosen.seed} files in {(time.time() - began) / 60:.1f} minutes, {faults} faults")
    return 1 if faults else 0


def _run(command: list[str], until: float) -> tuple[int, str]:
    try:
        return subprocess.run(command, check=False, timeout=max(until - time.time(), 1)).returncode, ""
    except subprocess.TimeoutExpired:
        return -1, "no end"


if __name__ == "__main__":
    sys.exit(main())
