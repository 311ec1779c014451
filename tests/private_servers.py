"""The servers that tests use: private ones, made for one run and shared by its workers.

Whichever worker needs a server first starts it, under a file lock. They are stopped when the run
ends; should the run be killed, a guard that watches it stops them.
"""

import fcntl
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import psutil

from docket_devstack import postgres, processes, rabbitmq, rabbitmq_files
from docket_devstack.workspace import workspace
from docket_runtime.schema.upgrade import upgrade

TEMPLATE = "docket_template"
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "4GB"}
"""Settings of the shared cluster, which nobody crashes: its databases come and go by the hundred.

Who crashes a server has one of their own, which forgets nothing.
"""


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers of one run of the tests, known by the folder they live in."""

    folder: Path

    def cluster(self) -> postgres.Cluster:
        """Return the run's PostgreSQL cluster with a migrated template, started if need be."""
        with self._alone():
            return start_cluster(self.folder, FORGETFUL)

    def node(self) -> rabbitmq.Node:
        """Return the run's RabbitMQ node, started if need be."""
        with self._alone():
            files = rabbitmq_files.find(workspace().broker_files)
            return rabbitmq.start(self.folder / "rabbitmq", files)

    def broker_files(self) -> rabbitmq_files.BrokerFiles:
        """Return RabbitMQ's files, unpacked once a checkout where none is installed."""
        with self._alone():
            return rabbitmq_files.find(workspace().broker_files)

    def own_folder(self, name: str) -> Path:
        """Make a folder for the servers of one test alone; what runs there is watched too."""
        with self._alone():
            folder = self.folder / f"own-{name}"
            folder.mkdir()
            return folder

    def stop(self) -> None:
        """Stop what runs in the folder of the run, and remove it."""
        if self.folder.exists():
            for folder in (*self.folder.glob("own-*"), self.folder):
                clear(folder)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if processes.running(self.folder / "guard.pid") is None:
                _set_guard(self.folder)
            yield


def clear(folder: Path) -> None:
    """Stop every process that lives from a folder, without ceremony, and remove the folder."""
    for pid_file in folder.glob("run/*.pid"):
        service = processes.running(pid_file)
        if service is not None:
            processes.kill(service)
    cluster = postgres.running(folder / "postgres")
    if cluster is not None:
        postgres.stop(cluster, how=signal.SIGQUIT)
    node = rabbitmq.read(folder / "rabbitmq")
    if node is not None:
        rabbitmq.kill(node)
        rabbitmq.stop(node)
    shutil.rmtree(folder, ignore_errors=True)


def start_cluster(folder: Path, options: Mapping[str, str] | None = None) -> postgres.Cluster:
    """Start the cluster of a folder if need be, with a migrated template; one caller at a time."""
    cluster = postgres.start(folder / "postgres", options=options)
    done = folder / "migrated"
    if not done.exists():
        cluster.drop_database(TEMPLATE)
        create_migrated(cluster, TEMPLATE)
        done.touch()
    return cluster


def create_migrated(cluster: postgres.Cluster, name: str) -> None:
    """Create a database and run all migrations on it."""
    cluster.create_database(name)
    # in a thread, for the migrations run an event loop of their own
    with ThreadPoolExecutor(1) as thread:
        thread.submit(upgrade, cluster.url(database=name)).result()


def of_this_run() -> Servers:
    """Return the servers of the run that this process (its controller or a worker) belongs to."""
    in_worker = "PYTEST_XDIST_WORKER" in os.environ
    run = os.getppid() if in_worker else os.getpid()
    return Servers(Path(tempfile.gettempdir()).resolve() / f"docket-tests-{run}")


def _set_guard(folder: Path) -> None:
    run = folder.name.rpartition("-")[2]
    processes.start(
        [sys.executable, __file__, run, str(folder)],
        env=dict(os.environ),
        log=folder / "guard.log",
        pid_file=folder / "guard.pid",
    )


def _guard(run: int, folder: Path) -> None:
    while psutil.pid_exists(run) and psutil.Process(run).status() != psutil.STATUS_ZOMBIE:
        if not folder.exists():
            return
        sleep(0.5)
    Servers(folder).stop()


if __name__ == "__main__":
    _guard(int(sys.argv[1]), Path(sys.argv[2]))
