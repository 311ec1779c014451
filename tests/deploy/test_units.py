"""The units: systemd takes them, they may do little, and each service has what is its own alone."""

import re
from pathlib import Path

import pytest
import units
from tools_of_deploy import checked, tool

from docket_devstack.stack import SERVICES
from docket_runtime.settings import Settings

MOST_EXPOSED = 15
"""Tenths of the exposure that `systemd-analyze security` may count for a unit (100 is no bound)."""
OF_EACH = ("Type", "ExecStart", "User", "LoadCredential", "StateDirectory", "LimitNOFILE")


@pytest.fixture
def loadable(tmp_path: Path) -> list[Path]:
    """The units with a program that is there, which `verify` asks for."""
    folder = tmp_path / "units"
    folder.mkdir()
    for name in units.NAMES:
        text = units.path_of(name).read_text("utf-8")
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE)
        (folder / units.path_of(name).name).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


def test_systemd_takes_them(loadable: list[Path]) -> None:
    checked(tool("systemd-analyze"), "verify", *loadable)


@pytest.mark.parametrize("name", units.NAMES)
def test_they_may_do_little(name: str) -> None:
    analyze = tool("systemd-analyze")

    checked(
        analyze,
        "security",
        "--offline=true",
        "--no-pager",
        f"--threshold={MOST_EXPOSED}",
        units.path_of(name),
    )


def test_what_they_may_not_do_is_the_same_for_all() -> None:
    bounds = {
        units.path_of(name).read_text("utf-8").split("# what it may not do\n")[1]
        for name in units.NAMES
    }

    assert len({each.partition("\n[Install]")[0].strip() for each in bounds}) == 1


def test_each_service_runs_as_the_user_that_is_its_role_in_the_database() -> None:
    made = (units.FOLDER / "docket.sysusers.conf").read_text("utf-8")

    for service in SERVICES:
        assert units.read(service.name).service["User"] == [service.role]
        assert f"u {service.role} " in made
    assert units.read("migrate").service["User"] == ["docket_migrator"]
    assert "u docket_migrator " in made


def test_they_start_what_the_development_system_starts() -> None:
    for service in SERVICES:
        assert tuple(units.read(service.name).command(Path("/p"))[2:]) == service.arguments


def test_secrets_are_named_as_their_settings() -> None:
    for name in units.NAMES:
        unit = units.read(name)
        assert unit.environment["DOCKET_SECRETS_DIR"] == "%d"
        for credential, source in unit.credentials.items():
            assert credential.removeprefix("docket_") in Settings.model_fields
            assert source == f"/etc/docket/secrets/{name}/{credential}"
