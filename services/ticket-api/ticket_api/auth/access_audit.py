"""Which answers leave an access event, and holding them back until it is written."""

from typing import Any
from urllib.parse import unquote
from uuid import UUID

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from docket_events.ids import stream_of_account
from docket_events.roles import ACCOUNT_BOUND
from docket_runtime.unavailable import Unavailable
from ticket_api.auth.access_log import Access, AccessLog
from ticket_api.auth.question import what_was_asked
from ticket_api.auth.tokens import Principal
from ticket_api.http import problems
from ticket_api.http.failure_log import note_failure
from ticket_api.http.problems import Problem

REASON = "x-reveal-reason"
SHORTEST, LONGEST = 3, 200

AUDITED = frozenset(
    {
        "get_history",
        "get_clock",
        "replay_ticket",
        "diff_ticket",
        "why_ticket",
        "explain_field",
        "stream_ticket",
        "stream_all",
        "get_account_history",
        "get_attachment",
        "read_log",
        "export_log",
        "report_pauses",
        "report_breaches",
        "what_if",
        "read_access",
        "revoke_tokens",
        "console_ticket",
        "console_seen",
        "console_compare",
    }
)
"""The operations whose answers leave an access event: they show histories, or revoke tokens."""

SHOWING_TEXTS = frozenset({"get_ticket", "list_tickets", "list_attachments", "get_account"})
"""The operations that show what people wrote: an answer to who is no customer leaves one too."""


def note_caller(http: Request, principal: Principal, operation: str) -> None:
    """Note who is asking for what, for the access event that the answer may leave."""
    http.state.caller = (principal, operation)


def reason_of(http: Request) -> str | None:
    """Return the reason for revealing texts, None without the header; raise Problem 422."""
    header = http.headers.get(REASON)
    if header is None:
        return None
    reason = unquote(header).strip()
    if not SHORTEST <= len(reason) <= LONGEST or not reason.isprintable():
        raise Problem(
            422, "malformed", f"X-Reveal-Reason says why in {SHORTEST} to {LONGEST} characters"
        )
    http.state.revealed = reason
    return reason


class AccessAudit:
    """ASGI middleware: writes the access event of an answer before the answer goes out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        unwritten: Unavailable | None = None

        async def written_first(message: Message) -> None:
            nonlocal unwritten
            if message["type"] == "http.response.start":
                access = _access(scope, message["status"])
                if access is not None:
                    log: AccessLog = scope["app"].state.access_log
                    try:
                        await log.add(access)
                    except Unavailable as fault:
                        unwritten = fault
                        raise
            if unwritten is None:
                await send(message)

        try:
            await self._app(scope, receive, written_first)
        except Exception:
            if unwritten is None:
                raise
        if unwritten is not None:
            problem = problems.unavailable()
            scope["state"]["code"] = problem.code
            note_failure(scope, problem, unwritten)
            answer = problems.respond(problem, scope["state"]["trace_id"])
            await answer(scope, receive, send)


def _access(scope: Scope, status: int) -> Access | None:
    """Return the access event that an answer leaves, None where it leaves none."""
    state: dict[str, Any] = scope.get("state", {})
    if "caller" not in state:
        return None
    principal, operation = state["caller"]
    reason: str | None = state.get("revealed")
    watched = operation in AUDITED or reason is not None
    if operation in SHOWING_TEXTS:
        watched = watched or principal.role not in ACCOUNT_BOUND
    ticket_id = _ticket_id(scope)
    denied = status == 403 or (status == 404 and ticket_id is not None)
    if not (watched or denied):
        return None
    return Access(
        role=principal.role,
        subject=principal.subject,
        operation=operation,
        ticket_id=ticket_id or (_account_stream(scope) if reason is not None else None),
        account_id=principal.account,
        asked=what_was_asked(scope, answered=status < 400),
        outcome="denied" if denied else str(status),
        reason=reason,
        trace_id=state["trace_id"],
    )


def _account_stream(scope: Scope) -> UUID | None:
    """Return the stream of the account that was shown: its reason goes with the texts of it."""
    account_id = scope.get("path_params", {}).get("account_id")
    if account_id is None:
        return None
    return stream_of_account(account_id, scope["app"].state.runtime.partitions)


def _ticket_id(scope: Scope) -> UUID | None:
    try:
        return UUID(str(scope.get("path_params", {}).get("ticket_id")))
    except ValueError:
        return None
