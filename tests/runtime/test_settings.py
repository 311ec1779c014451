"""Settings: from the environment, files or a folder of secrets; each mistake in a sentence."""

import os
import shlex
from pathlib import Path

import pytest

from docket_runtime.production import check_production
from docket_runtime.setting_groups.facts import EVERYBODY, SERVICES
from docket_runtime.settings import GROUPS, Settings, SettingsError, load, read

SECRET = "s3cr3t-of-nobody"
VARIABLES = [f"DOCKET_{name.upper()}" for name in Settings.model_fields]
EXAMPLE = Path(__file__).parents[2] / "deploy" / "docket.env.example"


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DOCKET_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOCKET_SECRETS_DIR", str(tmp_path))
    return tmp_path


def mistakes() -> tuple[str, ...]:
    with pytest.raises(SettingsError) as wrong:
        load()
    return wrong.value.mistakes


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_file_has_the_value_without_the_line_break_at_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    file = tmp_path / "database"
    file.write_bytes(f"postgresql://me: {SECRET} @db.example/docket{end}".encode())
    monkeypatch.setenv("DOCKET_DATABASE_URL_FILE", str(file))

    settings, given = read()

    assert settings.database_url == f"postgresql://me: {SECRET} @db.example/docket"
    assert given.files == {"database_url": file}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_can_be_read_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    default = Settings.model_fields[name].default
    text = "1" if default is None else str(default)
    (tmp_path / "value").write_text(f"{text}\n")
    monkeypatch.setenv(f"DOCKET_{name.upper()}_FILE", str(tmp_path / "value"))

    settings, given = read()

    assert given.values == {name: text}
    assert name in settings.model_fields_set


def test_a_folder_of_secrets_has_a_file_for_each(secrets: Path) -> None:
    (secrets / "docket_smtp_url").write_text("smtps://mail.example\n")
    (secrets / "docket_checkpoints_file").write_text("/srv/checkpoints.jsonl")
    (secrets / "another_programs").write_text("not ours")
    (secrets / "..data").mkdir()  # as Kubernetes mounts them

    settings = load()

    assert settings.smtp_url == "smtps://mail.example"
    assert settings.checkpoints_file == "/srv/checkpoints.jsonl"


def test_what_a_command_usually_takes_gives_way_to_a_file(secrets: Path) -> None:
    (secrets / "docket_env").write_text("test")
    assert load(env="dev").env == "test"
    assert load(language="ru").language == "ru"


def test_a_value_in_two_places_is_a_mistake(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (secrets / "docket_token").write_text(SECRET)
    monkeypatch.setenv("DOCKET_TOKEN", SECRET)
    monkeypatch.setenv("DOCKET_AMQP_URL", f"amqp://docket:{SECRET}@127.0.0.1/")
    monkeypatch.setenv("DOCKET_AMQP_URL_FILE", str(secrets / "docket_token"))

    assert mistakes() == (
        "DOCKET_AMQP_URL and DOCKET_AMQP_URL_FILE are both set: keep one of them",
        f"DOCKET_TOKEN is set, and {secrets / 'docket_token'} has it too: keep one of them",
    )


def test_a_name_that_is_none_is_told_with_the_one_that_was_meant(
    secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKET_DATABSE_URL", "postgresql://127.0.0.1/docket")
    monkeypatch.setenv("DOCKET_ZZZ_FILE", "/dev/null")
    (secrets / "docket_smtpurl").write_text("smtp://127.0.0.1")

    assert mistakes() == (
        "DOCKET_DATABSE_URL is an unknown setting; did you mean DOCKET_DATABASE_URL?",
        "DOCKET_ZZZ_FILE is an unknown setting",
        "DOCKET_SECRETS_DIR: DOCKET_SMTPURL is an unknown setting; did you mean DOCKET_SMTP_URL?",
    )


def test_all_mistakes_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ENV": "production", "LOG_PARTITIONS": "0", "HOST_NAME": "x"}.items():
        monkeypatch.setenv(f"DOCKET_{name}", value)

    assert set(mistakes()) == {
        "DOCKET_HOST_NAME is an unknown setting",
        "DOCKET_ENV: Input should be 'dev', 'test' or 'prod'",
        "DOCKET_LOG_PARTITIONS: Input should be greater than or equal to 1",
    }


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda file: None, "No such file or directory"),
        (lambda file: file.mkdir(), "Is a directory"),
        (lambda file: file.write_bytes(b"\xff" + SECRET.encode()), "it is no UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make, why: str
) -> None:
    file = tmp_path / "value"
    make(file)
    monkeypatch.setenv("DOCKET_TOKEN_FILE", str(file))
    assert mistakes() == (f"DOCKET_TOKEN is read from {file}: {why}",)


def test_a_folder_of_secrets_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKET_SECRETS_DIR", "/nowhere/at/all")
    assert mistakes() == ("DOCKET_SECRETS_DIR names /nowhere/at/all: No such file or directory",)


@pytest.mark.parametrize("name", VARIABLES)
def test_no_error_tells_a_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / "value").write_text(SECRET)
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "value"))
    monkeypatch.setenv("DOCKET_NO_SUCH_SETTING", SECRET)

    told = " ".join(mistakes())

    assert SECRET not in told
    assert "DOCKET_NO_SUCH_SETTING" in told


@pytest.mark.parametrize("letter", "/?#[]")
@pytest.mark.parametrize("name", ["database_url", "smtp_url"])
def test_a_password_that_tears_an_address_apart_is_not_told(
    monkeypatch: pytest.MonkeyPatch, name: str, letter: str
) -> None:
    """Whoever reads such an address takes a part of the password for a port, and says which."""
    monkeypatch.setenv(f"DOCKET_{name.upper()}", f"smtp://me:s3c{letter}r3t@db.example:5432/docket")

    (told,) = mistakes()

    assert told.startswith(f"DOCKET_{name.upper()}: is no address that can be read: in a password,")
    assert not any(part in told for part in ("s3c", "r3t"))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///docket?host=/run/postgresql",
        "postgresql://u@%2Frun%2Fpostgresql/docket",
        "postgresql://u:p%2F@[2001:db8::1]:5432,db.example:5433,other/d?target_session_attrs=any",
        "postgresql://docket@db.example/docket",
    ],
)
def test_addresses_as_postgresql_takes_them_are_read(url: str) -> None:
    assert Settings(database_url=url).database_url == url


def test_what_is_secret_is_not_in_the_representation() -> None:
    fields = Settings.model_fields.items()
    secret = [name for name, field in fields if field.json_schema_extra["secret"]]
    assert set(secret) == {"database_url", "amqp_url", "smtp_url", "token"}
    given = dict.fromkeys(secret, SECRET) | {"amqp_url": f"amqp://docket:{SECRET}@127.0.0.1/"}
    assert SECRET not in repr(Settings(**given))


def test_every_setting_says_what_it_does_and_who_reads_it() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert set(field.json_schema_extra["read_by"]) <= set(EVERYBODY), name
    assert {name for group in GROUPS for name in group.model_fields} == set(Settings.model_fields)


def test_no_setting_is_called_like_the_file_of_another() -> None:
    assert not {f"{name}_file" for name in Settings.model_fields} & set(Settings.model_fields)


def test_production_takes_the_sample_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and line[0] != "#"]
    for word in shlex.split("\n".join(lines)):
        monkeypatch.setenv(*word.split("=", 1))

    settings = load()

    assert [check_production(settings, service) for service in SERVICES] == [(), (), ()]


def test_the_sample_environment_has_every_setting_once() -> None:
    lines = EXAMPLE.read_text().splitlines()
    named = [line.lstrip("#").split("=")[0] for line in lines if line.lstrip("#").startswith("DOC")]
    assert sorted(named) == sorted(VARIABLES)
