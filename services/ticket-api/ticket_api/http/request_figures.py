"""What the metrics have of a request: its route, method, status and code, and how long it took."""

from functools import cache
from typing import Any

from prometheus_client import Counter, Histogram
from starlette.types import Scope

from docket_runtime import metrics
from ticket_api.http.request_log import route_of
from ticket_api.http.shown_path import shown_method

UNKNOWN = "unknown"


def count_request(scope: Scope, seconds: float) -> None:
    """Count a request; its time where the operation has no time of its own.

    A caller cannot make new series: routes and codes are ours, other methods are one.
    """
    state: dict[str, Any] = scope["state"]
    route = route_of(scope) or UNKNOWN
    method = shown_method(scope)
    _counter(route, method, state["status"], state.get("code", "")).inc()
    within = state.get("within")
    if within is None or within.when() is not None:
        _histogram(route, method).observe(seconds)


@cache
def _counter(route: str, method: str, status: int, code: str) -> Counter:
    return metrics.REQUESTS.labels(route, method, status, code)


@cache
def _histogram(route: str, method: str) -> Histogram:
    return metrics.REQUEST_SECONDS.labels(route, method)
