"""Cells of the auditor's tables: instants, actors, events, durations."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table

from docket_cli.arguments import place, wired_instant
from docket_events.characters import one_line
from docket_events.instants import for_people, wire
from docket_simulation.explanation import hours

Ticket = Annotated[str, typer.Argument(help="The ticket's id or its number.")]
AsOf = Annotated[
    str | None,
    typer.Option(parser=place, help="What had happened: a version (17), or an instant."),
]
KnownAt = Annotated[
    str | None,
    typer.Option(parser=wired_instant, help="What had been written down by this instant."),
]
Since = Annotated[
    str | None,
    typer.Option(parser=wired_instant, help="From this instant on (30 days before --until)."),
]
Until = Annotated[str | None, typer.Option(parser=wired_instant, help="Before this instant (now).")]
Account = Annotated[str | None, typer.Option(help="Of this account only.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    """Return an empty table; the columns of `right` are aligned to the right."""
    made = Table(box=box.SIMPLE, title=title, title_justify="left")
    for column in columns:
        justify: Any = "right" if column in right else "left"
        made.add_column(column, justify=justify, overflow="fold")
    return made


def when(instant: str | None) -> str:
    """Return an instant of an answer for people, a dash for none."""
    return "–" if instant is None else for_people(datetime.fromisoformat(instant))


def exactly(instant: str) -> str:
    """Return an instant as exactly as it can be asked for: written so, it counts what has it."""
    return wire(datetime.fromisoformat(instant))


def who(actor: dict[str, Any] | None) -> str:
    """Return who did something, and for whom."""
    if actor is None:
        return "another ticket"
    on_behalf = f" for {actor['on_behalf_of']}" if actor.get("on_behalf_of") else ""
    return one_line(f"{actor['kind']} {actor['id']}{on_behalf}")


def event(told: dict[str, Any] | None) -> str:
    """Return an event's version, type and actor; a dash for none."""
    if told is None:
        return "–"
    version = f"v{told['version']} " if "version" in told else ""
    return f"{version}{told['type']} by {who(told.get('actor'))}"


def excused(excuse: dict[str, Any] | None) -> tuple[str, str]:
    """Return the event that excuses a breach, and its reason with who answers for it."""
    if excuse is None:
        return "–", "–"
    return event(excuse["event"]), f"{excuse['reason'] or '–'} ({who(excuse['approver'])})"


def duration(seconds: int | None) -> str:
    """Return seconds as hours and minutes, a dash for none."""
    return "–" if seconds is None else hours(seconds)


def value(told: Any) -> str:
    """Return a field's value for people."""
    return "–" if told is None else one_line(str(told))
