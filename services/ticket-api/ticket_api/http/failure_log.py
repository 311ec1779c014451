"""The line that the log has of an answer by which we failed: why, under its trace id.

A 503 is a warning, for it ends by itself or somebody else must end it; every other 5xx is an error.
"""

import structlog
from starlette.types import Scope

from docket_runtime.process.fault_causes import causes_of, frames_of
from ticket_api.http.problems import Problem
from ticket_api.http.request_log import route_of
from ticket_api.http.shown_path import shown_method

log = structlog.get_logger()


def note_failure(scope: Scope, problem: Problem, fault: BaseException | None = None) -> None:
    """Write the line of an answer with 5xx; no line where the status is another one.

    `fault` is what led to it, where that is not the problem itself. A second failure, of whoever
    passes the answer on, has no line.
    """
    state = scope["state"]
    if problem.status < 500 or state.get("failed"):
        return
    state["failed"] = True
    cause = fault or problem
    say = log.warning if problem.status == 503 else log.error
    say(
        "request_failed",
        trace_id=state["trace_id"],
        method=shown_method(scope),
        route=route_of(scope),
        status=problem.status,
        code=problem.code,
        exception=type(cause).__name__,
        reason=problem.reason or _reason(problem, fault),
        where=frames_of(cause),
    )


def _reason(problem: Problem, fault: BaseException | None) -> str:
    """Return why: what we say in the answer, or what the fault came from."""
    if fault is not None:
        return "; ".join(causes_of(fault))
    return "; ".join([problem.detail, *causes_of(problem)[1:]])
