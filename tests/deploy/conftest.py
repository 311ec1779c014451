"""The wheel, built once a run, and the tools that say whether an engine would take our files."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools_of_deploy import HOUSE, unpack_helm

from docket_devstack import postgres
from servers import Servers, clear


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=HOUSE, check=True, capture_output=True)
    return next(folder.glob("docket-*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder into which pip has installed the wheel, and nothing else."""
    folder = tmp_path_factory.mktemp("installed") / "docket"
    quiet = ["-qq", "--disable-pip-version-check", "--no-input"]
    offline = ["--no-index", "--no-deps", "--no-compile", "--target", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", *quiet, "install", *offline, wheel], check=True)
    return folder


@pytest.fixture(scope="session")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program helm."""
    return unpack_helm(tmp_path_factory.mktemp("helm"))


@pytest.fixture
def virgin_cluster(servers: Servers, worker_id: str) -> Iterator[postgres.Cluster]:
    """A PostgreSQL cluster of this test's own that has no role of ours, and forgets nothing."""
    folder = servers.own_folder(f"{worker_id}-virgin")
    yield postgres.start(folder / "postgres")
    clear(folder)
