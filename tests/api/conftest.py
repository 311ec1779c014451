"""ticket-api in this process, on a real database, asked over its ASGI door."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest
from busy_log import PARTITIONS, Writer
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import OKPKey
from twelve_tickets import tell_apart

from docket_runtime.clock import wall_clock
from docket_runtime.settings import Settings
from stopped_clock import stopped_at
from ticket_api.app import build
from unlimited import UNLIMITED

NOON = "2026-06-08T12:00:00Z"
"""A Monday; the clock of these tests stands nearly still there."""


@dataclass(frozen=True)
class Signer:
    """Issues tokens as the identity provider would."""

    key: OKPKey
    now: int

    def token(self, role: str, subject: str, account: str | None = None, **claims: Any) -> str:
        header = {"alg": "Ed25519", "typ": "at+jwt", **claims.pop("header", {})}
        said = {
            "iss": "docket-dev",
            "aud": "docket",
            "sub": subject,
            "role": role,
            "exp": self.now + 3600,
            **({"account": account} if account else {}),
            **claims,
        }
        return jwt.encode(header, said, self.key, algorithms=["Ed25519"])


@dataclass(frozen=True)
class Api:
    """A caller of the API as one person."""

    http: httpx.AsyncClient
    token: str | None

    async def get(self, path: str, headers: Mapping[str, str] = {}, **query: Any) -> httpx.Response:
        return await self.http.get(path, headers={**self._auth, **headers}, params=query)

    async def post(
        self, path: str, body: Any = None, headers: Mapping[str, str] = {}
    ) -> httpx.Response:
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body or {})
        said = {"Content-Type": "application/json", **self._auth, **headers}
        return await self.http.post(path, content=raw, headers=said)

    async def create(self, **more: Any) -> dict[str, Any]:
        body = {"product": "VMmanager 6", "subject": "Nodes", "description": "No node answers."}
        answer = await self.post("/v1/tickets", {**body, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def tell(self, ticket: Mapping[str, Any], verb: str, **body: Any) -> httpx.Response:
        return await self.post(f"/v1/tickets/{ticket['id']}/{verb}", body)

    @property
    def _auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


As = Callable[..., Api]


@pytest.fixture
def signer() -> Signer:
    return Signer(OKPKey.generate_key("Ed25519"), int(wall_clock().timestamp()))


@pytest.fixture
def settings(database: Any, signer: Signer, tmp_path: Path) -> Settings:
    keys = tmp_path / "keys.json"
    keys.write_bytes(msgspec.json.encode({"keys": [signer.key.as_dict(private=False)]}))
    return Settings(
        database_url=database.url("docket_ticket_api"),
        env="test",
        clock=stopped_at(NOON),
        jwt_keys=str(keys),
        files_url=(tmp_path / "files").as_uri(),
        **UNLIMITED,
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    app = build(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://docket") as client:
        yield client


@pytest.fixture
def as_(http: httpx.AsyncClient, signer: Signer) -> As:
    """Return the API as a role: `as_("customer", "ann", "acme")`."""

    def caller(role: str, subject: str, account: str | None = None) -> Api:
        return Api(http, signer.token(role, subject, account))

    return caller


@pytest.fixture
def ann(as_: As) -> Api:
    """Ann is a customer, of the account acme."""
    return as_("customer", "ann", "acme")


@pytest.fixture
def eve(as_: As) -> Api:
    """Eve is a customer too, of another account."""
    return as_("customer", "eve", "evil")


@pytest.fixture
def max_(as_: As) -> Api:
    """Max is a support agent."""
    return as_("agent", "max")


@pytest.fixture
def auditor(as_: As) -> Api:
    """Iris is an auditor."""
    return as_("auditor", "iris")


@pytest.fixture
def shop(as_):
    """The shop is a service that knows who bought what."""
    return as_("service", "shop")


@pytest.fixture
async def partitioned(database):
    """The test's database with a log of several partitions."""
    superuser = await asyncpg.connect(database.url())
    await superuser.execute("alter table docket.log_meta disable trigger all")
    await superuser.execute("update docket.log_meta set partitions = $1", PARTITIONS)
    for n in range(1, PARTITIONS):
        await superuser.execute("insert into docket.log_partitions values ($1, 0, 'x', 'epoch')", n)
    await superuser.close()
    return database


@pytest.fixture
async def writer(partitioned):
    made = Writer(partitioned)
    yield made
    await made.close()


@pytest.fixture
async def twelve(ann: Api, max_: Api, database: Any) -> Api:
    """Somebody who sees twelve tickets whose sorts all differ."""
    await tell_apart(database.url(), [await ann.create() for _ in range(12)])
    return max_
