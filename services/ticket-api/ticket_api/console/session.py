"""Signing in to the console: the same bearer token as the API's, kept in a cookie.

The cookie is unreadable to scripts and never sent along from other sites; there is no session on
the server. Over https its name has the prefix `__Host-`, so that no other host and no plain page
can set it. Other sites can make a browser post here, but the form is refused (`same_site`).
"""

from dataclasses import replace
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from ticket_api.auth.access_audit import note_caller
from ticket_api.auth.admission import admit
from ticket_api.auth.roles import reach
from ticket_api.auth.tokens import Principal, tokens_of
from ticket_api.http.problems import Problem
from ticket_api.http.rates import take_anonymous

COOKIE = "docket_console"
SECURE_COOKIE = f"__Host-{COOKIE}"
PATH = "/console"
FORM = "application/x-www-form-urlencoded"


class SignedOut(Exception):
    """Nobody is signed in; `why` is shown on the page that asks for a token."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why


def reader(http: Request) -> Principal:
    """Return who is signed in; raise SignedOut, or Problem 429 where too much was asked."""
    token = http.cookies.get(_cookie(http)[0])
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
    name, path, secure = _cookie(http)
    answer.set_cookie(
        name, token, lasts_s, path=path, secure=secure, httponly=True, samesite="strict"
    )


def sign_out(http: Request, answer: Response) -> None:
    """Let the browser forget the token."""
    name, path, secure = _cookie(http)
    answer.delete_cookie(name, path=path, secure=secure, httponly=True, samesite="strict")


def refuse_other_sites(http: Request) -> None:
    """Raise Problem 403 for a form that a page of another site has sent, 415 for no form.

    Browsers say where a form comes from (Fetch Metadata, else Origin); what says nothing is no
    browser, and holds nobody's cookies.
    """
    site, origin = http.headers.get("sec-fetch-site"), http.headers.get("origin")
    foreign = site not in ("same-origin", "none") if site else _is_foreign(origin, http)
    if foreign:
        raise Problem(403, "other_site", "the form was sent by a page of another site")
    media_type = http.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    if media_type != FORM:
        raise Problem(415, "not_a_form", f"send {FORM}")


def _is_foreign(origin: str | None, http: Request) -> bool:
    return origin is not None and urlsplit(origin).netloc != http.headers.get("host")


def _cookie(http: Request) -> tuple[str, str, bool]:
    """Return name and path of the cookie, and whether it goes over https alone."""
    if http.url.scheme == "https":
        return SECURE_COOKIE, "/", True
    return COOKIE, PATH, False
