"""A file system that cannot be written to, as ProtectSystem=strict and `read_only` show it."""

import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from docket_devstack.processes import run

_SCRIPT = """
mount --bind "$0" "$0"
for place in / /tmp; do
    if mountpoint -q "$place"; then mount -o remount,bind,ro "$place"; fi
done
exec unshare --user --map-user=1000 --map-group=1000 "$@"
"""
"""Everything is remounted, and then the rights that this took are given up."""


def read_only(command: Sequence[str], *, but: Path) -> list[str]:
    """Return a command that runs without rights where only the folder `but` can be written to.

    Skips the test where the machine makes no such namespaces.
    """
    if not _works(but):
        pytest.skip("NOT CHECKED: this machine lets nobody make a file system that is read only")
    return _wrapped(command, but)


def _wrapped(command: Sequence[str], but: Path) -> list[str]:
    own = ["unshare", "--user", "--map-root-user", "--mount", "--propagation", "private"]
    return [*own, "sh", "-euc", _SCRIPT, str(but), *command]


@cache
def _works(but: Path) -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = f'touch "{but}/w" && rm "{but}/w" && ! touch "{but.parent}/w" 2>/dev/null'
    return run(_wrapped(["sh", "-c", tried], but)).returncode == 0
