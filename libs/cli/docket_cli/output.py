"""The output of commands: results on stdout, the rest on stderr, errors without a stack trace."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import typer
from rich.console import Console

from docket_cli.errors import CliError

WIDE = 132  # width where the output is a file or a pipe

out = Console()
aside = Console(stderr=True)


def page() -> Console:
    """Return the console for tables: as wide as the terminal, or wide enough for a file."""
    return out if out.is_terminal else Console(width=WIDE)


def say(text: str) -> None:
    """Print progress to stderr, beside the result."""
    aside.print(text, highlight=False, markup=False, soft_wrap=True)


def say_set_aside(tickets: Iterable[object]) -> None:
    """Tell which tickets an answer leaves out because they cannot be read."""
    if left_out := [*map(str, tickets)]:
        say(f"{len(left_out)} tickets cannot be read and are left out: {', '.join(left_out)}")


def print_json(value: Any) -> None:
    """Print the result as one line of JSON."""
    typer.echo(msgspec.json.encode(value).decode())


@contextmanager
def errors() -> Iterator[None]:
    """Turn a CliError into its message and its exit code, 1 by default."""
    try:
        yield
    except CliError as error:
        aside.print("[bold red]docket:[/] ", end="")
        aside.print(str(error), highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(error.exit_code) from error
