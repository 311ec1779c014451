"""The error for what cannot be reached now: the database, the broker, the file store."""


class Unavailable(Exception):
    """The database (or the broker) cannot be reached now; whether a write in flight was done is
    not known, and the same idempotency key finds out."""
