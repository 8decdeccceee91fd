"""Checkpoints: where every chain ended at one moment, signed, in a form that can be printed, mailed and typed back in. Pure.

    Schoolgate audit checkpoint 1
    Serial 12
    Made 2026-11-20T20:40:04.278307Z
    Key <64 hex digits: the public key>
    Chain <32: trust> <number of its last entry> <64: its hash>
    Signature <64> <64>

What is signed is every word before "Signature" with one space between, so line breaks that mail or a printer puts in do no harm.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schoolgate.audit.rules import Head, written_time
from schoolgate.common.errors import BadInput

TITLE = "Schoolgate audit checkpoint 1"
LONGEST = 5_000_000
"""Characters; far more than a checkpoint of 10,000 chains."""

_CHAIN = r"Chain [0-9a-f]{32} \d{1,18} [0-9a-f]{64}"
_SHAPE = re.compile(rf"{TITLE} Serial (\d{{1,18}}) Made (\S{{27}}) Key ([0-9a-f]{{64}})((?: {_CHAIN})*)\Z")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`serial` counts the checkpoints this installation made; `chains` says where each ended."""

    serial: int
    made: datetime
    public_key: bytes
    chains: dict[UUID, Head]


def public_bytes(key: Ed25519PublicKey | Ed25519PrivateKey) -> bytes:
    """The 32 bytes of a public key."""
    return (key if isinstance(key, Ed25519PublicKey) else key.public_key()).public_bytes_raw()


def key_id(public_key: bytes) -> str:
    """A short name of a key to read aloud or compare by eye: 16 hex digits in fours."""
    digits = sha256(public_key).hexdigest()[:16]
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


def signed(checkpoint: Checkpoint, private_key: Ed25519PrivateKey) -> str:
    """The checkpoint as text to keep outside the installation."""
    lines = [TITLE, f"Serial {checkpoint.serial}", f"Made {written_time(checkpoint.made)}", f"Key {checkpoint.public_key.hex()}"]
    ordered = sorted(checkpoint.chains.items(), key=lambda chain: chain[0].int)
    lines += [f"Chain {trust_id.hex} {head.number} {head.hash.hex()}" for trust_id, head in ordered]
    signature = private_key.sign(" ".join(lines).encode()).hex()
    return "\n".join([*lines, f"Signature {signature[:64]}", f"          {signature[64:]}", ""])


def verify_checkpoint(text: str, public_key: bytes) -> Checkpoint:
    """Read a checkpoint and make sure the holder of `public_key` (32 bytes) signed exactly this. BadInput if not."""
    if len(text) > LONGEST:
        raise BadInput("This is far too long to be an audit checkpoint; give the file that `schoolgate audit checkpoint` wrote.")
    body, found, rest = " ".join(text.split()).partition(" Signature ")
    shape = _SHAPE.match(body)
    signature = rest.replace(" ", "")
    if not (found and shape and re.fullmatch(r"[0-9a-f]{128}", signature)):
        raise BadInput(f'This cannot be read as an audit checkpoint; it must begin with "{TITLE}" and end with its signature, whole.')
    if shape[3] != public_key.hex():
        raise BadInput(
            f"The checkpoint was signed with the key {key_id(bytes.fromhex(shape[3]))}, but the key to check it by is "
            f"{key_id(public_key)}; it is from another installation, or one of the two was replaced."
        )
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes.fromhex(signature), body.encode())
    except InvalidSignature:
        raise BadInput("The checkpoint's signature does not fit its text: it was changed, or mistyped, after it was made.") from None
    return _read(shape)


def turned_back(checkpoint: Checkpoint, newest_serial: int) -> str:
    """A sentence when a newer checkpoint is known to exist, so this one may have been put in its place; empty if not."""
    if checkpoint.serial >= newest_serial:
        return ""
    return (
        f"This is checkpoint {checkpoint.serial}, but {newest_serial} is known to have been made: "
        f"what came between is not witnessed by it. Ask its keeper for the newest one."
    )


def _read(shape: re.Match[str]) -> Checkpoint:
    words = shape[4].split()
    chains = {UUID(words[at + 1]): Head(int(words[at + 2]), bytes.fromhex(words[at + 3])) for at in range(0, len(words), 4)}
    try:
        made = datetime.strptime(shape[2], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        raise BadInput(f"The checkpoint gives {shape[2]!r} as the time it was made, which is no time.") from None
    return Checkpoint(int(shape[1]), made, bytes.fromhex(shape[3]), chains)
