"""Development tokens: what is in them, who may have one, and never in production."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from docket_devstack import keys
from docket_devstack.errors import SetupError
from docket_events.roles import ROLES
from docket_runtime.settings import Settings

MONDAY_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DEV = Settings(env="dev")


def make(folder: Path, role: str, account: str | None = "acme", settings: Settings = DEV) -> str:
    return keys.token(
        folder,
        settings,
        role=role,
        subject="ann",
        account=account,
        now=MONDAY_NOON,
        ttl=timedelta(hours=1),
    )


def test_a_customers_token_names_subject_account_and_an_hour(tmp_path: Path) -> None:
    public = KeySet.import_key_set(msgspec.json.decode(keys.public_keys(tmp_path).read_bytes()))

    token = jwt.decode(make(tmp_path, "customer"), public, algorithms=["Ed25519"])

    assert token.header["typ"] == "at+jwt"
    assert token.claims == {
        "iss": "docket-dev",
        "aud": "docket",
        "sub": "ann",
        "role": "customer",
        "account": "acme",
        "iat": 1772452800,
        "exp": 1772456400,
    }


def test_only_customers_belong_to_an_account(tmp_path: Path) -> None:
    public = KeySet.import_key_set(msgspec.json.decode(keys.public_keys(tmp_path).read_bytes()))
    for role in (role for role in ROLES if role != "customer"):
        token = jwt.decode(make(tmp_path, role), public, algorithms=["Ed25519"])
        assert token.claims["role"] == role
        assert "account" not in token.claims
    with pytest.raises(SetupError, match="--account"):
        make(tmp_path, "customer", account=None)


def test_the_key_pair_is_made_once_and_its_private_half_is_the_owners_alone(
    tmp_path: Path,
) -> None:
    first = keys.public_keys(tmp_path).read_bytes()
    make(tmp_path, "agent")
    assert keys.public_keys(tmp_path).read_bytes() == first
    assert b'"d"' not in first
    assert (tmp_path / "private.jwk.json").stat().st_mode & 0o077 == 0


def test_production_gives_no_development_token(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="prod"):
        make(tmp_path, "agent", settings=Settings(env="prod"))
    with pytest.raises(SetupError, match="roles are customer, agent, product_team, auditor"):
        make(tmp_path, "boss")
