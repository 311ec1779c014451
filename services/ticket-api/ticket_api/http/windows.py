"""The counts of `limits` in this process's memory: one number a caller until its window ends.

The storage of that library starts a thread every 10 ms to forget what has expired, which costs more
than a request (decision 0036).
"""

from limits.storage import Storage

from docket_runtime.clock import wall_clock

PRUNED_S = 10.0


class Windows(Storage):
    """Counts by key; a window begins with its first request."""

    STORAGE_SCHEME = None

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, int] = {}
        self._ends: dict[str, float] = {}
        self._pruned_at = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what a storage out of reach raises; this one is never."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count so many more in the window of a key, of `expiry` seconds; return the count."""
        now = wall_clock().timestamp()
        if now - self._pruned_at > PRUNED_S:
            self._prune(now)
        if self._ends.get(key, 0.0) <= now:
            self._counts[key], self._ends[key] = 0, now + expiry
        self._counts[key] += amount
        return self._counts[key]

    def get(self, key: str) -> int:
        """Return the count of a key's window."""
        return self._counts[key] if self.get_expiry(key) > wall_clock().timestamp() else 0

    def get_expiry(self, key: str) -> float:
        """Return when a key's window ends, in seconds of the epoch; 0 where there is none."""
        return self._ends.get(key, 0.0)

    def check(self) -> bool:
        """Return whether the storage can be reached."""
        return True

    def reset(self) -> int | None:
        """Forget all windows; return how many there were."""
        forgotten = len(self._counts)
        self._counts.clear()
        self._ends.clear()
        return forgotten

    def clear(self, key: str) -> None:
        """Forget a window."""
        self._counts.pop(key, None)
        self._ends.pop(key, None)

    def _prune(self, now: float) -> None:
        self._pruned_at = now
        for key in [key for key, end in self._ends.items() if end <= now]:
            self.clear(key)
