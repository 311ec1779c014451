"""`docket token`: an access token for a role, signed with the development key of this checkout."""

from datetime import timedelta
from typing import Annotated

import typer

from docket_cli import config, output
from docket_devstack import keys
from docket_devstack.workspace import Place, local
from docket_events.roles import ROLES
from docket_runtime.clock import wall_clock
from docket_runtime.settings import Settings

DEFAULT_HOURS = 12.0
_SUBJECTS = {
    "customer": "ann",
    "agent": "max",
    "product_team": "pia",
    "auditor": "eve",
    "service": "crm",
    "privacy_officer": "pat",
    "operator": "otto",
}


def token(
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(ROLES)}.")],
    account: Annotated[str, typer.Option(help="The customer account (customers only).")] = "acme",
    subject: Annotated[
        str | None, typer.Option(help="Who it is; each role has a name by itself.")
    ] = None,
    ttl: Annotated[float, typer.Option(help="Hours it is good for.", min=0.01)] = DEFAULT_HOURS,
    json: Annotated[bool, typer.Option("--json", help="Print the token as JSON.")] = False,
) -> None:
    """Print an access token for a role, signed with the development key of this checkout.

    Example: curl -H "Authorization: Bearer $(docket token --role agent)" localhost:8080/v1/tickets
    """
    with output.trouble():
        made = sign(
            local(),
            config.of_development(),
            role=role,
            subject=subject,
            account=account,
            hours=ttl,
        )
        if json:
            output.print_json({"role": role, "token": made})
        else:
            typer.echo(made)


def sign(
    place: Place,
    settings: Settings,
    *,
    role: str,
    subject: str | None = None,
    account: str = "acme",
    hours: float = DEFAULT_HOURS,
) -> str:
    """Return a token good for so many real hours, whatever DOCKET_CLOCK makes of the time."""
    return keys.token(
        place.keys,
        settings,
        role=role,
        subject=subject or _SUBJECTS.get(role, role),
        account=account,
        now=wall_clock(),
        ttl=timedelta(hours=hours),
    )
