"""The route of a bounce: the copy of a notice by mail came back (C-51)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import APIRouter
from pydantic import StringConstraints
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_events.recorded import Actor
from docket_lifecycle.commands.bounces import RecordBounce
from docket_lifecycle.rules.bounces import record_bounce
from docket_lifecycle.rules.context import NewEvents
from docket_runtime.store.values import NewContent
from ticket_api.auth.gate import principal_of
from ticket_api.auth.tokens import Principal
from ticket_api.commands.deciders import LoadedStreams, ShowsTicket
from ticket_api.commands.request import read_request
from ticket_api.commands.routes import command_response
from ticket_api.commands.transact import handler_of
from ticket_api.http.body_docs import json_request
from ticket_api.http.fields import Body
from ticket_api.http.problem_docs import IDEMPOTENCY_KEY, IF_MATCH, headers, problems
from ticket_api.http.requests import json_body, read_body
from ticket_api.tickets.reader import TicketReader
from ticket_api.tickets.schemas import TicketState

router = APIRouter(prefix="/v1", tags=["notices"])

StatusCode = Annotated[
    str, StringConstraints(pattern=r"^([245]\.[0-9]{1,3}\.[0-9]{1,3}|[45][0-9]{2})$")
]
REFUSALS = {
    409: ("unknown_notice", "notice_not_mailed", "version_conflict"),
    422: ("malformed_idempotency_key", "idempotency_key_reused"),
}


class RecordBounceBody(Body):
    """Say that the mail with a notice came back; the desk is told, once (C-51).

    A delivery report names the mail that came back by its Message-ID, which begins with the id of
    the notice, and has the status code. It moves no clock and no right.
    """

    example: ClassVar[dict[str, Any]] = {
        "notice_id": "f2b1c0de-9d3a-5c1e-8f27-2a6f3c4d5e60",
        "code": "5.1.1",
    }

    notice_id: UUID
    code: StatusCode


@dataclass(frozen=True, slots=True)
class BounceOnTicket(ShowsTicket):
    """Record that the copy of one notice came back."""

    stream: UUID
    command: RecordBounce
    contents: Sequence[NewContent] = ()

    async def load(self, reader: TicketReader, principal: Principal) -> LoadedStreams:
        """Return the ticket; raise Problem 404 or Unavailable."""
        ((ticket, history),) = await reader.for_command((self.stream,), principal)
        return LoadedStreams((ticket,), (history,))

    def decide(self, loaded: LoadedStreams, at: datetime, actor: Actor) -> NewEvents:
        """Return the event, none where it was recorded before; raise Refused."""
        (ticket,), (history,) = loaded.tickets, loaded.histories
        return {self.stream: record_bounce(ticket, self.command, history)}


@router.post(
    "/tickets/{ticket_id}/record-bounce",
    operation_id="record_bounce",
    summary="record-bounce",
    description=RecordBounceBody.__doc__,
    response_model=TicketState,
    responses={
        200: {
            "description": "the ticket after the command",
            "headers": headers("ETag", "Idempotent-Replayed"),
        },
        **problems(401, 403, 404, 412, 413, 415, 503, codes=REFUSALS),
    },
    openapi_extra={
        "parameters": [IDEMPOTENCY_KEY, IF_MATCH],
        "requestBody": json_request(RecordBounceBody, RecordBounceBody.example),
    },
)
async def bounce(http: HttpRequest, ticket_id: UUID) -> Response:
    """Record the bounce; 200 with the ticket and its ETag."""
    principal = principal_of(http)
    raw = await json_body(http)
    body = read_body(RecordBounceBody, raw)
    request = read_request(http, principal, raw)
    decider = BounceOnTicket(ticket_id, RecordBounce(body.notice_id, body.code))
    return command_response(await handler_of(http).transact(decider, request))
