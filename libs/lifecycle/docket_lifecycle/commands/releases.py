"""The command that says of all tickets about a defect that its correction is out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReleaseUpdate:
    """`version` is that of the product in which the planned correction came (I-3.9.1-c)."""

    plan_reference: str
    version: str | None = None
