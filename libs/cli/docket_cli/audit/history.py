"""`docket history`: every event of a ticket, when it happened and when it was written down."""

from typing import Any

import msgspec

from docket_cli import output
from docket_cli.audit.api_client import api
from docket_cli.audit.columns import Json, Ticket, exactly, table, when, who


def history(ticket: Ticket, json: Json = False) -> None:
    """Show the history of a ticket: what happened when, who did it, and when it was written down.

    An event that happened before one above it came late: it is marked.

    Exit codes: 0 shown, 3 ticket-api is out of reach, 4 not allowed, 5 there is no such ticket.

    Example: docket history 1001
    """
    with api() as client:
        events = client.history(client.ticket(ticket))
        if json:
            output.print_json(events)
            return
        shown = table(f"ticket {ticket}", "v", "happened", "written down", "event", "by", "data")
        latest = ""
        for event in events:
            late = event["at"] < latest
            latest = max(latest, event["at"])
            shown.add_row(
                str(event["version"]),
                when(event["at"]) + (" (late)" if late else ""),
                exactly(event["recorded_at"]),
                event["type"],
                who(event["actor"]),
                _short(event["data"]),
            )
        output.page().print(shown)


def _short(data: dict[str, Any]) -> str:
    """Return the data in a line; a reference to a content shows only that there is one."""
    said = {
        name: "…" if isinstance(value, dict) and "digest" in value else value
        for name, value in data.items()
    }
    return msgspec.json.encode(said).decode()
