"""A database of an earlier release, for one test."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from old_database import Old

from docket_devstack import postgres


@pytest.fixture
def old(cluster: postgres.Cluster, tmp_path: Path) -> Iterator[Old]:
    name = re.sub(r"\W", "_", tmp_path.name.lower())
    cluster.drop_database(name)
    cluster.create_database(name)
    yield Old(cluster, name)
    cluster.drop_database(name)
