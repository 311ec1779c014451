"""The roles of people and services; the kind of an event's actor is one of them.

Which operations a role may call is the table of ticket_api/auth/roles.csv.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal[
    "customer", "agent", "product_team", "auditor", "service", "privacy_officer", "operator"
]

ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What a role is.

    `account_bound`: it belongs to one customer account. `side`: the terms grant it commands of its
    own; a service gives some for a person whom it names.
    `masked`: it reads texts only after giving a reason.
    """

    account_bound: bool = False
    side: bool = False
    masked: bool = False


ROLE_FACTS: Mapping[Role, RoleFacts] = {
    "customer": RoleFacts(account_bound=True, side=True),
    "agent": RoleFacts(side=True),
    "product_team": RoleFacts(side=True),
    "auditor": RoleFacts(masked=True),
    "service": RoleFacts(),
    "privacy_officer": RoleFacts(masked=True),
    "operator": RoleFacts(),
}

ACCOUNT_BOUND = frozenset(role for role, facts in ROLE_FACTS.items() if facts.account_bound)
SIDES = tuple(role for role, facts in ROLE_FACTS.items() if facts.side)
MASKED = frozenset(role for role, facts in ROLE_FACTS.items() if facts.masked)
