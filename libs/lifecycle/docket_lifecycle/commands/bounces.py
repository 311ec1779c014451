"""The command that says of a notice that its copy by mail came back."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RecordBounce:
    """`code` is the status of the bounce: of RFC 3463, as 5.1.1, or of RFC 5321, as 550."""

    notice_id: UUID
    code: str
