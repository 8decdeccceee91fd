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

_SECONDS = 60


def read(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of a doc file. Raises Unreadable when LibreOffice is not installed or cannot open it."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise Unreadable(f"{name} is in the old Word format, which cannot be opened here. Open it in Word and save it as docx.")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "policy.doc")
        source.write_bytes(data)
        command = [
            program,
            "--headless",
            f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to",
            "docx",
            "--outdir",
            folder,
            str(source),
        ]
        try:
            subprocess.run(  # noqa: S603  a program found on the path, on a copy under a name of ours
                command, check=True, capture_output=True, timeout=_SECONDS, env={**os.environ, "HOME": folder}, preexec_fn=_no_core
            )
            made = Path(folder, "policy.docx").read_bytes()
        except (subprocess.SubprocessError, OSError) as problem:
            raise Unreadable(f"{name} could not be converted from the old Word format. Open it in Word and save it as docx.") from problem
    return docx.read(made, name)


def _no_core() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
