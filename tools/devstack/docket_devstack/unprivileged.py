"""Running a program that refuses to run as root, as root and without an account of its own.

First a user namespace in which root is an ordinary user: files stay root's, nothing is changed.
Where the machine refuses that (many containers do), as `nobody`, who is then given the folder.
"""

import os
import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from docket_devstack.errors import SetupError
from docket_devstack.processes import run

_IN_A_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
_AS_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
_NOBODY = 65534


class NoWayDown(SetupError):
    """This machine allows root neither to make a user namespace nor to become nobody."""


def command(argv: Sequence[str]) -> list[str]:
    """Return the command that runs `argv` without root's rights; raise NoWayDown."""
    return [*_prefix(), *argv]


def own(folder: Path) -> None:
    """Make a folder that the unprivileged user owns; raise NoWayDown."""
    folder.mkdir(parents=True, exist_ok=True)
    if _prefix() == _AS_NOBODY:
        os.chown(folder, _NOBODY, _NOBODY)


@cache
def _prefix() -> tuple[str, ...]:
    if os.geteuid() != 0:
        return ()
    for prefix in (_IN_A_NAMESPACE, _AS_NOBODY):
        if shutil.which(prefix[0]) and _works(prefix):
            return prefix
    raise NoWayDown("PostgreSQL does not run as root here: run this as a plain user")


def _works(prefix: Sequence[str]) -> bool:
    return run([*prefix, "true"]).returncode == 0
