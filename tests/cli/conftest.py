"""A running ticket-api with three tickets of late evidence, and somebody at a terminal."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from terminal import NUMBERS, Terminal

from docket_runtime.clock import wall_clock
from docket_runtime.settings import Settings
from late_evidence import NOW, TICKETS, write_all
from served import served
from stopped_clock import stopped_at
from unlimited import UNLIMITED


def _token(key: OKPKey, role: str) -> str:
    claims: dict[str, Any] = {
        "iss": "docket-dev",
        "aud": "docket",
        "sub": "iris",
        "role": role,
        "exp": int(wall_clock().timestamp()) + 3600,
    }
    if role == "customer":
        claims["account"] = "acme"
    return jwt.encode({"alg": "Ed25519", "typ": "at+jwt"}, claims, key, algorithms=["Ed25519"])


@pytest.fixture(scope="module")
def key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


@pytest.fixture
def public_keys(key: OKPKey, tmp_path: Path) -> Path:
    file = tmp_path / "keys.json"
    file.write_bytes(msgspec.json.encode({"keys": [key.as_dict(private=False)]}))
    return file


@pytest.fixture
def api(database: Any, public_keys: Path, tmp_path: Path) -> Iterator[str]:
    """The three tickets with late evidence, and ticket-api a week later."""
    told = {NUMBERS[name]: each for name, each in TICKETS.items()}
    asyncio.run(write_all(database.url(), told))
    settings = Settings(
        database_url=database.url("docket_ticket_api"),
        env="test",
        clock=stopped_at(f"{NOW}Z"),
        jwt_keys=str(public_keys),
        files_url=tmp_path.as_uri(),
        **UNLIMITED,
    )
    with served(settings) as url:
        yield url


@pytest.fixture
def as_(api: str, key: OKPKey, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Terminal]:
    def of_role(role: str) -> Terminal:
        monkeypatch.setenv("DOCKET_API_URL", api)
        monkeypatch.setenv("DOCKET_TOKEN", _token(key, role))
        return Terminal()

    return of_role


@pytest.fixture
def terminal(as_: Callable[[str], Terminal]) -> Terminal:
    return as_("auditor")
