"""roles.sql: a DBA makes the roles, and who may make none brings the schema up to date.

What comes of it is compared with what `docket migrate` makes as a superuser.
"""

import asyncio
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import asyncpg
import pytest
from tools_of_deploy import DEPLOY, checked

from docket_devstack import postgres
from docket_runtime.schema.upgrade import head

MIGRATOR = "docket_migrator"
ROLES = r"""
    select rolname, rolcanlogin, rolsuper, rolcreaterole, rolinherit, rolconnlimit, rolconfig
    from pg_roles where rolname like 'docket\_%' and rolname <> $1 order by 1
"""
MEMBERS = r"""
    select distinct roleid::regrole::text, member::regrole::text
    from pg_auth_members
    where member::regrole::text like 'docket\_%' and member::regrole::text <> $1 order by 1, 2
"""
MAY = r"""
    select r.rolname, array(
        select array[c.relname::text, p.privilege]
        from pg_class as c, unnest(array['select', 'insert', 'update', 'delete']) as p (privilege)
        where c.relnamespace = 'docket'::regnamespace and c.relkind in ('r', 'p')
            and c.relname not like 'commands\_%' -- a day each
            and has_table_privilege(r.oid, c.oid, p.privilege)
        order by 1)
    from pg_roles as r where r.rolname like 'docket\_%' and r.rolname <> $1 order by 1
"""


def test_a_role_that_may_make_no_role_migrates_and_it_comes_out_the_same(
    virgin_cluster: postgres.Cluster, cluster: postgres.Cluster, installed: Path, worker_id: str
) -> None:
    database = "of_the_dba"
    by_the_dba(virgin_cluster, database)
    told = migrate(installed, virgin_cluster.url(MIGRATOR, database))
    assert told.returncode == 0, told.stderr
    assert head() in told.stdout + told.stderr

    other = f"of_a_superuser_{worker_id}"
    cluster.create_database(other)
    assert migrate(installed, cluster.url(database=other)).returncode == 0
    try:
        for query in (ROLES, MEMBERS, MAY):
            rows = asyncio.run(fetch(virgin_cluster.url(database=database), query, MIGRATOR))
            assert rows == asyncio.run(fetch(cluster.url(database=other), query, MIGRATOR))
            assert rows
    finally:
        cluster.drop_database(other)


def test_the_admin_option_is_needed_once(virgin_cluster: postgres.Cluster, installed: Path) -> None:
    by_the_dba(virgin_cluster, "docket")
    url = virgin_cluster.url(MIGRATOR, "docket")
    assert migrate(installed, url).returncode == 0

    psql(virgin_cluster, "-c", f"revoke admin option for docket_owner from {MIGRATOR} cascade")

    assert migrate(installed, url).returncode == 0
    still = "select pg_has_role($1, 'docket_owner', 'usage')"
    assert asyncio.run(fetch(url, still, MIGRATOR)) == [(True,)]


def test_who_is_only_a_member_of_the_owner_is_told_so(
    virgin_cluster: postgres.Cluster, installed: Path
) -> None:
    by_the_dba(virgin_cluster, "docket")
    psql(virgin_cluster, "-c", f"revoke admin option for docket_owner from {MIGRATOR}")

    told = migrate(installed, virgin_cluster.url(MIGRATOR, "docket"))

    assert told.returncode == 1
    assert "docket_owner" in told.stderr


@pytest.fixture(autouse=True)
def _no_settings_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DOCKET_")]:
        monkeypatch.delenv(name)


def by_the_dba(cluster: postgres.Cluster, database: str) -> None:
    """Do what the head of roles.sql says, the file twice, for it may be run again."""
    for _ in range(2):
        psql(cluster, "-f", str(DEPLOY / "roles.sql"))
    psql(cluster, "-c", f"create database {database} owner {MIGRATOR}")


def psql(cluster: postgres.Cluster, *arguments: str) -> None:
    where = ("-h", "127.0.0.1", "-p", str(cluster.port), "-U", "postgres")
    checked(postgres.binary("psql"), "-X", "-v", "ON_ERROR_STOP=1", *where, *arguments, "postgres")


def migrate(installed: Path, url: str) -> subprocess.CompletedProcess[str]:
    """Run `docket migrate` of the installed package, without anything of the checkout."""
    path = os.pathsep.join([str(installed), sysconfig.get_path("purelib")])
    return subprocess.run(
        [sys.executable, "-S", "-m", "docket_cli", "migrate"],  # -S leaves the checkout out
        cwd=installed,
        env={"PYTHONPATH": path, "DOCKET_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


async def fetch(url: str, query: str, *arguments: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()
