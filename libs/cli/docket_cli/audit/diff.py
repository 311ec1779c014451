"""`docket diff`: what differs between two points of a ticket's past, and which event set it."""

from typing import Annotated

import typer

from docket_cli import output
from docket_cli.arguments import place, wired_instant
from docket_cli.audit.api_client import api
from docket_cli.audit.columns import Json, Ticket, event, table, value


def diff(
    ticket: Ticket,
    one: Annotated[str, typer.Argument(parser=place, help="A version, or an instant.")],
    other: Annotated[
        str | None, typer.Argument(parser=place, help="The same; the present if left out.")
    ] = None,
    one_known_at: Annotated[
        str | None,
        typer.Option(parser=wired_instant, help="What had been written down, for the first point."),
    ] = None,
    other_known_at: Annotated[
        str | None,
        typer.Option(
            parser=wired_instant, help="What had been written down, for the second point."
        ),
    ] = None,
    patch: Annotated[bool, typer.Option("--patch", help="Print JSON Patch (RFC 6902).")] = False,
    json: Json = False,
) -> None:
    """Show the fields that differ between two points, each with the event that set it last.

    Exit codes: 0 shown, 2 a point makes no sense, 3 ticket-api is out of reach, 4 not allowed,
    5 there is no such ticket, or there was none at a point.

    Example: docket diff 1001 4 6
    """
    with api() as client:
        path = f"{client.ticket(ticket)}/diff"
        points = {
            "from": one,
            "to": other,
            "from_known_at": one_known_at,
            "to_known_at": other_known_at,
        }
        if patch:
            output.print_json(client.patch(path, **points))
            return
        answer = client.get(path, **points)
        if json:
            output.print_json(answer)
            return
        for end, name in (("from", "first"), ("to", "second")):
            for caveat in answer[end]["caveats"]:
                output.say(f"of the {name} point: {caveat}")
        if not answer["changes"]:
            output.say(f"nothing differs from {one} to {other or 'now'}")
            return
        shown = table(f"from {one} to {other or 'now'}", "field", "before", "after", "set by")
        for each in answer["changes"]:
            shown.add_row(
                each["field"], value(each["before"]), value(each["after"]), event(each["event"])
            )
        output.page().print(shown)
