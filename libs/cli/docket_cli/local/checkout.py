"""The servers of this checkout, where there is one: an installed `docket` has none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from docket_cli.errors import CliError

if TYPE_CHECKING:  # imported when a command needs it: the wheel does not hold docket_devstack
    from docket_devstack.addresses import Addresses
    from docket_devstack.workspace import Workspace


@contextmanager
def checkout() -> Iterator[None]:
    """Turn what keeps the local system from working into a CliError.

    Outside a checkout of the project the error says that the command needs one.
    """
    try:
        from docket_devstack.errors import SetupError
    except ModuleNotFoundError:
        raise CliError("this command needs a checkout of the project") from None
    try:
        yield
    except SetupError as error:
        raise CliError(str(error)) from error


def running_system() -> tuple[Workspace, Addresses] | None:
    """Return the checkout's workspace and its system's addresses; None where it never ran."""
    try:
        from docket_devstack.addresses import read
        from docket_devstack.workspace import workspace
    except ModuleNotFoundError:
        return None
    here = workspace()
    addresses = read(here)
    return None if addresses is None else (here, addresses)
