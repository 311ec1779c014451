"""Times and points as every command reads them; an error says what to write."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar

import typer

from docket_audit.point import read_place
from docket_cli.errors import CliError
from docket_events.instants import check_period, read_instant, wire
from docket_runtime.setting_groups.addresses import readable

T = TypeVar("T")

DatabaseUrl = Annotated[
    str | None, typer.Option(help="Instead of DOCKET_DATABASE_URL.", show_default=False)
]
AllowStandby = Annotated[
    bool,
    typer.Option("--allow-standby", help="Read a standby: the newest events may be missing."),
]


def instant(text: str) -> datetime:
    """Return the instant that a person wrote; raise BadParameter that says what to write."""
    return _read(read_instant, text.strip())


def wired_instant(text: str) -> str:
    """Return an instant as the API takes it; raise BadParameter as `instant` does."""
    return wire(instant(text))


def place(text: str) -> str:
    """Return a version or an instant as the API takes it; raise BadParameter as `instant` does."""
    where = _read(read_place, text.strip())
    return wire(where) if isinstance(where, datetime) else str(where or "")


def readable_address(given: str | None, usual: str) -> str:
    """Return the address of the option, else the usual one; raise CliError, which tells neither."""
    try:
        return readable(given or usual)
    except ValueError as wrong:
        raise CliError(f"--database-url {wrong}") from None


def refuse_empty_period(first: datetime | None, last: datetime | None) -> None:
    """Raise BadParameter for a period that holds no instant."""
    try:
        check_period(first, last)
    except ValueError as empty:
        raise typer.BadParameter(str(empty)) from None


def _read(read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from None
