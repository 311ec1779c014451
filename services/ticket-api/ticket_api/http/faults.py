"""The answers to errors: every one is a problem document."""

from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match

from docket_runtime.database import is_out_of_reach
from docket_runtime.unavailable import Unavailable
from ticket_api.http import problems
from ticket_api.http.failure_log import note_failure
from ticket_api.http.problems import Problem
from ticket_api.http.rates import take_anonymous

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def _problem(request: Request, problem: Problem, fault: BaseException | None = None) -> Response:
    request.state.code = problem.code
    note_failure(request.scope, problem, fault)
    return problems.respond(problem, request.state.trace_id)


async def _on_problem(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Problem)
    return _problem(request, fault)


async def _on_unavailable(request: Request, fault: Exception) -> Response:
    return _problem(request, problems.unavailable(), fault)


async def _on_fault(request: Request, fault: Exception) -> Response:
    return _problem(request, problem_of(fault), fault)


def problem_of(fault: Exception) -> Problem:
    """Return the answer to an error that no route has foreseen."""
    return problems.unavailable() if is_out_of_reach(fault) else problems.fault()


async def _on_cut(request: Request, fault: Exception) -> Response:
    """Answer nobody: who asked has gone before the request was whole."""
    return _problem(request, Problem(400, "request_cut", "the connection was cut"))


async def _on_http(request: Request, fault: Exception) -> Response:
    """Answer to what no route has, which is counted as asked without a token."""
    assert isinstance(fault, HTTPException)
    try:
        take_anonymous(request.scope)
    except Problem as too_often:
        return _problem(request, too_often)
    code = problems.TITLES.get(fault.status_code, "problem").lower().replace(" ", "_")
    headers = dict(fault.headers or {})
    if fault.status_code == 405:
        headers["Allow"] = ", ".join(_allowed(request))
    problem = Problem(fault.status_code, code, str(fault.detail), headers=headers)
    return _problem(request, problem)


def _allowed(request: Request) -> list[str]:
    """Return the methods of every route of the path; the router names those of the first."""
    return [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]


async def _on_malformed(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    return _problem(request, problems.malformed("the request", fault.errors()))


Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]

FAULTS: dict[int | type[Exception], Handler] = {
    Problem: _on_problem,
    Unavailable: _on_unavailable,
    ClientDisconnect: _on_cut,
    OSError: _on_fault,
    asyncpg.PostgresError: _on_fault,
    asyncpg.InterfaceError: _on_fault,
    RequestValidationError: _on_malformed,
    HTTPException: _on_http,
}
"""The handler of each kind of error; what is of none of them ends in `Limits`."""
