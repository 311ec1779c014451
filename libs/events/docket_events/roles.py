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
    """What a role is: `says` in a few words.

    `account_bound`: it belongs to one customer account. `side`: the terms grant it commands of its
    own; a service gives some for a person whom it names.
    `masked`: it reads texts only after giving a reason.
    """

    says: str
    account_bound: bool = False
    side: bool = False
    masked: bool = False


ROLE_FACTS: Mapping[Role, RoleFacts] = {
    "customer": RoleFacts(
        "a user of the support; its token names the account (`account`)",
        account_bound=True,
        side=True,
    ),
    "agent": RoleFacts("the provider's support desk", side=True),
    "product_team": RoleFacts(
        "the provider's developers, with what the terms give them", side=True
    ),
    "auditor": RoleFacts("reads what happened, changes nothing", masked=True),
    "service": RoleFacts(
        "another program of the provider, such as the one that knows the licenses"
    ),
    "privacy_officer": RoleFacts("erases what may not be kept, reads to find it", masked=True),
    "operator": RoleFacts("keeps the service running; sees what comes due, no tickets"),
}

ACCOUNT_BOUND = frozenset(role for role, facts in ROLE_FACTS.items() if facts.account_bound)
SIDES = tuple(role for role, facts in ROLE_FACTS.items() if facts.side)
MASKED = frozenset(role for role, facts in ROLE_FACTS.items() if facts.masked)
