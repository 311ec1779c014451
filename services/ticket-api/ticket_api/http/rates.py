"""How many requests a caller may make in a time, counted in this process by `limits`.

Each instance counts for itself. What is left is in every answer: `RateLimit-Policy` and `RateLimit`
(draft-ietf-httpapi-ratelimit-headers-11).
"""

from math import ceil
from typing import cast

from limits import RateLimitItem, parse
from limits.strategies import FixedWindowRateLimiter
from starlette.types import Scope

from docket_runtime import metrics
from docket_runtime.clock import wall_clock
from docket_runtime.settings import Settings
from ticket_api.http.problems import Problem
from ticket_api.http.request_log import client_of
from ticket_api.http.windows import Windows

Headers = list[tuple[bytes, bytes]]


class Rates:
    """Counts requests by policy and caller; the policies are named as in the headers."""

    def __init__(self, settings: Settings) -> None:
        self._counted = FixedWindowRateLimiter(Windows())
        self._policies: dict[str, RateLimitItem] = {
            "principal": parse(settings.rate),
            "service": parse(settings.rate_service),
            "account": parse(settings.rate_account),
            "costly": parse(settings.rate_costly),
            "anonymous": parse(settings.rate_anonymous),
        }
        self._noted = parse("1 per 10 seconds")

    def take(self, scope: Scope, policy: str, caller: str) -> None:
        """Count a request of a caller under a policy, and note what is left for the answer.

        Raise Problem 429 where nothing is left.
        """
        item = self._policies[policy]
        taken = self._counted.hit(item, policy, caller)
        reset, left = self._counted.get_window_stats(item, policy, caller)
        again_s = max(1, ceil(reset - wall_clock().timestamp()))
        rule = f'"{policy}";q={item.amount};w={item.get_expiry()}'
        headers: Headers = scope["state"].setdefault("rates", [])
        headers.append((b"ratelimit-policy", rule.encode()))
        headers.append((b"ratelimit", f'"{policy}";r={left};t={again_s}'.encode()))
        if taken:
            return
        metrics.REQUESTS_LIMITED.labels(policy).inc()
        scope["state"]["unnoted"] = not self._counted.hit(self._noted, policy, caller)
        raise Problem(
            429,
            "too_many_requests",
            f"{policy}: at most {item.amount} requests in {item.get_expiry()} s",
            headers={"Retry-After": str(again_s)},
        )


def take_anonymous(scope: Scope) -> None:
    """Count a request of somebody without a good token by the address; raise Problem 429."""
    rates_of(scope).take(scope, "anonymous", client_of(scope))


def rates_of(scope: Scope) -> Rates:
    """Return the rates of the application that got the request."""
    return cast(Rates, scope["app"].state.rates)
