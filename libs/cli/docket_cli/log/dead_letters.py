"""`docket dead-letters`: list, show and replay the messages that notifier set aside."""

import asyncio
from typing import Annotated, Any

import typer
from rich.table import Table

from docket_cli import config, output
from docket_cli.errors import CliError
from docket_runtime.bus import broker, dead_letters
from docket_runtime.bus.dead_letters import DeadLetter
from docket_runtime.unavailable import Unavailable

app = typer.Typer(
    help="List, show and replay the messages that notifier could not handle.",
    no_args_is_help=True,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("ls")
def ls(json: Json = False) -> None:
    """List the dead letters, the oldest first, each with its reason.

    Example: docket dead-letters ls
    """
    with output.errors():
        _show_all(_look(), json)


@app.command("show")
def show(
    number: Annotated[int, typer.Argument(help="The number that `ls` gives it.", min=1)],
    json: Json = False,
) -> None:
    """Show one dead letter with its body.

    Example: docket dead-letters show 1
    """
    with output.errors():
        for letter in _look():
            if letter.number == number:
                _show_one(letter, json)
                return
        raise CliError(f"there is no dead letter {number}: docket dead-letters ls")


@app.command("replay")
def replay(
    numbers: Annotated[list[int] | None, typer.Argument(help="Those of these numbers.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    json: Json = False,
) -> None:
    """Put dead letters back into notifier's queue, to be handled again.

    Example: docket dead-letters replay 1 2
    """
    with output.errors():
        if bool(numbers) == every:
            raise CliError("name the numbers to replay, or say --all")
        _show_all(_run(dead_letters.replay(_url(), None if every else numbers)), json)


def _look() -> list[DeadLetter]:
    found: list[DeadLetter] = _run(dead_letters.look(_url()))
    return found


def _url() -> str:
    url = config.settings().amqp_url
    if url == broker.OFF:
        raise CliError("there is no broker: DOCKET_AMQP_URL is none")
    return url


def _run(work: Any) -> Any:
    try:
        return asyncio.run(work)
    except Unavailable as unavailable:
        raise CliError(str(unavailable)) from unavailable


def _show_all(letters: list[DeadLetter], json: bool) -> None:
    if json:
        output.print_json([_fields(letter) for letter in letters])
        return
    table = Table("number", "type", "ticket", "attempts", "reason", box=None)
    for letter in letters:
        known = (letter.type or "-", letter.ticket or "-", str(letter.attempts), letter.reason)
        table.add_row(str(letter.number), *known)
    output.out.print(table if letters else "none")


def _show_one(letter: DeadLetter, json: bool) -> None:
    fields = _fields(letter) | {"body": letter.body.decode(errors="replace")}
    if json:
        output.print_json(fields)
        return
    for name, value in fields.items():
        output.out.print(f"{name}: {value}", markup=False, highlight=False)


def _fields(letter: DeadLetter) -> dict[str, Any]:
    return {
        "number": letter.number,
        "message_id": letter.message_id,
        "type": letter.type,
        "ticket": letter.ticket,
        "reason": letter.reason,
        "attempts": letter.attempts,
        "bytes": len(letter.body),
    }
