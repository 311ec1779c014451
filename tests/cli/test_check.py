"""`docket check`: nothing to say of what is well, and a sentence for each thing that is not."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from wrong_installations import NOWHERE, ROLES, SECRET, WRONG, Installation, Wrong

from docket_cli.installation import key_files, setting_checks
from docket_cli.installation.check import FAULTY, WARNED

IN_2028 = datetime(2028, 6, 1, tzinfo=UTC)


@pytest.fixture
def installation(
    database: Any, broker: Any, mail_sink: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Installation:
    key_files.make_token_key(tmp_path / "issuer.jwk.json", tmp_path / "jwks.json")
    key_files.make_checkpoint_key(tmp_path / "checkpoint.pem", tmp_path / "checkpoint.pub")
    (tmp_path / "files").mkdir()
    monkeypatch.setattr(setting_checks, "wall_clock", lambda: IN_2028)
    made = Installation(tmp_path, monkeypatch, database)
    made.set(
        env="test",
        database_url=database.url("docket_ticket_api"),
        amqp_url=broker.url,
        smtp_url=f"smtp://127.0.0.1:{mail_sink.port}",
        files_url=(tmp_path / "files").as_uri(),
        jwt_keys=str(tmp_path / "jwks.json"),
        checkpoint_key=str(tmp_path / "checkpoint.pem"),
        checkpoint_keys=str(tmp_path / "checkpoint.pub"),
        checkpoints_file=str(tmp_path / "checkpoints.jsonl"),
    )
    return made


async def test_of_what_is_well_each_check_says_so(installation: Installation) -> None:
    done = await installation.types("--json")

    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["ok"] is True
    assert {each["state"] for each in told["checks"]} == {"ok"}
    assert list(dict.fromkeys(each["check"] for each in told["checks"])) == [
        "python",
        "calendars",
        "settings",
        "token keys",
        "checkpoints",
        "database",
        "clock",
        "migrations",
        "roles",
        "broker",
        "mail",
        "files",
    ]
    assert [*(installation.folder / "files").iterdir()] == []


async def test_people_read_a_line_for_each(installation: Installation) -> None:
    lines = (await installation.types()).output.splitlines()
    assert len(lines) == 14
    assert all(re.match(r"ok {7}[a-z ]{11} \S", line) for line in lines)


@pytest.mark.parametrize("service", ROLES)
async def test_a_service_is_checked_for_what_it_needs(
    installation: Installation, service: str
) -> None:
    needs = {
        "ticket-api": {"token keys", "checkpoints", "files"},
        "sla-clock": {"checkpoints", "broker"},
        "notifier": {"broker", "mail"},
    }
    done = await installation.says(service)
    assert done.exit_code == 0, done.output
    checked = {each["check"] for each in json.loads(done.output)["checks"]}
    everywhere = {"python", "calendars", "settings", "database", "clock", "migrations", "roles"}
    assert checked == everywhere | needs[service]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
async def test_what_is_not_well_is_said_in_a_sentence(
    installation: Installation, wrong: Wrong
) -> None:
    wrong.make(installation)
    folder = str(installation.folder)
    installation.set(
        **{
            name: value and value.replace("{folder}", folder)
            for name, value in wrong.settings.items()
        }
    )
    if wrong.script:
        await installation.execute(wrong.script)

    done = await installation.says(wrong.service)

    told = json.loads(done.output)
    found = [each for each in told["checks"] if each["state"] != "ok"]
    assert {(each["check"], each["state"]) for each in found} == {(wrong.check, wrong.state)}, found
    assert wrong.says in " ".join(f"{each['says']}: {each['do']}" for each in found)
    assert done.exit_code == (FAULTY if wrong.state == "fault" else WARNED)
    assert told["ok"] is (wrong.state != "fault")
    assert SECRET not in done.output


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"postgresql://docket_ticket_api:{SECRET}@{NOWHERE}/docket", "out of reach"),
        ("{server}/there_is_none", 'database "there_is_none" does not exist'),
        (f"mysql://docket:{SECRET}@{NOWHERE}/docket", "invalid DSN"),
        ("{server}/{name}", "fsync, full_page_writes is off"),  # the server of the tests
    ],
)
async def test_a_database_that_is_not_right_is_named(
    installation: Installation, url: str, says: str
) -> None:
    server, _, name = installation.database.url("docket_ticket_api").rpartition("/")
    installation.set(
        env="prod",
        jwt_issuer="https://issuer.example",
        database_url=url.format(server=server, name=name),
        allow="plaintext-database",
    )

    done = await installation.types("--service", "ticket-api", "--json")

    found = [each for each in json.loads(done.output)["checks"] if each["state"] == "fault"]
    assert [each["check"] for each in found] == ["database"]
    assert says in found[0]["says"]
    assert (done.exit_code, SECRET in done.output) == (FAULTY, False)


async def test_a_service_connects_as_its_own_role(installation: Installation) -> None:
    installation.set(database_url=installation.database.url("docket_notifier"))
    done = await installation.types("--service", "ticket-api")
    assert done.exit_code == FAULTY
    assert "DOCKET_DATABASE_URL does not connect as docket_ticket_api" in done.output


async def test_production_names_what_it_refuses_and_what_it_takes(
    installation: Installation,
) -> None:
    installation.set(env="prod", jwt_issuer="docket-dev", allow="guest-broker")

    done = await installation.types("--json")

    found = [each for each in json.loads(done.output)["checks"] if each["check"] == "settings"]
    assert {(each["state"], each["do"]) for each in found} == {
        ("fault", "or take it by DOCKET_ALLOW=development-issuer"),
        ("warning", "it is taken, for DOCKET_ALLOW has guest-broker"),
        ("ok", None),
    }
    assert done.exit_code == FAULTY


async def test_every_mistake_of_the_settings_has_a_line(installation: Installation) -> None:
    installation.set(env="production", log_partitions="0", hots="x")
    lines = (await installation.types()).output.splitlines()
    assert sorted(line[21:].split()[0] for line in lines if line.startswith("fault")) == [
        "DOCKET_ENV:",
        "DOCKET_HOTS",
        "DOCKET_LOG_PARTITIONS:",
    ]


async def test_a_service_that_is_none_is_refused(installation: Installation) -> None:
    assert (await installation.types("--service", "desk")).exit_code == 2
