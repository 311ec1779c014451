"""`docket rebuild`: the tables of tickets and clocks, made anew from the log."""

import asyncio
from collections import Counter
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import Annotated

import asyncpg
import typer

from docket_cli import config, output
from docket_cli.arguments import DatabaseUrl, readable_address
from docket_cli.errors import CliError
from docket_cli.log.replay import DIFFERENT, MOST_TOLD, Replayed, progress_bar, replay_all, tell
from docket_runtime.database import Database, NotDurable, NotForDevelopment
from docket_runtime.projections.check import Difference
from docket_runtime.projections.rebuild import Rebuilt, rebuild
from docket_runtime.unavailable import Unavailable


@dataclass(slots=True)
class Outcome:
    """What was written anew, and the differences that stayed; the first rows are kept."""

    count: Counter[str] = field(default_factory=Counter)
    rebuilt: list[Rebuilt] = field(default_factory=list)
    left: list[Difference] = field(default_factory=list)

    def add(self, done: Rebuilt | Difference) -> None:
        """Count what was done with one row."""
        if isinstance(done, Difference):
            self.left.append(done)
            return
        self.count[done.table] += 1
        if len(self.rebuilt) < MOST_TOLD:
            self.rebuilt.append(done)


def rebuild_command(
    check: Annotated[
        bool, typer.Option("--check", help="Only say what differs; write nothing.")
    ] = False,
    database_url: DatabaseUrl = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Fold the whole log again and write anew each row of tickets and clocks that differs.

    The services go on meanwhile: a row is folded once more, compared and written under the lock of
    those who write it. The address names the role that migrates, for no service may do it; with
    --check, which is `docket replay --all --check`, any role that reads the log.

    Exit codes: 0 nothing differs any more, 1 it cannot be done now, 2 the question makes no sense,
    3 something differs still: a history that cannot be read, or with --check anything.

    Example: docket rebuild --database-url postgresql://postgres@127.0.0.1:5432/docket
    """
    began = monotonic()
    with output.errors():
        settings = config.settings()
        # not as `Database.of`, which refuses in production the role that this needs
        url = readable_address(database_url, settings.database_url)
        may_lose = settings.env == "test"
        database = Database(url, "docket-rebuild", settings.clock, may_lose)
        with progress_bar() as bar:
            if check:
                replay_all(database, bar)
            else:
                outcome = _rebuild(database, bar)
    seconds = monotonic() - began
    if check:
        tell(bar, seconds, as_json)
    else:
        _tell(outcome, bar, seconds, as_json)
    if bar.found if check else outcome.left:
        raise typer.Exit(DIFFERENT)


def _rebuild(database: Database, bar: Replayed) -> Outcome:
    outcome = Outcome()

    async def work() -> None:
        async with aclosing(rebuild(database, bar.passed)) as done:
            async for each in done:
                outcome.add(each)

    try:
        asyncio.run(work())
    except (Unavailable, NotDurable, NotForDevelopment) as error:
        raise CliError(str(error)) from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise CliError(f"connect as the role that migrates: {error}") from error
    except (asyncpg.PostgresError, ValueError) as error:
        raise CliError(f"the database refuses: {error}") from error
    return outcome


def _tell(outcome: Outcome, bar: Replayed, seconds: float, as_json: bool) -> None:
    if as_json:
        output.print_json(
            {
                "ok": not outcome.left,
                "tickets": bar.tickets,
                "events": bar.events,
                "written": {table: outcome.count[table] for table in ("tickets", "clocks")},
                "rebuilt": [asdict(each) for each in outcome.rebuilt],
                "left": [asdict(each) for each in outcome.left],
                "seconds": round(seconds, 3),
            }
        )
        return
    for done in outcome.rebuilt:
        output.line(f"{done.ticket_id}: the row of {done.table} was made anew")
    for each in outcome.left:
        output.line(f"{each.ticket_id}: {each.table}.{each.column} stays {each.stored}")
    output.say(
        f"{bar.tickets:,} tickets, {bar.events:,} events; rows made anew: tickets"
        f" {outcome.count['tickets']:,}, clocks {outcome.count['clocks']:,}; {seconds:.1f} s"
    )
