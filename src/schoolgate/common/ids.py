"""Random ids: a gap or a sequence would tell an outsider how many cases a school has."""

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_repeatable: ContextVar[random.Random | None] = ContextVar("schoolgate_ids", default=None)


def new_id() -> uuid.UUID:
    """A random id for a new row."""
    source = _repeatable.get()
    return uuid.UUID(int=source.getrandbits(128), version=4) if source else uuid.uuid4()


@contextmanager
def repeatable(seed: str) -> Iterator[None]:
    """Give the same ids every time: only for the demo trust, which must look the same on every machine."""
    token = _repeatable.set(random.Random(seed))  # noqa: S311  for the demo only
    try:
        yield
    finally:
        _repeatable.reset(token)
