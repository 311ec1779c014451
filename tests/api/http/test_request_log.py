"""The line that the log has of a request: whose it was, from where, and what came of it (S-23)."""

import pytest
from structlog.testing import capture_logs

from docket_events.ids import digest_of
from ticket_api.http.request_log import shown_address


async def lines_of(*asked):
    with capture_logs() as lines:
        for each in asked:
            await each
    return [line for line in lines if line["event"] == "request"]


async def test_a_line_tells_one_caller_from_another_and_names_nobody(ann, eve, max_):
    first, again, eves, desk = await lines_of(
        ann.get("/v1/tickets"), ann.get("/v1/packs"), eve.get("/v1/packs"), max_.get("/v1/packs")
    )

    assert first["who"] == again["who"] != eves["who"]
    assert (first["role"], desk["role"]) == ("customer", "agent")
    assert first["client"] == "127.0.0.0/24"
    for line in (first, eves, desk):
        assert not {"ann", "acme", "eve", "evil", "max"} & {str(value) for value in line.values()}


@pytest.mark.parametrize(
    ("header", "code"),
    [({}, "token_missing"), ({"Authorization": "Bearer a.b.c"}, "token_invalid")],
)
async def test_a_request_without_a_good_token_leaves_a_line(http, header, code):
    (line,) = await lines_of(http.get("/v1/tickets", headers=header))

    assert (line["status"], line["code"], line["client"]) == (401, code, "127.0.0.0/24")
    assert "who" not in line


async def test_a_line_names_the_route_the_ticket_and_the_size_and_no_path(ann, http):
    ticket = await ann.create()

    told, asked, headed, nowhere = await lines_of(
        ann.tell(ticket, "comment", text="Nothing yet."),
        ann.get(f"/v1/tickets/{ticket['id']}"),
        http.head(f"/v1/tickets/{ticket['id']}"),
        ann.get("/v1/ann@example.org"),
    )

    assert told["route"] == "/v1/tickets/{ticket_id}/comment"
    assert told["bytes_in"] == len(b'{"text":"Nothing yet."}')
    assert told["bytes_out"] > asked["bytes_in"] == 0
    assert (asked["route"], asked["ticket"]) == ("/v1/tickets/{ticket_id}", ticket["id"])
    assert headed["route"] == asked["route"]
    assert (nowhere["route"], nowhere["status"], nowhere["code"]) == (None, 404, "not_found")
    assert "ann" not in str(nowhere)


async def test_the_lines_of_an_account_are_found_by_its_digest(ann, eve, max_):
    anns, eves, desk = await lines_of(
        ann.get("/v1/packs"), eve.get("/v1/packs"), max_.get("/v1/packs")
    )

    assert anns["account"] == digest_of("acme").hex()
    assert eves["account"] == digest_of("evil").hex()
    assert "account" not in desk


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_probes_and_scrapes_leave_no_line(http, path):
    assert await lines_of(http.get(path)) == []


async def test_a_refusal_is_in_the_line_by_its_code(ann, eve):
    ticket = await ann.create()

    (line,) = await lines_of(eve.get(f"/v1/tickets/{ticket['id']}"))

    assert (line["status"], line["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("client", "network", "whole"),
    [
        ("192.0.2.77", "192.0.2.0/24", "192.0.2.77"),
        ("2001:db8:1:2::7", "2001:db8:1::/48", "2001:db8:1:2::7"),
        ("", None, None),
    ],
)
def test_an_address_is_shown_as_the_settings_say(client, network, whole):
    assert shown_address(client, "network") == network
    assert shown_address(client, "whole") == whole
    assert shown_address(client, "none") is None
