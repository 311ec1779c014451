"""The public keys that tokens are verified with, read from a file."""

import os
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import structlog
from joserfc.jwk import KeySet

from docket_runtime.production import DEVELOPMENT_KEYS, check_later
from docket_runtime.settings import Settings
from docket_runtime.token_keys import is_of_development, read_keys

LOOK_S = 1.0

log = structlog.get_logger()


class KeyFile:
    """The key set of DOCKET_JWT_KEYS, read again when the file has changed.

    While what stands there is no key set, as in the middle of a copy, the keys read last go on.
    Making one raises OSError, ValueError, or Unsafe for keys of development in production. `now`
    counts seconds.
    """

    def __init__(
        self, path: Path, settings: Settings, *, now: Callable[[], float] = monotonic
    ) -> None:
        self._path, self._settings, self._now = path, settings, now
        self._looked_at = now()
        self._state = self._seen()
        self._keys = self._read()

    def current(self) -> KeySet:
        """Return the keys, the same set as long as the file does not change."""
        if self._now() - self._looked_at >= LOOK_S:
            self._looked_at = self._now()
            self._look()
        return self._keys

    def _look(self) -> None:
        state = self._seen()
        if state == self._state:
            return
        self._state = state
        try:
            self._keys = self._read()
        except (OSError, ValueError) as fault:
            log.warning("keys_not_read", reason=str(fault))
        else:
            log.info("keys_read_again", keys=[key.kid for key in self._keys.keys])

    def _seen(self) -> tuple[int, int, int] | None:
        """Return what changes when the file does, None where there is none."""
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> KeySet:
        keys = read_keys(self._path)
        if is_of_development(keys):
            check_later(self._settings, DEVELOPMENT_KEYS)
        return keys
