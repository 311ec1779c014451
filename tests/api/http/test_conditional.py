"""Answers that the caller has already, and answers of which only the headers are wanted."""

import asyncio

import pytest


@pytest.mark.parametrize("path", ["", "/events", "/clock?at=2026-06-08T13:00:00Z"])
async def test_what_the_caller_has_is_304_until_something_happens(ann, path):
    ticket = await ann.create()
    path = f"/v1/tickets/{ticket['id']}{path}"
    path, _, at = path.partition("?at=")
    query = {"at": at} if at else {}

    first = await ann.get(path, **query)
    etag = first.headers["etag"]
    for named in (etag, f"W/{etag}", f'"99", {etag}', "*"):
        again = await ann.get(path, {"If-None-Match": named}, **query)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert (await ann.get(path, {"If-None-Match": '"99"'}, **query)).content == first.content
    await ann.tell(ticket, "comment", text="It is worse now.")
    changed = await ann.get(path, {"If-None-Match": etag}, **query)
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag


async def test_a_running_clock_is_never_304(ann):
    ticket = await ann.create()
    clock = await ann.get(f"/v1/tickets/{ticket['id']}/clock")
    etag = {"If-None-Match": clock.headers["etag"]}
    assert (await ann.get(f"/v1/tickets/{ticket['id']}/clock", etag)).status_code == 200


async def test_a_page_of_a_list_is_304_until_one_of_its_tickets_changes(ann, eve):
    ticket = await ann.create()
    etag = {"If-None-Match": (await ann.get("/v1/tickets")).headers["etag"]}
    assert (await ann.get("/v1/tickets", etag)).status_code == 304
    assert (await eve.get("/v1/tickets", etag)).status_code == 200
    await ann.tell(ticket, "suspend")
    assert (await ann.get("/v1/tickets", etag)).status_code == 200


@pytest.mark.parametrize("path", ["", "/events", "/clock", "/stream"])
async def test_HEAD_has_the_headers_of_GET_and_no_body(ann, eve, path):
    ticket = await ann.create()
    path = f"/v1/tickets/{ticket['id']}{path}"
    async with asyncio.timeout(5):
        head = await ann.http.head(path, headers={"Authorization": f"Bearer {ann.token}"})
        hers = await eve.http.head(path, headers={"Authorization": f"Bearer {eve.token}"})
    assert (head.status_code, head.content, hers.status_code, hers.content) == (200, b"", 404, b"")
    assert head.headers["cache-control"] == "no-store"
    if not path.endswith("stream"):
        told = (await ann.get(path)).headers
        for name in ("etag", "content-type", "cache-control", "content-length"):
            assert head.headers.get(name) == told.get(name)
