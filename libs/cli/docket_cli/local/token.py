"""`docket token`: an access token for a role, signed with the development key of this checkout."""

from typing import Annotated

import typer

from docket_cli import config, output
from docket_cli.local.checkout import checkout
from docket_events.roles import ROLES


def token(
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(ROLES)}.")],
    account: Annotated[str, typer.Option(help="The customer account (customers only).")] = "acme",
    subject: Annotated[
        str | None, typer.Option(help="Who it is; each role has a name by itself.")
    ] = None,
    ttl: Annotated[float, typer.Option(help="Hours it is good for.", min=0.01)] = 12.0,
    json: Annotated[bool, typer.Option("--json", help="Print the token as JSON.")] = False,
) -> None:
    """Print an access token for a role, signed with the development key of this checkout.

    Example: curl -H "Authorization: Bearer $(docket token --role agent)" localhost:8080/v1/tickets
    """
    with output.errors(), checkout():
        from docket_devstack.tokens import sign
        from docket_devstack.workspace import workspace

        made = sign(
            workspace(),
            config.development_settings(),
            role=role,
            subject=subject,
            account=account,
            hours=ttl,
        )
        if json:
            output.print_json({"role": role, "token": made})
        else:
            output.line(made)
