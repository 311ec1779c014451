"""Who may see a page, and the page that answers where there is none, with its form kept."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ticket_api.auth.roles import reach, role_refused
from ticket_api.auth.tokens import Principal
from ticket_api.console import session
from ticket_api.console.pages import page
from ticket_api.console.session import SignedOut
from ticket_api.http.failure_log import note_failure
from ticket_api.http.points import past_problems
from ticket_api.http.problems import TITLES, Problem
from ticket_api.http.runtime import runtime_of

Page = Callable[[Request, Principal], Awaitable[Response]]


class FormRefused(Exception):
    """What a form asks has no answer; the form is shown again with what it held."""

    def __init__(self, problem: Problem, form: str, values: dict[str, Any]) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.form = form
        self.values = values


def page_for(operation: str) -> Callable[[Page], Callable[[Request], Awaitable[Response]]]:
    """Show a page to the roles that reach an operation of the API; ask others for a token."""

    def shown(made: Page) -> Callable[[Request], Awaitable[Response]]:
        @wraps(made)
        async def answer(http: Request) -> Response:
            try:
                who = session.reader(http)
            except SignedOut as out:
                here = f"{http.url.path}?{http.url.query}" if http.url.query else http.url.path
                return page("sign_in.html", 401, why=out.why, next=here)
            try:
                if reach(operation, who.role) != "any":
                    raise role_refused(operation, who.role)
                with past_problems():
                    return await made(http, who)
            except Problem as problem:
                return _trouble(http, who, problem, "", {})
            except FormRefused as refused:
                return _trouble(http, who, refused.problem, refused.form, refused.values)

        return answer

    return shown


@contextmanager
def keeping_form(form: str, **values: Any) -> Iterator[None]:
    """Show the form again, with these values, beside the reason why there is no answer."""
    try:
        with past_problems():
            yield
    except Problem as problem:
        raise FormRefused(problem, form, values) from None


def whole_page(template: str, http: Request, who: Principal, **values: Any) -> Response:
    """Return a page with its head, and with what its printed copy says of itself."""
    return page(template, **_of_paper(http, who), **values)


def _of_paper(http: Request, who: Principal) -> dict[str, Any]:
    return {"who": who, "asked_at": runtime_of(http).clock.now(), "address": str(http.url)}


def _trouble(
    http: Request, who: Principal, problem: Problem, form: str, values: dict[str, Any]
) -> Response:
    http.state.code = problem.code
    note_failure(http.scope, problem)
    title = TITLES.get(problem.status, "Problem")
    kept = {"here": "", "problem": problem, "title": title, "form": form}
    return page("trouble.html", problem.status, **{**_of_paper(http, who), **kept, **values})
