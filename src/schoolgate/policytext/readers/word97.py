"""Old Word documents (doc), turned into docx by LibreOffice where it is installed."""

import os
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.readers import docx

SECONDS = 45
_MEMORY = 1024**3
_WRITTEN = 256 * 1024**2
_AGAIN = 81  # LibreOffice ends with this when it has made itself a new profile and wants to be started once more.
_REMEDY = "Open it in Word and save it as docx."
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def read(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of a doc file. Raises Unreadable when LibreOffice is not installed or cannot open it."""
    if "WordDocument".encode("utf-16-le") not in data:
        raise Unreadable(f"{name} is an old Office file but holds no Word text. {_REMEDY}")
    program = office()
    if program is None:
        raise Unreadable(f"{name} is in the old Word format, which cannot be opened here. {_REMEDY}")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "policy.doc").write_bytes(data)
        try:
            _convert(program, Path(folder))
            made = Path(folder, "policy.docx").read_bytes()
        except (subprocess.SubprocessError, OSError) as problem:
            raise Unreadable(f"{name} could not be converted from the old Word format. {_REMEDY}") from problem
    return docx.read(made, name)


def office() -> Path | None:
    """LibreOffice's own program, past the scripts that start it, so that ending it leaves nothing running; None where it is absent."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        return None
    program = Path(found).resolve().with_name("soffice.bin")
    return program if program.exists() else Path(found)


def _convert(program: Path, folder: Path) -> None:
    """Run LibreOffice on the copy in the folder: no macros, no linked files from elsewhere, never more than our share of the machine."""
    settings = folder / "profile" / "user"
    settings.mkdir(parents=True)
    (settings / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    fixed = ["--headless", "--norestore", "--nologo", f"-env:UserInstallation=file://{folder}/profile"]
    command = [str(program), *fixed, "--convert-to", "docx", "--outdir", str(folder), str(folder / "policy.doc")]
    for _ in range(3):
        done = subprocess.run(  # noqa: S603  a program found on the path, on a copy under a name of ours
            command,
            check=False,
            capture_output=True,
            timeout=SECONDS,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"},
            preexec_fn=_confined,
        )
        if done.returncode != _AGAIN:
            done.check_returncode()
            return


def _confined() -> None:
    """No core files, and no more memory, processor time or written bytes than the reading of any other file."""
    for name, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, _WRITTEN),
    ):
        hard = resource.getrlimit(name)[1]
        lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(name, (lowest, lowest))
