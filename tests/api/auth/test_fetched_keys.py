"""Keys of the issuer: fetched, kept, refreshed for a new key, and asked for nowhere else."""

import asyncio
import random
import socket
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import msgspec
import pytest
import uvicorn
from joserfc.jwk import OctKey, OKPKey
from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from docket_runtime.settings import Settings
from ticket_api.app import build
from ticket_api.auth.keys import FLOOR_S, MAX_BYTES, REFRESH_S, STALE_S, FetchedKeys
from ticket_api.http.problems import Problem


def _key(kid):
    return OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"})


class Issuer:
    """An identity provider on loopback: what it answers can be changed, what it is asked counts."""

    def __init__(self):
        self.keys = [_key("first")]
        self.answer = None
        self.asked = []
        self.holds = asyncio.Event()
        self.holds.set()
        self.url = ""

    async def serve(self, request):
        self.asked.append(request.url.path)
        await self.holds.wait()
        public = [key.as_dict(private=False) for key in self.keys]
        return self.answer or Response(msgspec.json.encode({"keys": public}))


class Hours:
    """A clock that passes when it is told to."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
async def issuer():
    provider = Issuer()
    with socket.socket(proto=socket.IPPROTO_TCP) as door:  # known for TCP, see streaming.py
        door.bind(("127.0.0.1", 0))
        app = Starlette(routes=[Route("/{rest:path}", provider.serve)])
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
        task = asyncio.create_task(server._serve([door]))
        while not server.started:
            await asyncio.sleep(0.01)
        provider.url = f"http://127.0.0.1:{door.getsockname()[1]}"
        try:
            yield provider
        finally:
            provider.holds.set()
            server.should_exit = True
            await task


@pytest.fixture
def hours():
    return Hours()


@pytest.fixture
async def keys(issuer, hours):
    fetched = FetchedKeys(f"{issuer.url}/keys", now=hours)
    assert await fetched.step()
    return fetched


def _kids(fetched):
    return [key.kid for key in fetched.current()]


async def test_keys_are_fetched_again_when_they_are_old(issuer, keys, hours):
    hours.now += REFRESH_S - 1
    assert not await keys.step()
    issuer.keys = [_key("second")]
    hours.now += 1
    assert await keys.step()
    assert (_kids(keys), len(issuer.asked)) == (["second"], 2)


async def test_an_unknown_key_is_looked_for_once_in_thirty_seconds(issuer, keys, hours):
    hours.now += FLOOR_S
    issuer.keys.append(_key("second"))
    await keys.catch_up("second")
    assert _kids(keys) == ["first", "second"]

    dice = random.Random(7)
    await asyncio.gather(*(keys.catch_up(f"k{dice.random()}") for _ in range(10_000)))
    assert len(issuer.asked) == 2


async def test_those_who_wait_for_the_same_key_share_one_fetch(issuer, keys, hours):
    hours.now += FLOOR_S
    issuer.keys.append(_key("second"))
    await asyncio.gather(*(keys.catch_up("second") for _ in range(50)))
    assert len(issuer.asked) == 2


@pytest.mark.parametrize(
    "answer",
    [
        Response(b"", 500),
        Response(b"<html>", 200),
        Response(b"\xff", 200),
        Response(b'{"keys": []}', 200),
        Response(b'{"keys": "none"}', 200),
        Response(b" " * (MAX_BYTES + 1), 200),
        RedirectResponse("/elsewhere", 302),
        Response(msgspec.json.encode({"keys": [OctKey.generate_key(256).as_dict()]}), 200),
        Response(msgspec.json.encode({"keys": [_key("x").as_dict(private=True)]}), 200),
    ],
)
async def test_while_the_issuer_answers_nonsense_the_last_keys_go_on(issuer, keys, hours, answer):
    issuer.answer = answer
    hours.now += REFRESH_S
    assert not await keys.step()
    assert (_kids(keys), issuer.asked) == (["first"], ["/keys", "/keys"])
    assert await keys.check() is None

    hours.now += STALE_S
    assert "cannot be fetched" in await keys.check()
    with pytest.raises(Problem) as stale:
        keys.current()
    assert (stale.value.status, stale.value.headers) == (503, {"Retry-After": "1"})


async def test_a_key_of_a_kind_nobody_knows_is_passed_by(issuer, hours):
    strange = {"kty": "AKP", "alg": "ML-DSA-44", "kid": "pq", "pub": "AA"}
    known = issuer.keys[0].as_dict(private=False)
    encrypting = {**_key("enc").as_dict(private=False), "use": "enc"}
    issuer.answer = Response(msgspec.json.encode({"keys": [strange, encrypting, known]}))
    keys = FetchedKeys(f"{issuer.url}/keys", now=hours)
    assert await keys.step()
    assert _kids(keys) == ["first"]


async def test_an_issuer_that_hangs_is_waited_for_no_longer_than_the_time_out(
    issuer, keys, hours, monkeypatch
):
    monkeypatch.setattr("ticket_api.auth.keys.TIMEOUT_S", 0.05)
    issuer.holds.clear()
    hours.now += REFRESH_S
    assert not await keys.step()
    assert _kids(keys) == ["first"]


@asynccontextmanager
async def _door(database, issuer):
    settings = Settings(
        database_url=database.url("docket_ticket_api"), env="test", jwks_url=f"{issuer.url}/keys"
    )
    app = build(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://docket") as client:
            yield client


def _token(key, signer, **header):
    return replace(signer, key=key).token("agent", "max", header={"kid": key.kid, **header})


async def _packs(client, token):
    return await client.get("/v1/packs", headers={"Authorization": f"Bearer {token}"})


async def _status(client, token):
    return (await _packs(client, token)).status_code


async def test_a_rotation_fails_no_request(database, issuer, signer, monkeypatch):
    monkeypatch.setattr("ticket_api.auth.keys.FLOOR_S", 0)
    async with _door(database, issuer) as client:
        old = _token(issuer.keys[0], signer)
        assert await _status(client, old) == 200
        issuer.keys = [_key("second")]
        assert await _status(client, old) == 200, "nothing says yet that the key was withdrawn"
        assert await _status(client, _token(issuer.keys[0], signer)) == 200
        assert await _status(client, old) == 401, "a token of a key that is gone is not remembered"


async def test_what_a_token_says_of_its_keys_is_never_followed(database, issuer, signer):
    forger = _key("forged")
    async with _door(database, issuer) as client:
        asked = len(issuer.asked)
        for named in ("jku", "x5u"):
            token = _token(forger, signer, **{named: f"{issuer.url}/{named}"})
            assert await _status(client, token) == 401
        embedded = _token(forger, signer, jwk=forger.as_dict(private=False))
        assert await _status(client, embedded) == 401
    assert set(issuer.asked[asked:]) <= {"/keys"}


async def test_without_any_keys_the_door_is_closed_for_now(database, issuer, signer):
    issuer.answer = Response(b"", 500)
    async with _door(database, issuer) as client:
        answer = await _packs(client, _token(issuer.keys[0], signer))
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert answer.headers["retry-after"] == "1"
        ready = await client.get("/readyz")
        assert (ready.status_code, "keys" in ready.json()["checks"]) == (503, True)


def test_keys_have_one_place():
    with pytest.raises(ValueError, match="not both"):
        Settings(env="test", jwks_url="http://127.0.0.1/keys", jwt_keys="keys.json")
