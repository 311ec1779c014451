"""The roles that people and services come with: what one does, the actor of that name does."""

from typing import Literal, get_args

Role = Literal[
    "customer", "agent", "product_team", "auditor", "service", "privacy_officer", "operator"
]

ROLES: tuple[Role, ...] = get_args(Role)
