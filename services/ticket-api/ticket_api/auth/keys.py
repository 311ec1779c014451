"""The public keys that tokens are verified with, fetched from the issuer.

Only the configured address is ever asked, whatever a token says of itself (jku, x5u). An issuer
that is down changes nothing for a day: the keys fetched last go on.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from docket_runtime.token_keys import key_set
from ticket_api.http.problems import RETRY_AFTER_S, Problem

TIMEOUT_S = 3.0
REFRESH_S = 300.0
FLOOR_S = 30.0
FIRST_FLOOR_S = 1.0
STALE_S = 24 * 3600.0
MAX_BYTES = 256 * 1024

log = structlog.get_logger()


class FetchedKeys:
    """The key set at an address: looked at every five minutes, and when a key is not known.

    Between two fetches lie thirty seconds at least, whatever tokens come. `now` counts seconds.
    """

    def __init__(self, url: str, *, now: Callable[[], float] = monotonic) -> None:
        self._url = url
        self._now = now
        self._keys: KeySet | None = None
        self._fetched_at = self._tried_at = float("-inf")
        self._fetching = asyncio.Lock()

    def current(self) -> KeySet:
        """Return the keys fetched last; raise Problem 503 where there are none of this day."""
        if self._keys is None or self._now() - self._fetched_at > STALE_S:
            raise Problem(
                503,
                "unavailable",
                "the keys of the token's issuer cannot be fetched now",
                headers={"Retry-After": RETRY_AFTER_S},
            )
        return self._keys

    async def check(self) -> str | None:
        """Return why no token can be verified, None where all is well."""
        try:
            self.current()
        except Problem as problem:
            return problem.detail
        return None

    async def step(self) -> bool:
        """Fetch the keys again when they are old; say whether they were fetched."""
        return self._now() - self._fetched_at >= REFRESH_S and await self._fetch()

    async def catch_up(self, kid: str) -> None:
        """Fetch the keys again if the one that is named is not among them."""
        if not self._knows(kid):
            await self._fetch(kid)

    async def _fetch(self, kid: str | None = None) -> bool:
        """Fetch the keys unless that was tried just now; those who wait share one fetch."""
        async with self._fetching:
            floor = FIRST_FLOOR_S if self._keys is None else FLOOR_S
            if self._now() - self._tried_at < floor or (kid is not None and self._knows(kid)):
                return False
            self._tried_at = self._now()
            try:
                fetched = key_set(await _get(self._url))
            except (httpx.HTTPError, TimeoutError, ValueError) as fault:
                log.warning("keys_not_fetched", reason=type(fault).__name__)
                return False
            self._fetched_at = self._now()
            if self._keys is None or fetched.as_dict() != self._keys.as_dict():
                self._keys = fetched
            return True

    def _knows(self, kid: str) -> bool:
        return self._keys is not None and any(key.kid == kid for key in self._keys)


async def _get(url: str) -> bytes:
    """Return what is at an address; raise HTTPError, TimeoutError or ValueError."""
    async with (
        asyncio.timeout(TIMEOUT_S),
        httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False) as client,
        client.stream("GET", url, headers={"Accept": "application/json"}) as answer,
    ):
        if answer.status_code != httpx.codes.OK:
            raise ValueError(f"the issuer answered {answer.status_code}")
        body = bytearray()
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > MAX_BYTES:
                raise ValueError(f"a key set has at most {MAX_BYTES} bytes")
        return bytes(body)


class KeyRefresh:
    """ASGI middleware: lets the keys learn of the one that a request's token names."""

    def __init__(self, app: ASGIApp, keys: FetchedKeys) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            kid = _kid(Headers(scope=scope).get("authorization", ""))
            if kid is not None:
                await self._keys.catch_up(kid)
        await self._app(scope, receive, send)


def _kid(authorization: str) -> str | None:
    """Return the key id that a token names, None for what is no token."""
    with suppress(JoseError, ValueError):
        token = extract_compact(authorization.removeprefix("Bearer ").strip().encode())
        kid = token.headers().get("kid")
        return kid if isinstance(kid, str) else None
    return None
