"""From a bearer token to the principal who asks.

Tokens are JWTs (RFC 9068) signed with an asymmetric key of the configured set. A verified token is
remembered until it expires, because verifying costs more than deciding.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.requests import Request as HttpRequest

from docket_events.codec import type_of
from docket_events.recorded import Actor, Happened
from docket_events.roles import ACCOUNT_BOUND, Role
from docket_runtime.clock import wall_clock
from docket_runtime.settings import Settings
from ticket_api.auth.claims import BadClaim, Claims, claims_of, refuse_ambiguous
from ticket_api.auth.key_file import KeyFile
from ticket_api.auth.keys import FetchedKeys
from ticket_api.auth.roles import DESK_ONLY, Reach
from ticket_api.http.problems import Problem

ALGORITHMS = ["EdDSA", "Ed25519", "ES256", "RS256"]
LEEWAY_S = 30
MAX_TOKEN = 8192
REMEMBERED = 10_000

H = TypeVar("H", bound=Happened)


@dataclass(frozen=True, slots=True)
class TokenMarks:
    """By what a token is known when it is revoked: its `jti`, if any, and when it was issued."""

    id: str | None = None
    issued_at: int = 0


NO_MARKS = TokenMarks()


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks; `account` is set for customers, whose reach is that account (`own`).

    `on_behalf_of` is the person for whom a service gives a command. `issuer` says whose name the
    subject is.
    """

    role: Role
    subject: str
    account: str | None
    expires_at: int
    reach: Reach = "own"
    on_behalf_of: str | None = None
    token: TokenMarks = NO_MARKS
    issuer: str = ""

    @property
    def actor(self) -> Actor:
        """Return the principal as the actor of events."""
        return Actor(self.role, self.subject, self.on_behalf_of)

    @property
    def lasts_s(self) -> int:
        """Return the seconds until the token has expired."""
        return max(0, self.expires_at + LEEWAY_S - _now())

    def may_see(self, account_id: str) -> bool:
        """Return whether tickets of the account exist for this principal."""
        return self.reach == "any" or self.account == account_id

    def may_read(self, event_type: str) -> bool:
        """Return whether this principal may read events of a type; some are staff-only."""
        return self.role not in ACCOUNT_BOUND or event_type not in DESK_ONLY

    def shown(self, history: tuple[H, ...]) -> tuple[H, ...]:
        """Return the events that this principal may read; versions may have gaps then."""
        if self.role not in ACCOUNT_BOUND:
            return history
        return tuple([each for each in history if type_of(each.event) not in DESK_ONLY])


class Tokens:
    """Verifies bearer tokens against the key set."""

    def __init__(
        self,
        keys: Callable[[], KeySet],
        issuer: str,
        audience: str,
        *,
        life_s: int | None = None,
        is_revoked: Callable[[Principal], bool] = lambda _: False,
    ) -> None:
        self._keys = keys
        self._life_s = life_s
        self._is_revoked = is_revoked
        self._trusted: KeySet | None = None
        self._claims = jwt.JWTClaimsRegistry(
            now=_now,
            leeway=LEEWAY_S,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._verified: OrderedDict[str, Principal] = OrderedDict()

    def principal(self, authorization: str | None) -> Principal:
        """Return who holds the token; raise Problem 401 for a missing, broken or expired one.

        A token that was verified with other keys is verified again.
        """
        if authorization is None or not authorization.startswith("Bearer "):
            raise _unauthenticated("token_missing", "send Authorization: Bearer <token>")
        token = authorization.removeprefix("Bearer ").strip()
        keys = self._keys()
        if keys is not self._trusted:
            self._verified.clear()
            self._trusted = keys
        known = self._verified.get(token)
        if known is None:
            known = self._verify(token, keys)
            self._verified[token] = known
            if len(self._verified) > REMEMBERED:
                self._verified.popitem(last=False)
        elif _now() > known.expires_at + LEEWAY_S:
            del self._verified[token]
            raise _unauthenticated("token_invalid", "the token has expired")
        if self._is_revoked(known):
            raise _unauthenticated("token_invalid", "the token has been revoked")
        return known

    def _verify(self, token: str, keys: KeySet) -> Principal:
        if len(token) > MAX_TOKEN:
            raise _unauthenticated("token_invalid", "the token is too long")
        try:
            decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
            refuse_ambiguous(token)
            if decoded.header.get("typ") != "at+jwt":
                raise _unauthenticated("token_invalid", "the token is not an access token (at+jwt)")
            self._claims.validate(decoded.claims)
            principal = _principal(claims_of(decoded.claims))
        except BadClaim as bad:
            raise _unauthenticated("token_invalid", str(bad)) from None
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise _unauthenticated("token_invalid", "the token cannot be verified") from error
        lives_s = principal.expires_at - (principal.token.issued_at or _now())
        if self._life_s is not None and lives_s > self._life_s + LEEWAY_S:
            raise _unauthenticated(
                "token_invalid", f"the token is good for more than {self._life_s // 60} minutes"
            )
        return principal


def tokens_of(http: HttpRequest) -> Tokens:
    """Return the verifier of tokens of the application that got the request."""
    return cast(Tokens, http.app.state.tokens)


def _now() -> int:
    return int(wall_clock().timestamp())


def _principal(claims: Claims) -> Principal:
    marks = TokenMarks(claims.token_id, claims.issued_at)
    return Principal(
        claims.role,
        claims.subject,
        claims.account,
        claims.expires_at,
        issuer=claims.issuer,
        token=marks,
    )


def _unauthenticated(code: str, detail: str) -> Problem:
    challenge = 'Bearer error="invalid_token"' if code == "token_invalid" else "Bearer"
    return Problem(401, code, detail, headers={"WWW-Authenticate": challenge})


def load_tokens(
    settings: Settings, fetched: FetchedKeys | None, is_revoked: Callable[[Principal], bool]
) -> Tokens:
    """Return the verifier with the fetched keys, or those of DOCKET_JWT_KEYS.

    Raise ValueError where there are no keys, Unsafe for those of development in production.
    """
    make = partial(
        Tokens,
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
        life_s=settings.token_life_s,
        is_revoked=is_revoked,
    )
    if fetched is not None:
        return make(fetched.current)
    if settings.jwt_keys is None:
        raise ValueError(
            "set DOCKET_JWT_KEYS to the path of a JWK set with public keys, or DOCKET_JWKS_URL"
        )
    return make(KeyFile(Path(settings.jwt_keys), settings).current)
