"""`docket timers`: what will happen by itself, and when."""

from typing import Annotated

import typer

from docket_audit.extent import extent
from docket_cli import output
from docket_cli.arguments import wired_instant
from docket_cli.audit.api_client import api
from docket_cli.audit.columns import Json, table, when


def timers(
    due_before: Annotated[
        str | None,
        typer.Option(parser=wired_instant, help="Those that fire before this instant."),
    ] = None,
    owner: Annotated[str | None, typer.Option(help="Of sla-clock or notifier only.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="So many at most.")] = 50,
    json: Json = False,
) -> None:
    """Show the timers that are armed, the next to fire first, each with its clause.

    Exit codes: 0 shown, 2 the question makes no sense, 3 ticket-api is out of reach, 4 not allowed.

    Example: docket timers --due-before 2026-06-12T00:00:00Z
    """
    with api() as client:
        answer = client.get("/v1/audit/timers", due_before=due_before, owner=owner, limit=limit)
        if json:
            output.print_json(answer)
            return
        shown = table("timers", "fires", "timer", "ticket", "due", "clause", "owner")
        for each in answer["items"]:
            shown.add_row(
                when(each["fires_at"]),
                each["name"],
                each["number"] or each["ticket_id"],
                when(each["due_at"]),
                each["clause"] or "–",
                each["owner"],
            )
        if not answer["items"]:
            output.say("no timer is armed that fits")
            return
        output.page().print(shown)
        rest = "--limit has up to 500, --due-before fewer"
        cut = extent(
            len(answer["items"]), answer["total"], order="the next to fire first", rest=rest
        )
        output.say(cut)
