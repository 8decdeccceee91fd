"""Where the sign-in limits are counted: files beside the database, so that every web process of the installation counts together."""

import os
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache


class FileCounters(FileBasedCache):
    """Django's file cache, with an `add` that only one of several processes can win: the limits take their lock with it."""

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        if self.has_key(key, version):  # also removes one that has run out
            return False
        self._createdir()  # type: ignore[attr-defined]
        claim = self._key_to_file(key, version) + ".claim"  # type: ignore[attr-defined]
        try:
            os.close(os.open(claim, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            return False
        try:
            if self.has_key(key, version):
                return False
            self.set(key, value, timeout, version)
            return True
        finally:
            os.unlink(claim)
