"""`docket whatif`: what other terms would have made of the tickets in the log."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import aclosing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, get_args
from uuid import UUID

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from docket_audit.extent import extent
from docket_cli import config
from docket_cli.arguments import instant, refuse_empty_period
from docket_cli.errors import CliError
from docket_cli.output import aside, errors, out, print_json, say_set_aside
from docket_events.instants import day_and_time
from docket_events.ticket import Priority
from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.eligibility.question import Unanswerable
from docket_runtime.database import Database, reachable
from docket_runtime.store.history import History
from docket_runtime.store.isolated_reading import SetAside
from docket_runtime.store.scan import CreatedWithin, every_history
from docket_runtime.unavailable import Unavailable
from docket_simulation.what_if.supposition import Supposition
from docket_simulation.what_if.tally import BreachChange, Tally, picture, spent, tally_of

Since = Annotated[
    datetime | None, typer.Option(parser=instant, help="Tickets created from this instant on.")
]
Until = Annotated[
    datetime | None, typer.Option(parser=instant, help="Tickets created before this instant.")
]


def whatif(
    reading: Annotated[
        list[str] | None, typer.Option(help="Another reading, as info=resume; may repeat.")
    ] = None,
    revision: Annotated[str | None, typer.Option(help="Another edition.")] = None,
    targets: Annotated[
        str | None, typer.Option(help="The times of this edition, as I-2025-09-08.")
    ] = None,
    level: Annotated[str | None, typer.Option(help="The service level of those times.")] = None,
    calendar: Annotated[
        str | None, typer.Option(help="Count every target in this calendar.")
    ] = None,
    since: Since = None,
    until: Until = None,
    most: Annotated[int, typer.Option(min=0, help="Name so many tickets of each kind.")] = 20,
    svg: Annotated[Path | None, typer.Option(help="Write a picture to this file.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Judge the tickets of the log under other terms: which breaches appear, which vanish, and why.

    Runs from the log and stores nothing.

    Exit codes: 0 answered, 1 the database is out of reach, 2 the question makes no sense.

    Example: docket whatif --reading info=resume --since 2026-01-01 --svg picture.svg
    """
    refuse_empty_period(since, until)
    try:
        supposed = Supposition(_readings(reading or []), revision, targets, level, calendar)
        with errors():
            tally = _answered(supposed, (since, until), most)
    except (Unanswerable, OutsideCoverage) as wrong:
        aside.print(f"whatif: {wrong}", markup=False, highlight=False)
        raise typer.Exit(2) from None
    if svg is not None:
        svg.write_text(picture(supposed.label, tally), encoding="utf-8")
    if json:
        print_json({"supposed": supposed.label, **asdict(tally), "sum": tally.sum})
    else:
        _print(supposed, tally)


def _readings(said: list[str]) -> dict[str, str]:
    readings = {}
    for reading in said:
        name, _, value = reading.partition("=")
        readings[name] = value
    return readings


def _answered(supposed: Supposition, period: CreatedWithin, most: int) -> Tally:
    database = Database.of(config.settings(), "docket-whatif")
    try:
        return asyncio.run(_judged(database, supposed, period, most))
    except Unavailable as error:
        raise CliError(str(error)) from error


async def _judged(
    database: Database, supposed: Supposition, period: CreatedWithin, most: int
) -> Tally:
    connection, set_aside = await database.connect(), SetAside()
    try:
        with reachable():
            at = await connection.fetchval("select docket.present()")
        async with aclosing(every_history(connection, set_aside, period)) as histories:
            tally = await tally_of(_shown(histories), supposed, at, most, set_aside.add)
    finally:
        await connection.close()
    tally.set_aside = set_aside.ids
    return tally


async def _shown(
    histories: AsyncIterable[tuple[UUID, History]],
) -> AsyncIterator[tuple[UUID, History]]:
    """Show the progress."""
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} tickets"), TimeElapsedColumn())
    with Progress(*columns, console=aside) as bar:
        task = bar.add_task("judging", total=None)
        async for each in histories:
            yield each
            bar.advance(task)


def _print(supposed: Supposition, tally: Tally) -> None:
    table = Table(title=f"what if: {supposed.label}")
    for column in ("priority", "appear", "vanish"):
        table.add_column(column, justify="left" if column == "priority" else "right")
    for priority in get_args(Priority):
        counts = (tally.appeared.get(priority, 0), tally.vanished.get(priority, 0))
        table.add_row(priority, *(f"{count:,}" for count in counts))
    if tally.tickets:
        out.print(table)
    for title, changes, of_kind in (
        ("appear", tally.appearing, tally.appeared),
        ("vanish", tally.vanishing, tally.vanished),
    ):
        total = sum(of_kind.values())
        if total:
            cut = extent(len(changes), total, order="in the order of the log", rest="--most")
            out.print(_changes(f"{title}: {cut}", changes))
    out.print(tally.sum, markup=False, highlight=False, style="bold")
    say_set_aside(tally.set_aside)


def _changes(title: str, changes: list[BreachChange]) -> Table:
    table = Table(title=f"breaches that {title}")
    for column in ("ticket", "priority", "turn began", "counted", "why"):
        table.add_column(column, overflow="fold")
    for change in changes:
        began = f"{day_and_time(change.breach.started_at)}Z"
        cause = f"{began}\n{change.breach.cause}"
        counted = spent(change.breach)
        table.add_row(change.ticket, change.priority, cause, counted, change.why)
    return table
