"""The heaviest reads may run on a standby: where it is asked for, and nowhere else."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sealed_logs import sealed, some_tickets
from typer.testing import CliRunner

from chronicle import Chronicle
from docket_cli.main import app
from docket_devstack import postgres
from docket_proof.note import Signer
from servers import TEMPLATE, start_cluster
from surroundings import Database


@pytest.fixture
def standby(own_folder: Path, key: Signer) -> Iterator[Database]:
    """A standby with three tickets and their checkpoints."""
    primary = Database(start_cluster(own_folder), TEMPLATE)
    chronicle = Chronicle(primary.url(), "2026-06-08T12:00:00")
    asyncio.run(some_tickets(chronicle))
    asyncio.run(sealed(primary, key, None))
    postgres.stop(primary.cluster)
    (primary.cluster.folder / "data" / "standby.signal").touch()
    cluster = postgres.start(primary.cluster.folder)
    yield Database(cluster, TEMPLATE)
    postgres.stop(cluster, how=signal.SIGQUIT)


def test_verify_replay_and_export_read_it_when_they_are_told_to(
    standby: Database, key: Signer, tmp_path: Path
) -> None:
    environment = {"DOCKET_ENV": "test", "DOCKET_DATABASE_URL": standby.url("docket_auditor")}
    for words in (
        ["verify", "--no-copy", "--no-files", "--key", str(key.verifier)],
        ["replay", "--all", "--check"],
        ["export", "--format", "bundle", "--to", str(tmp_path / "log.zip")],
    ):
        refused = CliRunner().invoke(app, words, env=environment)
        done = CliRunner().invoke(app, [*words, "--allow-standby"], env=environment)

        assert (refused.exit_code, "is a standby" in refused.output) == (1, True), words
        assert done.exit_code == 0, done.output
    assert (tmp_path / "log.zip").stat().st_size > 0
