"""`docket forecast`: what comes due in the coming days if nothing happens."""

import asyncio
from contextlib import aclosing
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from docket_audit.extent import first_of
from docket_cli import config
from docket_cli.errors import CliError
from docket_cli.output import aside, errors, out, print_json, say_set_aside
from docket_policies.calendars.opentime import OutsideCoverage
from docket_runtime.database import Database, reachable
from docket_runtime.store.isolated_reading import SetAside
from docket_runtime.store.scan import histories_under_way
from docket_runtime.unavailable import Unavailable
from docket_simulation.what_if.forecast import Due, Forecast, deadlines_of, picture
from docket_simulation.what_if.forecast import forecast as forecast_of


def forecast(
    days: Annotated[int, typer.Option(min=1, max=366, help="So many days ahead.")] = 3,
    svg: Annotated[Path | None, typer.Option(help="Write a picture to this file.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell which open tickets are due for a response in which hour, by team and priority.

    Each deadline is that of the clock as it stands; what waits without a date has none.

    Exit codes: 0 answered, 1 the database is out of reach, 2 a calendar does not reach that far.

    Example: docket forecast --days 5 --json
    """
    try:
        with errors():
            seen = _answered(timedelta(days=days))
    except OutsideCoverage as wrong:
        aside.print(f"forecast: {wrong}", markup=False, highlight=False)
        raise typer.Exit(2) from None
    if svg is not None:
        svg.write_text(picture(seen), encoding="utf-8")
    if json:
        print_json({**asdict(seen), "hours": [asdict(cell) for cell in seen.hours]})
    else:
        _print(seen)


def _answered(ahead: timedelta) -> Forecast:
    database = Database.of(config.settings(), "docket-forecast")
    try:
        at, dues, set_aside = asyncio.run(_dues(database))
    except Unavailable as error:
        raise CliError(str(error)) from error
    return replace(forecast_of(dues, at, at + ahead), set_aside=set_aside)


async def _dues(database: Database) -> tuple[datetime, list[Due], tuple[UUID, ...]]:
    connection, set_aside = await database.connect(), SetAside()
    try:
        with reachable():
            at: datetime = await connection.fetchval("select docket.present()")
        async with aclosing(histories_under_way(connection, set_aside)) as histories:
            return at, await deadlines_of(histories, at, set_aside.add), set_aside.ids
    finally:
        await connection.close()


def _print(seen: Forecast) -> None:
    table = Table(title=f"due until {seen.until:%Y-%m-%d %H:%M}Z")
    for column in ("hour (UTC)", "team", "priority", "tickets", ""):
        table.add_column(column, justify="right" if column == "tickets" else "left")
    for cell in seen.hours:
        named = first_of(cell.tickets, 8)
        hour = cell.from_.strftime("%a %Y-%m-%d %H:00")
        table.add_row(hour, cell.team, cell.priority, str(len(cell.tickets)), named)
    if seen.ahead:
        out.print(table)
    late = first_of([due.ticket for due in seen.late], 20)
    until = f"{len(seen.ahead) or 'nothing'} due until {seen.until:%Y-%m-%d %H:%M}Z"
    out.print(f"{until}, {len(seen.late)} late already {late}", markup=False)
    say_set_aside(seen.set_aside)
