"""What a caller's request may cost: its rate, its time, and one expensive question at a time.

The operations are named as in `roles.csv`, the pages of the console `console_` and their function.
"""

from functools import lru_cache
from typing import Any, cast

from starlette.requests import Request as HttpRequest

from docket_events.ids import digest_of
from docket_runtime import metrics
from ticket_api.auth.tokens import Principal
from ticket_api.http.problems import Problem
from ticket_api.http.rates import rates_of

ALONE = frozenset(
    {
        "console_forecast",
        "console_what_if",
        "export_log",
        "get_forecast",
        "report_breaches",
        "report_pauses",
        "simulate",
        "what_if",
    }
)
"""The operations of which a principal has one under way at a time."""

COSTLY = ALONE | {
    "console_compare",
    "console_seen",
    "console_ticket",
    "diff_ticket",
    "explain_field",
    "get_verification",
    "replay_ticket",
    "why_ticket",
}
"""The operations that count twice: as requests, and as costly ones."""

LASTING = frozenset(
    {
        "append_upload",
        "console_forecast",
        "console_moved",
        "console_ticket_moved",
        "console_what_if",
        "export_log",
        "get_attachment",
        "get_forecast",
        "put_upload",
        "release_update",
        "report_breaches",
        "report_pauses",
        "stream_all",
        "stream_ticket",
        "what_if",
    }
)
"""The operations that `DOCKET_REQUEST_S` does not end: they have bounds of their own."""


def admit(http: HttpRequest, principal: Principal, operation: str) -> None:
    """Count a request of a principal, and let it last as its operation may.

    Raise Problem 429 where the principal or its account asks too often, or where an expensive
    question of the principal is under way.
    """
    who = http.state.who = name_of(principal)
    http.state.role = principal.role
    if principal.account is not None:
        http.state.account = _account(principal.account)
    rates = rates_of(http.scope)
    rates.take(http.scope, "service" if principal.role == "service" else "principal", who)
    if principal.account is not None:
        rates.take(http.scope, "account", principal.account)
    if operation in COSTLY:
        rates.take(http.scope, "costly", who)
    if operation in ALONE:
        _alone(http, who)
    if operation in LASTING:
        http.state.within.reschedule(None)


def name_of(principal: Principal) -> str:
    """Return a name for a principal that tells one from another and says nobody's name."""
    said = (principal.issuer, principal.account, principal.role, principal.subject)
    return digest_of(*said).hex()


@lru_cache(maxsize=4096)
def _account(account_id: str) -> str:
    """Return the name of an account in the log."""
    return digest_of(account_id).hex()


def _alone(http: HttpRequest, who: str) -> None:
    """Keep others of the caller's expensive questions out until this request has ended."""
    asking = cast("set[str]", http.app.state.asking)
    if who in asking:
        metrics.REQUESTS_LIMITED.labels("one_at_a_time").inc()
        raise Problem(
            429,
            "one_at_a_time",
            "an expensive question of yours is under way; ask again when it is answered",
            headers={"Retry-After": "1"},
        )
    asking.add(who)
    ended: list[Any] = http.state.ended
    ended.append(lambda: asking.discard(who))
