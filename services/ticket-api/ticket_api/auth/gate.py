"""The gate of every operation: who asks, and whether that role may ask for it at all."""

from dataclasses import replace

from starlette.requests import Request as HttpRequest

from ticket_api.auth.access_audit import note_caller
from ticket_api.auth.admission import admit
from ticket_api.auth.roles import reach, role_refused
from ticket_api.auth.tokens import Principal, tokens_of
from ticket_api.http.problems import Problem
from ticket_api.http.rates import take_anonymous


def principal_of(http: HttpRequest) -> Principal:
    """Return who asks, and how far the operation reaches for that role (`roles.csv`).

    Raise Problem 401 without a good token, 403 where the role may not ask for the operation, 429
    where too much was asked.
    """
    try:
        known = tokens_of(http).principal(http.headers.get("authorization"))
    except Problem:
        take_anonymous(http.scope)
        raise
    operation = _operation(http)
    note_caller(http, known, operation)
    admit(http, known, operation)
    allowed = reach(operation, known.role)
    if allowed is None:
        raise role_refused(operation, known.role)
    return known if known.reach == allowed else replace(known, reach=allowed)


def _operation(http: HttpRequest) -> str:
    """Return the operation id of the route taken: a verb, or the name of a plain function."""
    verb: str | None = http.path_params.get("verb")
    if verb is not None:
        return verb.replace("-", "_")
    named: str | None = getattr(http.scope.get("route"), "operation_id", None)
    return named or str(http.scope["endpoint"].__name__)
