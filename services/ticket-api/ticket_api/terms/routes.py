"""The terms over HTTP: simulations, packs and clauses. No ticket is read or changed."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from docket_policies.terms.editions import UnknownPack, edition_data, packs
from docket_simulation.clauses import clause_of
from docket_simulation.clauses.readings import reading_of
from docket_simulation.simulator import written_out
from ticket_api.auth.gate import principal_of
from ticket_api.http.answers import encoded_response, json_response
from ticket_api.http.body_docs import json_request
from ticket_api.http.problem_docs import problems
from ticket_api.http.problems import Problem
from ticket_api.http.requests import json_body, read_body
from ticket_api.terms.asking import simulations_of
from ticket_api.terms.schemas import (
    QUESTION,
    ClauseState,
    PackList,
    Question,
    ReadingState,
    SimulationAnswer,
)

router = APIRouter(prefix="/v1", tags=["terms"])


@router.post(
    "/simulations",
    operation_id="simulate",
    response_model=SimulationAnswer,
    responses=problems(
        401, 413, 415, codes={422: ("too_costly", "answer_too_large"), 503: ("busy",)}
    ),
    openapi_extra={"requestBody": json_request(Question, QUESTION)},
)
async def simulate(http: HttpRequest) -> Response:
    """Answer a question in the format of `docket simulate`; no data is stored.

    The number of its events times that of its asks is bounded, and so is the answer.
    """
    principal_of(http)
    question = read_body(Question, await json_body(http))
    return encoded_response(await simulations_of(http).answer(question))


@router.get("/packs", operation_id="list_packs", response_model=PackList, responses=problems(401))
async def list_packs(http: HttpRequest) -> Response:
    """List the packs and their editions."""
    principal_of(http)
    return json_response(written_out({"items": packs()}))


@router.get(
    "/packs/{pack}/{revision}",
    operation_id="get_edition",
    response_model=dict[str, Any],
    responses=problems(401, 404),
)
async def get_edition(http: HttpRequest, pack: str, revision: str) -> Response:
    """Return all that an edition of a pack says, every number with its clause."""
    principal_of(http)
    try:
        return json_response(written_out(edition_data(pack, revision)))
    except UnknownPack:
        detail = f"pack {pack!r} has no edition {revision!r}"
        raise Problem(404, "not_found", detail) from None


@router.get(
    "/clauses/{clause_id}",
    operation_id="get_clause",
    response_model=ClauseState | ReadingState,
    responses=problems(401, 404),
)
async def get_clause(http: HttpRequest, clause_id: str) -> Response:
    """Return what a clause says, and what became of it; or how an unclear one is read."""
    principal_of(http)
    reading = reading_of(clause_id)
    if reading is not None:
        return json_response(
            {
                "id": reading.id,
                "kind": "reading",
                "says": reading.says,
                "chosen": reading.chosen,
                "clauses": reading.clauses,
                "example": reading.example,
                "values": reading.values(),
            }
        )
    clause = clause_of(clause_id)
    if clause is None:
        raise Problem(404, "not_found", "there is no such clause")
    shown = {"id": clause.id, "pack": clause.pack, "kind": clause.kind, "says": clause.says}
    notes = {"see": clause.see, "implemented_at": clause.at, "without_effect": clause.without}
    given = {name: note for name, note in notes.items() if note is not None}
    return json_response({**shown, **given})
