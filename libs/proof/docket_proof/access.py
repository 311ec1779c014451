"""The chain of accesses: who looked at what, chained like the events of a partition (0032)."""

from typing import NamedTuple
from uuid import UUID

from docket_proof.chain import bigint, binary, text, timestamp, uuid

ACCESS = -1
"""The number of the chain of accesses, where an event has that of its partition."""

_COLUMNS = (12).to_bytes(4)


class AccessRow(NamedTuple):
    """One access as it is stored, its columns in the order in which they are hashed.

    `at` is in microseconds since 2000-01-01T00:00:00Z; of the reason there is the salted digest.
    """

    position: int
    access_id: UUID
    at: int
    role: str
    subject: str
    operation: str
    ticket_id: UUID | None
    account_id: str | None
    asked: str
    outcome: str
    reason_digest: bytes | None
    trace_id: str
    hash: bytes

    @property
    def partition(self) -> int:
        """Return the number of the chain."""
        return ACCESS

    @property
    def recorded_at(self) -> int:
        """Return when it was written."""
        return self.at

    def packed(self) -> bytes:
        """Return the row without its hash in the bytes of PostgreSQL's record_send."""
        return b"".join(
            (
                _COLUMNS,
                bigint(self.position),
                uuid(self.access_id),
                timestamp(self.at),
                text(self.role),
                text(self.subject),
                text(self.operation),
                uuid(self.ticket_id),
                text(self.account_id),
                text(self.asked),
                text(self.outcome),
                binary(self.reason_digest),
                text(self.trace_id),
            )
        )


def chain_name(number: int) -> str:
    """Return how a chain is named: `access`, or the number of a partition."""
    return "access" if number == ACCESS else str(number)
