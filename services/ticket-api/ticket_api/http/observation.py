"""The outermost middleware of the API: a request's trace id, its one log line, its last answer.

What no handler of `faults` knows becomes an answer here too, inside everything that is noted.
"""

from collections.abc import Callable, MutableMapping
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from docket_runtime import metrics, tracing
from docket_runtime.new_ids import new_trace_id
from docket_runtime.process.probes import PATHS
from docket_runtime.settings import Settings
from ticket_api.http import problems
from ticket_api.http.failure_log import note_failure
from ticket_api.http.faults import problem_of
from ticket_api.http.request_figures import count_request
from ticket_api.http.request_log import note_request
from ticket_api.http.request_trace import caller_of, hex_of, request_span

HSTS = ((b"strict-transport-security", b"max-age=31536000"),)
"""Once reached over https, for a year over nothing else (RFC 6797)."""


class AnswerCut(Exception):
    """An answer had begun when we failed: what is left of it is not sent, and the log says why."""


class Observation:
    """ASGI middleware: names each request, and notes what became of it; not of probes.

    What others find out is in the state of the request: `received` and `sent` are bytes, `rates`
    are headers of the answer, `ended` is called when the request has ended.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._address = settings.log_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})
        caller = caller_of(scope)
        state["trace_id"] = trace_id = new_trace_id() if caller is None else hex_of(caller)
        state["status"] = state["received"] = state["sent"] = 0
        ended: list[Callable[[], None]] = []
        state["ended"] = ended
        started = perf_counter()

        async def noted(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                state["status"] = message["status"]
                message["headers"] = [
                    *message["headers"],
                    *state.get("rates", ()),
                    (b"x-request-id", trace_id.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    *(HSTS if scope["scheme"] == "https" else ()),
                ]
            elif message["type"] == "http.response.body":
                state["sent"] += len(message.get("body", b""))
            await send(message)

        metrics.REQUESTS_UNDER_WAY.inc()
        try:
            if not tracing.is_on():
                await self._answered(scope, receive, noted)
            else:
                with request_span(trace_id, caller, scope):
                    await self._answered(scope, receive, noted)
        finally:
            metrics.REQUESTS_UNDER_WAY.dec()
            for call in ended:
                call()
            if scope["path"] not in PATHS:
                seconds = perf_counter() - started
                count_request(scope, seconds)
                note_request(scope, seconds, address=self._address)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request be answered, by a problem where nobody else has an answer."""
        state = scope["state"]
        try:
            await self._app(scope, receive, send)
        except Exception as fault:
            problem = problem_of(fault)
            state["code"] = problem.code
            note_failure(scope, problem, fault)
            if state["status"]:
                raise AnswerCut from None
            await problems.respond(problem, state["trace_id"])(scope, receive, send)
