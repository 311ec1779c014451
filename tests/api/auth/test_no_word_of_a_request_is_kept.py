"""Whatever stands in a path, a query or a header is kept nowhere: no table, no file, no log line.

The operations and their parameters are those of the OpenAPI document of today. What bodies hold is
tried in tests/api/commands/test_nothing_personal_is_left.py.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from documented import OPERATIONS, Operation

from docket_events.roles import ROLES
from ticket_api.auth.roles import reach
from traces import tables_with

WORD = "Canary4711"
CANARY = f"{WORD} Example (+357 99 000000)"
ANYWHERE = {
    "User-Agent": CANARY,
    "Referer": f"https://{WORD}.example/?q={WORD}",
    "Cookie": f"docket={WORD}; {WORD}={WORD}",
    "Origin": f"https://{WORD}.example",
    "Accept": CANARY,
    "Accept-Language": CANARY,
    "X-Request-Id": CANARY,
    "X-Forwarded-For": CANARY,
    "traceparent": CANARY,
    WORD: CANARY,
}
"""Headers that a client, a browser or a proxy sends with anything."""
STREAMS = {"stream_ticket", "stream_all"}
ENDLESS = {("stream_all", "product"), ("stream_all", "account")}
"""The parameters of a stream that take any name: it is answered, and does not end."""


class Asked(NamedTuple):
    """A request that says the canary in one place."""

    where: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]


def requests_of(operation: Operation, ticket: str) -> Iterator[Asked]:
    """Yield a request for each parameter of an operation, and one that says it wherever one may."""
    usual = {"ticket_id": ticket, "account_id": "acme", "attachment_id": ticket}
    usual |= {"plan_reference": "P-1", "pack": "R", "revision": "R-2025-03-27"}
    usual |= {"clause_id": "R-6.7", "type_name": "TicketCreated", "schema_version": "1"}
    plain = operation.path.format(**usual)
    for told in operation.told.get("parameters", ()):
        name = told.get("name", told.get("$ref", "").rsplit("/", 1)[-1])
        match told.get("in", "header"):
            case "path":
                path = operation.path.format(**usual | {name: quote(CANARY, safe="")})
                yield Asked(name, path, operation.query, {})
            case "query" if (operation.id, name) in ENDLESS:
                continue
            case "query":
                yield Asked(name, plain, {**operation.query, name: CANARY}, {})
            case _:
                header = {"IdempotencyKey": "Idempotency-Key", "IfMatch": "If-Match"}.get(
                    name, name
                )
                yield Asked(name, plain, operation.query, {header: CANARY})
    if operation.id not in STREAMS:
        yield Asked("anywhere", plain, {**operation.query}, ANYWHERE)
        yield Asked("a name", plain, {**operation.query, CANARY: CANARY}, {})


async def test_of_every_operation(
    ann: Any, as_: Any, database: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ticket = (await ann.create())["id"]
    answered = set[int]()
    for operation in OPERATIONS:
        role = next((each for each in ROLES if reach(operation.id, each)), "customer")
        caller = as_(role, "rob", "acme" if role == "customer" else None)
        media_type, body = operation.body
        for asked in requests_of(operation, ticket):
            answer = await caller.http.request(
                operation.method,
                asked.path,
                params=asked.query,
                content=body,
                headers={**caller._auth, "Content-Type": media_type, **asked.headers},
            )
            answered.add(answer.status_code)
            assert answer.status_code != 500, (operation.id, asked.where)

    lines = capsys.readouterr().err
    assert answered >= {200, 404, 422}
    assert [line for line in lines.splitlines() if WORD.lower() in line.lower()] == []
    assert set(await tables_with(database.url(), WORD)) <= {"access_reasons"}
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and WORD in path.read_text()]


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", f"/{WORD}/{WORD}?{WORD}={WORD}", {}),
        ("GET", "/v1/tickets", {"Authorization": f"Bearer {WORD}.{WORD}.{WORD}"}),
        ("GET", "/v1/tickets", {"Authorization": f"Basic {WORD}"}),
        ("POST", "/v1/tickets", {"Content-Type": f"text/{WORD}"}),
        ("POST", "/console/sign-in", {"Origin": f"https://{WORD}.example"}),
        (WORD.upper(), "/v1/tickets", {}),
    ],
    ids=["no route", "no token", "no bearer", "no JSON", "another site", "no method"],
)
async def test_before_any_operation(
    http: Any, database: Any, capsys: pytest.CaptureFixture[str], method: str, path: str, headers
) -> None:
    answer = await http.request(method, path, headers=headers, content=WORD.encode())

    assert answer.status_code >= 400
    assert WORD.lower() not in capsys.readouterr().err.lower()
    assert await tables_with(database.url(), WORD) == {}
