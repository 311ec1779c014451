"""`docket replay`: fold the whole log again and compare what is stored with it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from docket_cli import config, output
from docket_cli.arguments import AllowStandby
from docket_cli.errors import CliError
from docket_runtime.database import Database
from docket_runtime.projections.check import Difference, differences
from docket_runtime.unavailable import Unavailable

DIFFERENT = 3
MOST_TOLD = 1000


@dataclass(slots=True)
class Replayed:
    """The progress of a replay and its result; the first differences are kept."""

    tickets: int = 0
    events: int = 0
    found: int = 0
    differences: list[Difference] = field(default_factory=list)

    def passed(self, tickets: int, events: int) -> None:
        """Count tickets that were folded."""
        self.tickets += tickets
        self.events += events

    def differs(self, difference: Difference) -> None:
        """Count a difference, and keep it unless there are too many."""
        self.found += 1
        if len(self.differences) < MOST_TOLD:
            self.differences.append(difference)


def replay(
    everything: Annotated[bool, typer.Option("--all", help="Replay every ticket.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Compare with what is stored.")] = False,
    allow_standby: AllowStandby = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Fold the whole log again and compare every ticket and clock with what is stored.

    One ticket at a point of its past is shown by `docket show`.

    Exit codes: 0 nothing differs, 1 it cannot be replayed now, 2 the question makes no sense,
    3 something differs.

    Example: docket replay --all --check
    """
    if not (everything and check):
        raise typer.BadParameter("say --all --check; docket show replays one ticket")
    began = monotonic()
    with output.errors():
        settings = config.settings()
        database = Database.of(settings, "docket-replay", reads_standby=allow_standby)
        with progress_bar() as bar:
            replayed = replay_all(database, bar)
    tell(replayed, monotonic() - began, as_json)
    if replayed.found:
        raise typer.Exit(DIFFERENT)


def replay_all(database: Database, replayed: Replayed) -> Replayed:
    """Replay the log into `replayed`; raise CliError if it is out of reach."""

    async def ask() -> None:
        connection = await database.connect()
        try:
            async for difference in differences(connection, replayed.passed):
                replayed.differs(difference)
        finally:
            await connection.close()

    try:
        asyncio.run(ask())
    except Unavailable as error:
        raise CliError(str(error)) from error
    return replayed


@contextmanager
def progress_bar() -> Iterator[Replayed]:
    """Show how far a replay is, and yield what it is told to."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=output.aside, transient=True) as bar:
        task = bar.add_task("replaying")

        class Shown(Replayed):
            def passed(self, tickets: int, events: int) -> None:
                Replayed.passed(self, tickets, events)
                said = f"replaying: {self.tickets:,} tickets, {self.events:,} events"
                bar.update(task, description=said)

        yield Shown()


def tell(replayed: Replayed, seconds: float, as_json: bool) -> None:
    """Print the result of a replay."""
    if as_json:
        output.print_json(
            {
                "ok": not replayed.found,
                "tickets": replayed.tickets,
                "events": replayed.events,
                "found": replayed.found,
                "differences": [asdict(each) for each in replayed.differences],
                "seconds": round(seconds, 3),
            }
        )
        return
    for each in replayed.differences:
        output.out.print(
            f"{each.ticket_id}: {each.table}.{each.column} is {each.stored}, the log says"
            f" {each.folded}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    rate = replayed.events / max(seconds, 0.001)
    output.say(
        f"{replayed.tickets:,} tickets, {replayed.events:,} events, {replayed.found:,}"
        f" differences; {seconds:.1f} s, {rate:,.0f} events/s"
    )
