"""The console's pages: the same answers as the API's, for those who may look, from nowhere else."""

import re
from html import unescape
from typing import Any

import asyncpg
import httpx
import pytest
from reading import fields, shown

from late_evidence import EXCUSED, LATE_ANSWER, LATE_INFORMATION, TICKETS, write

CASES = [
    pytest.param(name, as_of, known_at, id=f"{name}-as_of-{as_of}-known_at-{known_at}")
    for name, told in TICKETS.items()
    for as_of, known_at in told.answers
]


def as_said(value: Any) -> str:
    return "–" if value is None else str(value)


@pytest.mark.parametrize(("name", "as_of", "known_at"), CASES)
async def test_as_of_and_known_at_give_the_right_answer(
    database, desk: httpx.AsyncClient, name: str, as_of: str, known_at: str
) -> None:
    """R-1.14, R-6.9-b, C-09: the four answers of the core and of the API, on the page."""
    told = TICKETS[name]
    path = f"/console/tickets/{await write(database.url(), told)}"
    right = {key: v for key, v in told.answers[as_of, known_at].items() if key != "close"}

    for page in ("", "/seen"):
        answer = await desk.get(path + page, params={"as_of": as_of, "known_at": known_at})
        assert answer.status_code == 200, answer.text
        seen = shown(answer.text)
        assert {key: seen[key] for key in right} == {k: as_said(v) for k, v in right.items()}


async def test_R_7_2_a_breach_stands_on_the_page_beside_its_excuse(
    database, desk: httpx.AsyncClient
) -> None:
    page = await desk.get(f"/console/tickets/{await write(database.url(), EXCUSED)}")

    said = " ".join(unescape(page.text).split())
    assert "1 in all, 0 without an excuse." in said
    assert "BreachExcused: force_majeure (R-7.2-c), answered for by agent olga" in said


async def test_nothing_comes_from_elsewhere_and_nothing_is_kept(
    database, desk: httpx.AsyncClient
) -> None:
    path = f"/console/tickets/{await write(database.url(), LATE_INFORMATION)}"
    for page in ("/console", path, f"{path}/compare?from=1&to=6", "/console/what-if"):
        answer = await desk.get(page)
        assert answer.status_code == 200, answer.text
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)
        assert "<style" not in answer.text
        assert " style=" not in answer.text
        assert "onclick" not in answer.text


async def test_what_people_wrote_is_text_and_never_markup(
    database, desk: httpx.AsyncClient
) -> None:
    path = f"/console/tickets/{await write(database.url(), LATE_ANSWER)}"

    hostile = '"><script>alert(1)</script>'
    for query in ({"known_at": hostile}, {"at": hostile}, {"as_of": hostile}):
        answer = await desk.get(path, params=query)
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text
    answer = await desk.get("/console", params={"number": hostile})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    signed_out = await httpx.AsyncClient(transport=desk._transport, base_url="http://docket").get(
        "/console", params={"number": hostile}
    )
    assert signed_out.status_code == 401
    assert "<script>alert" not in signed_out.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"as_of": "7"}, 404),
        ({"as_of": "2020-01-01T00:00:00Z"}, 404),
        ({"as_of": "yesterday"}, 422),
        ({"known_at": "3"}, 422),
    ],
)
async def test_a_point_without_anything_is_told_on_a_page(
    database, desk: httpx.AsyncClient, query: dict[str, str], status: int
) -> None:
    path = f"/console/tickets/{await write(database.url(), LATE_INFORMATION)}"

    answer = await desk.get(path, params=query)

    assert answer.status_code == status
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("path", ["/console/tickets/nonsense", f"/console/tickets/{'0' * 32}"])
async def test_an_unknown_ticket_is_not_found(desk: httpx.AsyncClient, path: str) -> None:
    assert (await desk.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [("from=0&to=1", 404), ("to=1", 422), ("from=x&to=1", 422), ("from=1&to=99", 404)],
)
async def test_points_that_are_none_are_refused_and_the_form_keeps_them(
    database, desk: httpx.AsyncClient, query: str, status: int
) -> None:
    path = f"/console/tickets/{await write(database.url(), LATE_INFORMATION)}"

    answer = await desk.get(f"{path}/compare?{query}")

    assert answer.status_code == status
    held = fields(answer.text)
    assert held == {"from_known_at": "", "to_known_at": "", "from": "", "to": ""} | dict(
        each.split("=") for each in query.split("&")
    )


async def test_signing_out_forgets_the_token(desk: httpx.AsyncClient) -> None:
    assert (await desk.get("/console")).status_code == 200
    gone = await desk.post("/console/sign-out")
    assert gone.status_code == 303
    assert 'docket_console=""' in gone.headers["set-cookie"]


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("auditor", "/console", 200),
        ("auditor", "/console/what-if", 200),
        ("privacy_officer", "/console", 200),
        ("privacy_officer", "/console/what-if", 403),
        ("service", "/console/forecast", 403),
        ("operator", "/console", 401),
        ("customer", "/console", 401),
    ],
)
async def test_a_page_is_for_the_roles_that_may_ask_the_same_of_the_api(
    http: httpx.AsyncClient, signer: Any, role: str, path: str, status: int
) -> None:
    account = "acme" if role == "customer" else None
    http.cookies.set("docket_console", signer.token(role, "iris", account))

    assert (await http.get(path)).status_code == status


async def test_every_look_at_a_ticket_leaves_an_access_event(
    database, desk: httpx.AsyncClient
) -> None:
    path = f"/console/tickets/{await write(database.url(), LATE_INFORMATION)}"
    pages = [path, f"{path}/seen?as_of=3", f"{path}/compare?from=1&to=2", "/console"]
    for page in pages:
        assert (await desk.get(page)).status_code == 200

    connection = await asyncpg.connect(database.url("docket_access_reader"))
    rows = await connection.fetch("select * from docket.access_events order by access_id")
    await connection.close()
    assert [row["operation"] for row in rows] == [
        "console_ticket",
        "console_seen",
        "console_compare",
    ]
    assert {(row["role"], row["subject"]) for row in rows} == {("auditor", "iris")}


async def test_the_proof_says_what_the_verification_found(
    database, desk: httpx.AsyncClient
) -> None:
    path = f"/console/tickets/{await write(database.url(), LATE_INFORMATION)}"
    assert "has not been read again yet" in (await desk.get(path)).text

    connection = await asyncpg.connect(database.url("docket_sla_clock"))
    await connection.execute(
        "insert into docket.log_verifications values (0, 6, 1, now(), now(), null, null, null)"
    )
    await connection.execute(
        "insert into docket.log_checkpoints values (0, 6, '', 'docket/log/0 <6>', now())"
    )
    fine = (await desk.get(path)).text
    assert "was read again and fits" in fine
    assert "docket/log/0 &lt;6&gt;" in fine

    await connection.execute(
        "update docket.log_verifications set fault = 'a hash is wrong', fault_position = 3"
    )
    await connection.close()
    assert "not as it was written: a hash is wrong (position 3)" in (await desk.get(path)).text
