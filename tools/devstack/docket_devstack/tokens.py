"""Tokens for the roles, signed with the development key of this checkout."""

from datetime import timedelta

from docket_devstack import keys
from docket_devstack.workspace import Workspace
from docket_runtime.clock import wall_clock
from docket_runtime.settings import Settings

DEFAULT_HOURS = 12.0
SUBJECTS = {
    "customer": "ann",
    "agent": "max",
    "product_team": "pia",
    "auditor": "eve",
    "service": "crm",
    "privacy_officer": "pat",
    "operator": "otto",
}
"""Who each role is when nobody is named."""


def sign(
    workspace: Workspace,
    settings: Settings,
    *,
    role: str,
    subject: str | None = None,
    account: str = "acme",
    hours: float = DEFAULT_HOURS,
) -> str:
    """Return a token valid for so many real hours, whatever DOCKET_CLOCK makes of the time.

    Raises SetupError in production and for an unknown role.
    """
    return keys.token(
        workspace.keys,
        settings,
        role=role,
        subject=subject or SUBJECTS.get(role, role),
        account=account,
        now=wall_clock(),
        ttl=timedelta(hours=hours),
    )
