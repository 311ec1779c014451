"""The error for what cannot be reached now: the database, the broker, the file store.

`database.reachable` raises it, `loops.Loop.run` waits and tries again, and ticket-api answers it
with 503 and Retry-After (`http/faults.py`).
"""


class Unavailable(Exception):
    """The database (or the broker) cannot be reached now.

    Whether a write in flight was done is not known; a repetition with the same idempotency key
    finds out.
    """
