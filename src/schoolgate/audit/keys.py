"""The key that signs checkpoints: a file of this installation's own, made on first use, readable by its owner only."""

import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schoolgate.common.errors import BadInput


def signing_key(file: Path) -> Ed25519PrivateKey:
    """The private key in `file`, made there when there is none yet. BadInput when it cannot be read or others can read it."""
    if not file.exists():
        _make(file)
    return existing_key(file)


def existing_key(file: Path) -> Ed25519PrivateKey:
    """The private key in `file`. BadInput when there is none, when it is damaged or when others can read it."""
    try:
        if file.stat().st_mode & 0o077:
            raise BadInput(f"The audit key {file} can be read by others; make it private (chmod 600) and tell who keeps the checkpoints.")
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except FileNotFoundError:
        raise BadInput(f"There is no audit key at {file}; no checkpoint was made here yet, or the key was lost.") from None
    except (OSError, ValueError, TypeError) as fault:
        raise BadInput(f"The audit key {file} cannot be read; put it back from a backup.") from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput(f"The audit key {file} is of another kind than this product makes; put it back from a backup.")
    return key


def write_whole(file: Path, content: bytes) -> None:
    """Put a file in place, readable by its owner only, so that nobody ever finds half of it, not after a power cut either."""
    written = _written_beside(file, content)
    written.replace(file)


def _make(file: Path) -> None:
    """A new key, linked into its place whole: where two processes make one at once, the first one's is the key."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    written = _written_beside(file, pem)
    try:
        os.link(written, file)
    except FileExistsError:
        return  # another process was first
    finally:
        written.unlink()


def _written_beside(file: Path, content: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # made for its owner only
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    return Path(name)
