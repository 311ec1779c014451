"""Commands by which the user stops the work for a while, or for good."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suspend:
    pass


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class Revoke:
    pass


SuspensionCommand = Suspend | Resume | Revoke
