"""The roles of people and services; the kind of an event's actor is one of them."""

from typing import Literal, get_args

Role = Literal[
    "customer", "agent", "product_team", "auditor", "service", "privacy_officer", "operator"
]

ROLES: tuple[Role, ...] = get_args(Role)
