"""What the caller may do with a ticket now, verb by verb, so that a front end can draw its buttons.

Nothing is decided here: the role table says who may ask, `docket_lifecycle.actions` the rest.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_lifecycle.actions import Action, actions
from docket_policies.terms.loader import policy_of
from ticket_api.auth.gate import principal_of
from ticket_api.auth.roles import reach, role_refused
from ticket_api.auth.tokens import Principal
from ticket_api.commands.bodies import TICKET_BODIES
from ticket_api.http.fields import Schema
from ticket_api.http.problem_docs import problems
from ticket_api.http.runtime import runtime_of
from ticket_api.tickets.reader import reader_of
from ticket_api.tickets.schemas import CriterionState
from ticket_api.tickets.support_schemas import SupportState
from ticket_api.tickets.views import criterion_view

router = APIRouter(prefix="/v1", tags=["questions"])


class ActionState(Schema):
    """A verb: `code` is `ok`, or that of the refusal it would meet, which rests on `clause`.

    `changes` is false where it is so already. `needs` are the fields that its body must have,
    `choices` the values of a field with which it is accepted now.
    """

    verb: str
    allowed: bool
    code: str
    clause: str | None = Field(description="null where the role decides and not the terms")
    detail: str | None
    changes: bool
    needs: list[str]
    choices: dict[str, list[str | int]]
    criteria: list[CriterionState] = Field(
        description="the criteria that `prioritize` may name, of the ticket's product (C-66)"
    )


class ActionList(Schema):
    """All verbs on a ticket at `at`; `version` is what to send as If-Match.

    What is not supported may be closed, rejected, or given a deadline of its own (R-3.4, C-69).
    """

    at: datetime
    version: int
    support: SupportState | None
    items: list[ActionState]


@router.get(
    "/tickets/{ticket_id}/actions",
    operation_id="get_actions",
    response_model=ActionList,
    responses=problems(401, 403, 404, 422, 503),
)
async def get_actions(http: HttpRequest, ticket_id: UUID) -> Response:
    """Return what you may do with a ticket now, and for the rest why not, with code and clause."""
    principal = principal_of(http)
    ((ticket, history),) = await reader_of(http).for_command([ticket_id], principal)
    at = max(runtime_of(http).clock.now(), ticket.updated_at)
    tried = actions(ticket, history=history, at=at, actor=principal.actor, policy=policy_of(ticket))
    body = {
        "at": at,
        "version": ticket.version,
        "support": ticket.support,
        "items": action_views(tried, principal),
    }
    headers = {"Cache-Control": "no-store", "ETag": f'"{ticket.version}"'}
    return Response(msgspec.json.encode(body), headers=headers, media_type="application/json")


def action_views(tried: Sequence[Action], principal: Principal) -> list[dict[str, Any]]:
    """Return the actions as the API shows them, those for other roles refused by the role table."""
    return [_view(action, principal) for action in tried if action.verb in TICKET_BODIES]


def _view(action: Action, principal: Principal) -> dict[str, Any]:
    fields = TICKET_BODIES[action.verb].model_fields
    shown = {
        "verb": action.verb,
        "allowed": action.allowed,
        "code": action.code,
        "clause": action.clause,
        "detail": action.detail,
        "changes": action.changes,
        "needs": [name for name, field in fields.items() if field.is_required()],
        "choices": action.choices,
        "criteria": [criterion_view(row) for row in action.criteria],
    }
    operation = action.verb.replace("-", "_")
    if reach(operation, principal.role) is None:
        refusal = role_refused(operation, principal.role)
        shown |= {"allowed": False, "code": refusal.code, "clause": None, "changes": False}
        shown |= {"detail": refusal.detail, "choices": {}, "criteria": []}
    return shown
