"""The command routes: create, and one route for every verb on a ticket.

They stand outside FastAPI's handling of arguments, which costs more than deciding does; the
documentation of each verb is made in `openapi`.
"""

from uuid import UUID

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_events.ids import in_partition, partition_of_account
from docket_runtime.new_ids import new_id
from ticket_api.auth.gate import principal_of
from ticket_api.auth.tokens import Principal
from ticket_api.commands.bodies import TICKET_BODIES, CreateBody, TicketBody
from ticket_api.commands.deciders import OnTicket, OpenTicket
from ticket_api.commands.drafts import Drafts
from ticket_api.commands.first_answers import CommandResult
from ticket_api.commands.message_files import files_of_message, refuse_unfit
from ticket_api.commands.product_releases import releases_of
from ticket_api.commands.request import read_request, speaking_for
from ticket_api.commands.ticket_numbers import numbers_of
from ticket_api.commands.transact import handler_of
from ticket_api.http.plain_route import PlainRoute
from ticket_api.http.problems import Problem
from ticket_api.http.requests import json_body, read_body, ticket_id_of
from ticket_api.http.runtime import runtime_of
from ticket_api.tickets.stored_bytes import stored_bytes_of

UNBOUNDED = frozenset({"comment", "reply"})
"""The verbs by which a customer may add texts without end; for others the terms have an end."""


class Verb(StringConvertor):
    """A verb in a path: only existing verbs, so that other paths stay free."""

    regex = "|".join(TICKET_BODIES)


register_url_convertor("verb", Verb())


async def create_ticket(http: HttpRequest) -> Response:
    """Open a ticket; 201 with ETag and Location."""
    principal = principal_of(http)
    raw = await json_body(http)
    body = read_body(CreateBody, raw)
    principal = speaking_for(principal, body.on_behalf_of)
    request = read_request(http, principal, raw)
    account_id, requester_id = _owner(body, principal)
    runtime = runtime_of(http)
    for n, file in enumerate(body.attachments):
        refuse_unfit(file, runtime.settings, f"/attachments/{n}")
    stored_bytes_of(http).add(account_id, len(raw) + sum(each.size for each in body.attachments))
    number = await numbers_of(http).next()
    ticket_id = in_partition(new_id(), partition_of_account(account_id, runtime.partitions))
    drafts = Drafts(ticket_id)
    command = body.command(drafts, number, account_id, requester_id)
    sender = body.contact.email if body.contact and body.channel == "email" else None
    decider = OpenTicket(ticket_id, command, drafts.contents, sender, releases_of(http))
    return command_response(await handler_of(http).transact(decider, request))


def _owner(body: CreateBody, principal: Principal) -> tuple[str, str]:
    """Return account and requester: a customer's own, or those an agent or a service names."""
    account_id = body.account_id or principal.account
    if account_id is None:
        missing = {"pointer": "/account_id", "code": "missing", "detail": "name the account"}
        raise Problem(422, "malformed", "name the account of the ticket", errors=[missing])
    if not principal.may_see(account_id):
        raise Problem(403, "actor_not_entitled", "a customer opens tickets of the own account")
    if principal.reach == "own":
        return account_id, principal.subject
    return account_id, body.on_behalf_of or body.requester_id or account_id


async def on_ticket(http: HttpRequest) -> Response:
    """Carry out the command that the path names; 200 with the ticket and its ETag."""
    principal, ticket_id = principal_of(http), ticket_id_of(http)
    raw = await json_body(http)
    body = read_body(TICKET_BODIES[http.path_params["verb"]], raw)
    principal = speaking_for(principal, body.named_person)
    request = read_request(http, principal, raw)
    if principal.account is not None and http.path_params["verb"] in UNBOUNDED:
        stored_bytes_of(http).add(principal.account, len(raw))
    drafts = await _drafts_for(http, principal, ticket_id, body)
    command = body.command(drafts)
    decider = OnTicket(ticket_id, command, body.others, drafts.contents)
    return command_response(await handler_of(http).transact(decider, request))


async def _drafts_for(
    http: HttpRequest, principal: Principal, ticket_id: UUID, body: TicketBody
) -> Drafts:
    """Return where a body drafts its texts, with the numbers and files that it needs."""
    numbers = [await numbers_of(http).next() for _ in range(body.makes)]
    files = await files_of_message(
        http, principal, ticket_id, body.sends, whole=not body.may_be_uploading
    )
    return Drafts(ticket_id, numbers, files)


def command_response(result: CommandResult) -> Response:
    """Return the result of a command as an HTTP response."""
    headers = {"ETag": f'"{result.version}"', "Cache-Control": "no-store"}
    if result.status == 201:
        headers["Location"] = f"/v1/tickets/{result.stream_id}"
    if result.replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(result.body, result.status, headers, "application/json")


ROUTES = [
    PlainRoute("/v1/tickets", create_ticket, methods=["POST"]),
    PlainRoute("/v1/tickets/{ticket_id}/{verb:verb}", on_ticket, methods=["POST"]),
]
