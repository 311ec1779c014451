"""`docket tail`: the last events of the log by position, and those that follow."""

from re import fullmatch
from time import sleep
from typing import Annotated, Any

import typer

from docket_cli import output
from docket_cli.audit.api_client import Api, api
from docket_cli.audit.columns import Json, when, who

PLACE = r"-?[0-9]{1,18}|[0-9a-f]{8}(-[0-9]{1,4}\.[0-9]{1,18})*"
POLL_S = 1.0
PAGE = 500


def tail(
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until ^C.")] = False,
    lines: Annotated[int, typer.Option("-n", min=0, help="The last so many events.")] = 20,
    after: Annotated[
        str | None, typer.Option("--from", help="From behind this place or position instead.")
    ] = None,
    type: Annotated[str | None, typer.Option(help="Events of this type only.")] = None,
    actor: Annotated[str | None, typer.Option(help="Events by this actor only.")] = None,
    json: Json = False,
) -> None:
    """Show the end of the log, one line an event, and with -f what is written from now on.

    Exit codes: 0 shown (^C ends -f), 2 the place is none of this log, 3 ticket-api is out of reach,
    4 not allowed.

    Example: docket tail -f --type ResponseOverdue
    """
    if after is not None and not fullmatch(PLACE, after):
        raise typer.BadParameter(
            f"{after[:40]!r} is no place in the log: write a position (120), -20 for the last"
            " twenty, or the next_after of an answer",
            param_hint="--from",
        )
    place = after or (f"-{lines}" if lines else "-0")
    with api() as client:
        try:
            _tail(client, place, {"type": type, "actor": actor}, follow=follow, json=json)
        except KeyboardInterrupt:
            return


def _tail(
    client: Api, place: str, only: dict[str, str | None], *, follow: bool, json: bool
) -> None:
    more, shown = True, int(place == "-0")  # nothing was asked for
    while more or follow:
        if not more:
            sleep(POLL_S)
        page = client.get("/v1/audit/events", after=place, limit=PAGE, **only)
        for event in page["items"]:
            output.print_json(event) if json else _print(event)
        shown += len(page["items"])
        place, more = page["next_after"], page["more"]
    if not shown and not json:
        output.say("no event fits")


def _print(event: dict[str, Any]) -> None:
    output.line(
        f"{event['partition']}.{event['position']}  {when(event['recorded_at'])}  "
        f"{event['type']}  ticket {event['ticket_id']} v{event['version']}  {who(event['actor'])}"
    )
