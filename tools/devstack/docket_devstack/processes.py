"""Detached processes with pid files: start one, check whether it runs, stop it with its children.

A pid can be reused by another program; so a pid file also holds the start time of the process, and
nothing is ever signalled by name.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import msgspec
import psutil

from docket_devstack.errors import SetupError


class NotReady(SetupError):
    """A process died or did not answer in time; the message ends with the last lines of its log."""


@dataclass(frozen=True, slots=True)
class Running:
    """A running process: its pid and its start time, in seconds of the epoch."""

    pid: int
    born: float

    @property
    def alive(self) -> bool:
        """Return whether this very process still runs (a zombie does not)."""
        try:
            process = psutil.Process(self.pid)
            return _same(process, self) and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


def run(
    argv: Sequence[str], *, env: Mapping[str, str] | None = None, within: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and return its exit code and its output, including errors."""
    return subprocess.run(  # noqa: S603 - the programs are fixed by this package, never a caller's text
        argv,
        env=env,
        cwd=within,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def start(argv: Sequence[str], *, env: Mapping[str, str], log: Path, pid_file: Path) -> Running:
    """Start a program in a session of its own; its output is appended to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pid_file.parent.mkdir(parents=True, exist_ok=True)
    to_log = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    pid = os.posix_spawnp(
        argv[0],
        list(argv),
        env,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), to_log, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
    running = Running(pid, psutil.Process(pid).create_time())
    pid_file.write_bytes(msgspec.json.encode(running))
    return running


def running(pid_file: Path) -> Running | None:
    """Return the running process of a pid file, None if there is none."""
    try:
        known = msgspec.json.decode(pid_file.read_bytes(), type=Running)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
    return known if known.alive else None


def wait_until(
    ready: Callable[[], bool], process: Running, *, seconds: float, what: str, log: Path
) -> None:
    """Wait until `ready` returns true; raise NotReady if the process dies or time runs out."""
    deadline = monotonic() + seconds
    while not ready():
        if not process.alive:
            raise NotReady(f"{what} ended while starting; {last_lines(log)}")
        if monotonic() > deadline:
            raise NotReady(f"{what} was not ready after {seconds:.0f} s; {last_lines(log)}")
        sleep(0.05)


def stop(process: Running, *, first: signal.Signals = signal.SIGTERM, patience: float = 15) -> None:
    """Stop a process and its descendants: `first` to itself, SIGKILL to what outlives it.

    It has `patience` seconds to end, its children one second more. Returns when none is left.
    """
    family = family_of(process)
    if family:
        family[0].send_signal(first)
        _outlive(family[:1], patience)
    _kill(_outlive(family, 1))


def kill(process: Running) -> None:
    """Kill a process and its descendants at once, as a power cut would."""
    _kill(family_of(process))


def family_of(process: Running) -> list[psutil.Process]:
    """Return the process and its running descendants, itself first; empty if it is gone."""
    try:
        parent = psutil.Process(process.pid)
        if _same(parent, process):
            return [parent, *parent.children(recursive=True)]
        return []
    except psutil.NoSuchProcess:
        return []


def _kill(family: Sequence[psutil.Process]) -> None:
    for each in family:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    immortal = _outlive(family, 15)
    if immortal:
        raise NotReady(f"processes that cannot be killed: {[each.pid for each in immortal]}")


def _outlive(family: Sequence[psutil.Process], patience: float) -> list[psutil.Process]:
    deadline = monotonic() + patience
    while (left := [each for each in family if _lives(each)]) and monotonic() < deadline:
        sleep(0.02)
    return left


def _same(process: psutil.Process, known: Running) -> bool:
    # the start time is counted from the boot, whose time a corrected wall clock moves
    return abs(process.create_time() - known.born) < 2


def _lives(process: psutil.Process) -> bool:
    try:
        if process.status() != psutil.STATUS_ZOMBIE:
            return True
        process.wait(0)  # a child of ours is waited for; a zombie of another process needs nothing
    except (psutil.NoSuchProcess, psutil.TimeoutExpired):
        return False
    return False


def last_lines(log: Path, lines: int = 15) -> str:
    """Return the log's path and its last lines, for an error message."""
    try:
        end = log.read_text(errors="replace").splitlines()[-lines:]
    except FileNotFoundError:
        return f"it wrote no log at {log}"
    return f"the end of {log}:\n" + "\n".join(end)
