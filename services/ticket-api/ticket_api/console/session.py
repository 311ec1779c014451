"""Signing in to the console: the same bearer token as the API's, kept in a cookie.

The cookie is for the console alone, unreadable to scripts, and never sent along from other sites;
there is no session on the server.
"""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from ticket_api.auth.access_audit import note_caller
from ticket_api.auth.admission import admit
from ticket_api.auth.roles import reach
from ticket_api.auth.tokens import Principal, tokens_of
from ticket_api.http.problems import Problem
from ticket_api.http.rates import take_anonymous

COOKIE = "docket_console"
PATH = "/console"


class SignedOut(Exception):
    """Nobody is signed in; `why` is shown on the page that asks for a token."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why


def reader(http: Request) -> Principal:
    """Return who is signed in; raise SignedOut, or Problem 429 where too much was asked."""
    token = http.cookies.get(COOKIE)
    try:
        if not token:
            raise SignedOut
        principal = verified(http, token)
    except SignedOut:
        take_anonymous(http.scope)
        raise
    operation = f"console_{http.scope['endpoint'].__name__}"
    note_caller(http, principal, operation)
    admit(http, principal, operation)
    return principal


def verified(http: Request, token: str) -> Principal:
    """Return the principal of a token; raise SignedOut unless its role may read all histories."""
    try:
        principal = tokens_of(http).principal(f"Bearer {token}")
    except Problem as problem:
        raise SignedOut(problem.detail) from None
    if reach("get_history", principal.role) != "any":
        raise SignedOut(f"the console is not for the role {principal.role}")
    return replace(principal, reach="any")


def sign_in(http: Request, answer: Response, token: str) -> None:
    """Keep the token in the browser until it expires; raise SignedOut."""
    lasts_s = verified(http, token).lasts_s
    secure = http.url.scheme == "https"
    answer.set_cookie(
        COOKIE, token, lasts_s, path=PATH, secure=secure, httponly=True, samesite="strict"
    )


def sign_out(answer: Response) -> None:
    """Let the browser forget the token."""
    answer.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict")
