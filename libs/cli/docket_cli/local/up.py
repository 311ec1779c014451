"""`docket up`, `down` and `logs`: the whole system of this checkout, from nothing to running."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.table import Table

from docket_cli import config, output
from docket_cli.errors import CliError
from docket_cli.local.checkout import checkout
from docket_events.roles import ROLES, Role
from docket_runtime.settings import Settings

if TYPE_CHECKING:  # the wheel does not hold docket_devstack
    from docket_devstack.addresses import Addresses
    from docket_devstack.workspace import Workspace

SAMPLES = (
    "../shared/data/uci-incidents/events.jsonl.gz",
    "data/uci-incidents/events.sample.jsonl",
)
"""What `docket up` imports by default: the first that exists, seen from the project folder."""

Local = Annotated[
    Path | None,
    typer.Option("--local", help="Folder of the private servers, keys, mails and logs (.local)."),
]


def up(
    data: Annotated[
        Path | None, typer.Option(help="Histories to import, JSON lines, .gz or not.")
    ] = None,
    no_import: Annotated[bool, typer.Option("--no-import", help="Import nothing.")] = False,
    where: Local = None,
    json: Annotated[bool, typer.Option("--json", help="Print the addresses as JSON.")] = False,
) -> None:
    """Start everything: PostgreSQL, RabbitMQ, a mail sink, the three services, sample tickets.

    What runs already is left alone. Returns when all is ready, with a token for each role.

    Example: docket up --data histories.jsonl
    """
    with output.errors(), checkout():
        from docket_devstack import stack
        from docket_devstack.tokens import sign
        from docket_devstack.workspace import workspace

        settings = config.development_settings()
        here, began = workspace(where), monotonic()
        found = stack.start(here, settings, output.say)
        if not no_import:
            _import_once(here, settings, found, data)
        tokens = {role: sign(here, settings, role=role) for role in ROLES}
        output.say(f"all is ready after {monotonic() - began:.0f} s")
        if json:
            output.print_json({"addresses": msgspec.to_builtins(found), "tokens": tokens})
        else:
            _show(found, tokens)


def down(
    where: Local = None,
    json: Annotated[bool, typer.Option("--json", help="Print what was stopped.")] = False,
) -> None:
    """Stop everything that `docket up` started; the data stays.

    Example: docket down
    """
    stopped: list[str] = []
    with output.errors(), checkout():
        from docket_devstack import stack
        from docket_devstack.workspace import workspace

        stack.stop(workspace(where), stopped.append)
        if json:
            output.print_json(stopped)
        else:
            output.say("\n".join(stopped) or "nothing was running")


def logs(
    service: Annotated[
        str | None, typer.Argument(help="One of ticket-api, sla-clock, notifier, mail-sink.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until ^C.")] = False,
    lines: Annotated[int, typer.Option(help="How many lines to begin with.", min=0)] = 20,
    where: Local = None,
    json: Annotated[bool, typer.Option("--json", help="Print where the logs are.")] = False,
) -> None:
    """Show the logs of the services, each line a JSON object.

    Example: docket logs notifier --follow
    """
    names = ("ticket-api", "sla-clock", "notifier", "mail-sink")
    with output.errors(), checkout():
        from docket_devstack.workspace import workspace

        here = workspace(where)
        if service is not None and service not in names:
            raise typer.BadParameter(f"{service!r} is none of {', '.join(names)}")
        files = {name: here.log(name) for name in names if service in (None, name)}
        there = {name: str(path) for name, path in files.items() if path.exists()}
        if json:
            output.print_json(there)
        elif not there:
            output.say("there are no logs yet: docket up")
        else:
            tail = shutil.which("tail") or "tail"
            options = ["-n", str(lines), *(["-F"] if follow else [])]
            os.execv(tail, [tail, *options, *there.values()])  # noqa: S606 - shows our own files


def _import_once(here: Workspace, settings: Settings, found: Addresses, data: Path | None) -> None:
    from docket_cli.log.import_ import ImportRequest, import_incidents
    from docket_devstack.workspace import PROJECT
    from docket_runtime.database import Database

    file = data or next(each for each in map(PROJECT.joinpath, SAMPLES) if each.exists())
    imported = here.imported.read_text().splitlines() if here.imported.exists() else []
    if str(file.resolve()) in imported:
        return
    url = found.database_url("docket_ticket_api")
    database = Database.of(settings.model_copy(update={"database_url": url}), "docket-import")
    loaded, faults = import_incidents(ImportRequest(file), database)
    if faults:
        raise CliError(f"{file}: {faults[0]}; docket import {file} --check says all of it")
    output.say(f"{loaded.imported} tickets imported from {file.name}")
    here.imported.write_text("".join(f"{each}\n" for each in [*imported, file.resolve()]))


def _show(found: Addresses, tokens: Mapping[Role, str]) -> None:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, address in msgspec.to_builtins(found).items():
        table.add_row(name.replace("_", "-"), address)
    output.out.print(table)
    for role, token in tokens.items():
        output.out.print(f"\n{role} token:", style="bold")
        output.line(token)
