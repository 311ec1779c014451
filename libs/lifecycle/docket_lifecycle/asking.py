"""What a rule knows beside the ticket and the command: when, who, and under which terms."""

from dataclasses import dataclass
from datetime import datetime

from docket_events.recorded import Actor
from docket_policies.model import Policy


@dataclass(frozen=True, slots=True)
class Asking:
    """A command being asked at an instant; `clause` is what grants it to the actor."""

    at: datetime
    actor: Actor
    policy: Policy
    clause: str
