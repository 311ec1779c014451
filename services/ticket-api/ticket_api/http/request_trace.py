"""The span of a request: the caller's trace goes on, or one begins (W3C Trace Context)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry.trace import SpanContext, format_trace_id
from starlette.types import Scope

from docket_runtime import tracing
from docket_runtime.process.probes import PATHS
from ticket_api.http.request_log import route_of
from ticket_api.http.shown_path import shown_method

HEADER, STATE = b"traceparent", b"tracestate"


def caller_of(scope: Scope) -> SpanContext | None:
    """Return the span in which the caller asks, None where no header or no good one says so."""
    said = [value for name, value in scope["headers"] if name == HEADER]
    if len(said) != 1:
        return None
    states = [value.decode("latin-1") for name, value in scope["headers"] if name == STATE]
    return tracing.read_traceparent(said[0].decode("latin-1"), ",".join(states))


def hex_of(context: SpanContext) -> str:
    """Return the id of a trace as headers, logs and problems have it."""
    return format_trace_id(context.trace_id)


@contextmanager
def request_span(trace_id: str, caller: SpanContext | None, scope: Scope) -> Iterator[None]:
    """Let a block be the span of a request, named by its route and ended with its status."""
    if scope["path"] in PATHS:
        yield
        return
    state: dict[str, Any] = scope["state"]
    with tracing.request_span(trace_id, caller) as span:
        try:
            yield
        finally:
            route, method = route_of(scope), shown_method(scope)
            span.update_name(f"{method} {route}" if route else method)
            said = {"docket.role": state.get("role"), "docket.code": state.get("code")}
            span.set_attributes(
                {
                    "http.request.method": method,
                    "http.response.status_code": state["status"],
                    **({"http.route": route} if route else {}),
                    **{name: value for name, value in said.items() if value is not None},
                }
            )
            if state["status"] >= 500 or not state["status"]:
                tracing.failed(span, str(state.get("code", "cut")))
