"""The route of a release: an update is out, and every ticket about its defect is told."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, NamedTuple
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path
from pydantic import Field
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_events.ids import partition_of_account
from docket_events.vocabulary import LONGEST_REFERENCE, REFERENCE
from docket_lifecycle.commands.releases import ReleaseUpdate
from docket_runtime.store.defects import tickets_linked_to
from ticket_api.auth.gate import principal_of
from ticket_api.commands.releases import Untold, tell_tickets
from ticket_api.commands.request import read_request
from ticket_api.commands.transact import handler_of
from ticket_api.http.body_docs import json_request
from ticket_api.http.fields import FOR_EVER, Body, Schema, Version
from ticket_api.http.problem_docs import IDEMPOTENCY_KEY, headers, problems
from ticket_api.http.requests import json_body, read_body
from ticket_api.http.runtime import Runtime, driver_of, runtime_of

router = APIRouter(prefix="/v1/defects", tags=["defects"])

PlanReference = Annotated[
    str,
    Path(
        max_length=LONGEST_REFERENCE,
        pattern=f"^{REFERENCE}$",
        description=f"the reference that `link-defect` names; {FOR_EVER}",
    ),
]
REFUSALS = {422: ("malformed_idempotency_key", "idempotency_key_reused")}


class ReleaseBody(Body):
    """Say that the update with a planned correction is out, to all tickets linked to its defect.

    Files that were kept for the correction go then, where the terms say so (I-3.9.1-c). A ticket
    that is linked later is told by saying it again; those told before hear nothing twice.
    """

    example: ClassVar[dict[str, Any]] = {"version": "2026.06.1"}

    version: Version | None = Field(
        None, description=f"the version in which the correction came; {FOR_EVER}"
    )


class UntoldState(Schema):
    """A ticket that could not be told: say it again for those that are left."""

    ticket_id: UUID
    code: str
    detail: str


class ReleaseState(Schema):
    """How many tickets know now that the update is out, whenever they were told."""

    plan_reference: str
    version: str | None
    tickets: int
    failed: list[UntoldState]


@router.post(
    "/{plan_reference:path}/released",
    operation_id="release_update",
    summary="release-update",
    description=ReleaseBody.__doc__,
    response_model=ReleaseState,
    responses={
        200: {"description": "who knows it now", "headers": headers("Idempotent-Replayed")},
        **problems(401, 403, 413, 415, 503, codes=REFUSALS),
    },
    openapi_extra={
        "parameters": [IDEMPOTENCY_KEY],
        "requestBody": json_request(ReleaseBody, ReleaseBody.example),
    },
)
async def release_update(http: HttpRequest, plan_reference: PlanReference) -> Response:
    """Tell every linked ticket; an answer in which some failed is kept under no key."""
    principal, runtime = principal_of(http), runtime_of(http)
    raw = await json_body(http)
    body = read_body(ReleaseBody, raw)
    request = read_request(http, principal, raw)
    handler = handler_of(http)
    partition = partition_of_account(plan_reference, runtime.partitions)
    answer = Answer(plan_reference, body.version)
    if (first := await handler.kept(partition, request)) is not None:
        return answer.response(first, replayed=True)
    linked = await _linked(runtime, plan_reference)
    command = ReleaseUpdate(plan_reference, body.version)
    failed = await tell_tickets(handler, linked, command, request)
    if failed:
        return answer.response(len(linked) - len(failed), failed)
    first = await handler.keep(partition, len(linked), request)
    return answer.response(len(linked) if first is None else first, replayed=first is not None)


async def _linked(runtime: Runtime, plan_reference: str) -> tuple[UUID, ...]:
    async with driver_of(runtime.engine) as connection:
        return await tickets_linked_to(connection, plan_reference)


class Answer(NamedTuple):
    """What every answer to the same request says."""

    plan_reference: str
    version: str | None

    def response(
        self, tickets: int, failed: Sequence[Untold] = (), *, replayed: bool = False
    ) -> Response:
        """Return how many tickets know it, and which could not be told."""
        headers = {"Cache-Control": "no-store"}
        if replayed:
            headers["Idempotent-Replayed"] = "true"
        body = {**self._asdict(), "tickets": tickets, "failed": failed}
        return Response(msgspec.json.encode(body), 200, headers, "application/json")
