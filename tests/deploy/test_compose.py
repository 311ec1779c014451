"""The compose file: taken by the real compose, and no service may more than it needs."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from tools_of_deploy import DEPLOY, checked, tool

from docket_devstack import postgres

SERVICES = ("ticket-api", "sla-clock", "notifier")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder as the first lines of compose.yaml prepare it."""
    deploy = tmp_path_factory.mktemp("compose") / "deploy"
    shutil.copytree(DEPLOY, deploy, ignore=shutil.ignore_patterns("secrets", ".env"))
    folder = deploy / "compose"
    (folder / "env.example").rename(folder / ".env")
    checked("./secrets.sh", "smtps://docket:secret@mail.example", where=folder)
    return folder


@pytest.fixture(scope="module")
def composed(folder: Path) -> Any:
    compose = tool("docker-compose")
    checked(compose, "config", "--quiet", where=folder)
    return yaml.safe_load(checked(compose, "config", where=folder))


def test_every_service_has_no_right_and_no_place_to_write_but_its_volumes(composed: Any) -> None:
    for name in (*SERVICES, "migrate"):
        service = composed["services"][name]
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in service
        assert {"memory", "pids"} <= set(service["deploy"]["resources"]["limits"])


def test_services_wait_for_the_schema_and_are_watched(composed: Any) -> None:
    for name in SERVICES:
        service = composed["services"][name]
        assert service["depends_on"]["migrate"]["condition"] == "service_completed_successfully", (
            name
        )
        assert service["healthcheck"]["test"][-1] == "/opt/docket/ready.py"
    needed = composed["services"]["migrate"]["depends_on"]["postgres"]["condition"]
    assert needed == "service_healthy"


def test_nothing_is_reached_from_outside_but_ticket_api_on_this_machine(composed: Any) -> None:
    published = {
        (name, port["host_ip"], port["target"])
        for name, service in composed["services"].items()
        for port in service.get("ports", [])
    }

    assert published == {("ticket-api", "127.0.0.1", 8080)}


def test_no_secret_is_in_an_environment(folder: Path, composed: Any) -> None:
    secrets = [file.read_text("utf-8").strip() for file in (folder / "secrets").iterdir()]
    told = str([service.get("environment") for service in composed["services"].values()])

    assert secrets
    assert [each for each in secrets if each in told] == []


def test_secrets_that_are_there_stay(folder: Path) -> None:
    before = {file: file.read_bytes() for file in (folder / "secrets").iterdir()}

    checked("./secrets.sh", where=folder)

    assert {file: file.read_bytes() for file in (folder / "secrets").iterdir()} == before
    assert (folder / "secrets").stat().st_mode & 0o777 == 0o700


def test_the_roles_have_the_passwords_of_the_secrets(
    folder: Path, virgin_cluster: postgres.Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    virgin_cluster.create_database("docket")
    psql = Path(postgres.binary("psql"))
    monkeypatch.setenv("PATH", f"{psql.parent}:/usr/bin:/bin")
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", str(virgin_cluster.port))
    monkeypatch.setenv("SECRETS", str(folder / "secrets"))
    monkeypatch.setenv("ROLES", str(folder.parent / "roles.sql"))

    checked("./roles.sh", where=folder)

    # the server keeps no password, but of those that have one it keeps something
    query = "select rolname from pg_authid where rolpassword like 'SCRAM-SHA-256%' order by 1"
    roles = checked(psql, "-XAt", "-U", "postgres", "-c", query, "postgres").split()
    assert roles == ["docket_migrator", "docket_notifier", "docket_sla_clock", "docket_ticket_api"]
    owner = "select pg_get_userbyid(datdba) from pg_database where datname = 'docket'"
    assert checked(psql, "-XAt", "-U", "postgres", "-c", owner, "postgres") == "docket_migrator\n"
