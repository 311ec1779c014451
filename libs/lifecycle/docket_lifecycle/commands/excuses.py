"""The command that excuses a breach."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExcuseBreach:
    """Excuse the breach of a turn; `approver` is the agent who answers for it (R-7.2, I-7.9)."""

    turn: int
    reason: str
    approver: str
