"""The wheel: `docket migrate` of an installed package needs no checkout."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from docket_devstack import postgres
from docket_runtime.schema.migrations import head

HOUSE = Path(__file__).parents[2]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Build the wheel and return a folder with what it holds, and nothing of the checkout."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=HOUSE, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("docket-*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    return tmp_path / "installed"


def test_an_empty_database_is_migrated_by_what_the_wheel_holds(
    installed: Path, cluster: postgres.Cluster
) -> None:
    name = "of_the_wheel"
    cluster.drop_database(name)
    cluster.create_database(name)
    # -S leaves the checkout out, which a file of site-packages names
    path = os.pathsep.join([str(installed), sysconfig.get_path("purelib")])
    try:
        done = subprocess.run(
            [sys.executable, "-S", "-m", "docket_cli", "migrate", "--json"],
            cwd=installed,
            env={"PYTHONPATH": path, "DOCKET_DATABASE_URL": cluster.url(database=name)},
            check=True,
            capture_output=True,
            text=True,
        )
    finally:
        cluster.drop_database(name)

    assert done.stdout == f'{{"from":null,"to":"{head()}"}}\n'
