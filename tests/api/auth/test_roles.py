"""The role table, cell by cell: every operation for every role on what is its own, another
account's, or not there at all. Operations come from the OpenAPI document, cells from the table."""

import httpx
import msgspec
import pytest
from document import APP
from documented import OPERATIONS
from starlette.routing import Route
from streaming import serving

from docket_events.roles import ACCOUNT_BOUND, ROLES
from docket_runtime.new_ids import new_id
from ticket_api.auth.roles import reach

PLACES = {
    "pack": "regulations",
    "revision": "R-2025-03-27",
    "clause_id": "R-6.9-b",
    "type_name": "TicketCreated",
    "schema_version": "v1",
    "plan_reference": "VM-4711",
}
FOR_A_PERSON = {"create_ticket", "comment", "provide_information"}
PUBLIC = {"livez", "readyz", "metrics"}
OF_EACH_REQUEST = ("date", "ratelimit", "x-request-id", "server")


class Worlds:
    """What a caller may come upon: a ticket of its account, of another, and none at all."""

    def __init__(self, ann, eve):
        self._people = {"own": (ann, "acme"), "other": (eve, "evil")}
        self._untouched = None

    async def places(self, operation, cell):
        """Return by world the values of the path's parameters; what may be changed is fresh."""
        reads = operation.method in ("GET", "HEAD")
        if reads or cell is None or operation.about != "ticket_id":
            self._untouched = self._untouched or await self._fresh()
            found = self._untouched
        else:
            found = await self._fresh()
        return found if operation.about else {"own": found["own"]}

    async def _fresh(self):
        nothing = {name: str(new_id()) for name in ("ticket_id", "attachment_id", "beside")}
        found = {"missing": {**PLACES, **nothing, "account_id": "nobody"}}
        for world, (person, account) in self._people.items():
            ticket = (await person.create(priority="Low"))["id"]
            said = {"name": "a.txt", "media_type": "text/plain", "size": 1, "sha256": "0" * 64}
            file = await person.post(f"/v1/tickets/{ticket}/attachments", said)
            beside = (await person.create(priority="Low"))["id"]
            made = {"ticket_id": ticket, "attachment_id": file.json()["id"], "beside": beside}
            found[world] = {**PLACES, **made, "account_id": account}
        return found


async def ask(client, operation, place, token, role):
    """Return status, headers and body; of a live stream only that it begins."""
    media_type, body = operation.body
    if role == "service" and operation.id in FOR_A_PERSON:
        body = msgspec.json.encode({**msgspec.json.decode(body), "on_behalf_of": "ann"})
    if operation.id == "merge":
        body = msgspec.json.encode({"sources": [place["beside"]]})
    headers = {"Content-Type": media_type, "Upload-Offset": "0"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    async with client.stream(
        operation.method,
        operation.path.format_map(place),
        params=operation.query,
        content=body,
        headers=headers,
    ) as answer:
        live = answer.headers.get("content-type", "").startswith("text/event-stream")
        raw = b"" if live else await answer.aread()
    kept = {name: v for name, v in answer.headers.items() if name not in OF_EACH_REQUEST}
    is_problem = kept.get("content-type") == "application/problem+json" and raw
    problem = msgspec.json.decode(raw) if is_problem else {}
    problem.pop("trace_id", None)
    return answer.status_code, kept, problem


def is_as_expected(operation, cell, role, world, status, problem):
    gone = operation.about and (
        (world == "missing" and not (operation.about == "account_id" and cell == "any"))
        or (world == "other" and cell == "own")
    )
    if role == "anybody" and cell is None:
        return status == 401
    if cell is None:
        return status == 403 and problem.get("clause") is None
    if gone:
        return status == 404
    if "{attachment_id}" in operation.path:  # which side's file it is counts too
        return status not in (401, 403) and status < 500
    refused_by_terms = status != 403 or problem.get("clause") is not None
    return status not in (401, 404) and status < 500 and refused_by_terms


@pytest.mark.parametrize("role", [*ROLES, "anybody"])
async def test_every_operation_on_what_is_own_of_others_and_missing(
    role, settings, signer, http, ann, eve
):
    """A cell that says no answers the same wherever it is asked; what belongs to another account
    looks exactly like what is not there."""
    account = "acme" if role in ACCOUNT_BOUND else None
    token = None if role == "anybody" else signer.token(role, "ann", account)
    worlds = Worlds(ann, eve)
    async with (
        serving(settings) as address,
        httpx.AsyncClient(base_url=address, timeout=60) as client,
    ):
        for operation in OPERATIONS:
            cell = reach(operation.id, role)
            answers = {}
            for world, place in (await worlds.places(operation, cell)).items():
                status, headers, problem = await ask(client, operation, place, token, role)
                told = (operation.id, role, world, status, problem)
                assert is_as_expected(operation, cell, role, world, status, problem), told
                answers[world] = (status, headers, problem)
            if cell is None and len(answers) > 1:
                assert answers["own"] == answers["other"] == answers["missing"], operation.id
            elif cell == "own" and operation.about:
                assert answers["other"] == answers["missing"], operation.id


@pytest.mark.parametrize(
    "header", [{"If-Match": '"7"'}, {"Idempotency-Key": "k"}, {"Content-Type": "text/plain"}]
)
async def test_no_header_tells_a_foreign_ticket_from_a_missing_one(header, ann, eve):
    await ann.post(f"/v1/tickets/{(await ann.create())['id']}/suspend", {}, header)
    foreign, missing = (await eve.create())["id"], str(new_id())

    answers = [
        await ann.post(f"/v1/tickets/{each}/suspend", {}, header) for each in (foreign, missing)
    ]

    alike = [(a.status_code, {**a.json(), "trace_id": ""}, sorted(a.headers)) for a in answers]
    assert alike[0] == alike[1]
    assert alike[0][0] in (404, 415)


async def test_a_customer_opens_tickets_of_the_own_account_only_whoever_the_other_is(ann, eve):
    await eve.create()
    body = {"product": "VMmanager 6"}

    answers = [await ann.post("/v1/tickets", {**body, "account_id": a}) for a in ("evil", "nobody")]

    assert [a.status_code for a in answers] == [403, 403]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]


async def test_pages_that_the_document_does_not_tell_of_ask_for_a_token(ann, http):
    """All but the probes, and the ways in and out of the console, which show nothing."""
    ticket = await ann.create()
    documented = {(each.method, each.path) for each in OPERATIONS}
    pages = [
        (method, route.path.replace("{ticket_id}", ticket["id"]))
        for route in APP.router.routes
        if isinstance(route, Route) and route.name not in PUBLIC and "{verb:" not in route.path
        for method in route.methods - {"HEAD"}
        if (method, route.path) not in documented
    ]
    for method, path in pages:
        answer = await http.request(method, path)
        assert answer.status_code in (401, 303), (method, path, answer.status_code)
        assert ticket["number"] not in answer.text
