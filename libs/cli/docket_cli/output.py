"""The output of commands: results on stdout, the rest on stderr, errors without a stack trace.

What people and other systems wrote may stand in any field: here, and nowhere else, it becomes text
that a terminal shows and does not obey. No markup is read, and JSON stays exact by its escapes.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from docket_cli.errors import CliError
from docket_events.characters import inert_json, one_line, printable

WIDE = 132  # width where the output is a file or a pipe


class Terminal(Console):
    """A console that shows every character and obeys none but its own."""

    def render_str(self, text: str, **how: Any) -> Text:
        """Return text that can be measured and shown."""
        return super().render_str(printable(text), **{**how, "markup": False, "emoji": False})

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield what is shown of anything else too."""
        for segment in super().render(renderable, options):
            told = segment.text if segment.control else printable(segment.text)
            yield segment._replace(text=told)


out = Terminal(markup=False, emoji=False)
aside = Terminal(stderr=True, markup=False, emoji=False)


def page() -> Terminal:
    """Return the console for tables: as wide as the terminal, or wide enough for a file."""
    return out if out.is_terminal else Terminal(width=WIDE, markup=False, emoji=False)


def say(text: str) -> None:
    """Print progress to stderr, beside the result."""
    aside.print(text, highlight=False, soft_wrap=True)


def line(text: str) -> None:
    """Print a line of the result, whatever stands in it."""
    typer.echo(one_line(text))


def say_set_aside(tickets: Iterable[object]) -> None:
    """Tell which tickets an answer leaves out because they cannot be read."""
    if left_out := [*map(str, tickets)]:
        say(f"{len(left_out)} tickets cannot be read and are left out: {', '.join(left_out)}")


def print_json(value: Any) -> None:
    """Print the result as one line of JSON."""
    typer.echo(inert_json(msgspec.json.encode(value).decode()))


@contextmanager
def errors() -> Iterator[None]:
    """Turn a CliError into its message and its exit code, 1 by default."""
    try:
        yield
    except CliError as error:
        aside.print("docket: ", style="bold red", end="")
        aside.print(str(error), highlight=False, soft_wrap=True)
        raise typer.Exit(error.exit_code) from error
