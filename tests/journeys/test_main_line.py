"""A ticket's whole life under pack R over public HTTP: history, mails, bus and clock."""

import asyncio
import json

import httpx
from house import eventually
from main_line import EXPECTED, live
from subscriber import heard, listen


def test_a_tickets_whole_life(house):
    asyncio.run(listen(house.broker.url, "test.listener", "ticket.#"))

    ticket = live(house)

    ann = house.caller("customer", "ann", "acme")
    history = ann.history(ticket)
    assert [(event["type"], event["at"]) for event in history] == EXPECTED
    assert [event["version"] for event in history] == list(range(1, len(EXPECTED) + 1))

    # the mails: one thread, no duplicates, marked as sent by a machine
    mails = house.mailboxes.mails
    ids = [str(mail["Message-ID"]) for mail in mails]
    assert len(ids) == len(set(ids)) == 7
    for mail in mails:
        assert str(mail["To"]) == "Ann <ann@acme.example>"
        assert "DKT-" in str(mail["Subject"])
        assert mail["Auto-Submitted"] == "auto-generated"

    threads = [(mail["In-Reply-To"], mail["References"]) for mail in mails]
    assert threads == [(None, None), *[(ids[0], ids[0])] * 6]
    assert len({str(mail["Subject"]) for mail in mails}) == 1

    # the bus: every event once, in order, as a CloudEvent without a text of anybody
    messages = asyncio.run(heard(house.broker.url, "test.listener", len(EXPECTED)))
    assert [message.message_id for message in messages] == [e["event_id"] for e in history]
    keys = [message.routing_key for message in messages]
    assert keys[0] == "ticket.ticket-created"
    assert keys[-1] == "ticket.closure-became-final"
    for message in messages:
        json.loads(message.body)
        assert b"node" not in message.body.lower()
        assert b"ann@acme" not in message.body

    # the read model agrees with the history
    row = ann.get("/v1/tickets", status="final")["items"][0]
    assert (row["id"], row["version"]) == (ticket, len(EXPECTED))

    # the stream tells what came after a version
    url = f"{ann.url}/v1/tickets/{ticket}/stream"
    headers = {"Authorization": f"Bearer {ann.token}", "Last-Event-ID": "15"}
    versions = []
    with httpx.stream("GET", url, headers=headers, timeout=10) as stream:
        for line in stream.iter_lines():
            if line.startswith("id: "):
                versions.append(int(line.removeprefix("id: ")))
            if len(versions) == 2:
                break
    assert versions == [16, 17]


def test_a_ticket_by_mail_has_no_clock_until_it_is_registered(house):
    max_ = house.caller("agent", "max")
    house.at("2026-06-08T09:00:00Z")
    made = max_.post(
        "/v1/tickets",
        product="VMmanager 6",
        channel="email",
        account_id="acme",
        requester_id="ann",
        contact={"email": "ann@acme.example"},
    )
    ticket = made.json()["id"]
    assert max_.clock(ticket)["clock_state"] == "not_started"  # C-18

    house.at("2026-06-09T10:00:00Z")
    max_.tell(ticket, "register")  # R-4.2-b

    notice = max_.sees(ticket, "RegistrationNoticeSent")
    assert notice["at"] == "2026-06-09T10:00:00Z"
    assert max_.clock(ticket)["deadline"] == "2026-06-12T15:00:00Z"
    assert eventually(lambda: house.mailboxes.about("registered"), "the mail")


def test_what_nobody_answers_becomes_due_soon_then_overdue_and_agents_are_told(house):
    ann, max_ = house.caller("customer", "ann", "acme"), house.caller("agent", "max")
    house.at("2026-06-08T09:00:00Z")
    ticket = ann.post("/v1/tickets", product="VMmanager 6").json()["id"]
    ann.sees(ticket, "RegistrationNoticeSent")
    max_.tell(ticket, "prioritize", priority="High", reason="half of the nodes are down")

    house.at("2026-06-09T12:00:00Z")  # 75 % of 16 business hours
    due_soon = max_.sees(ticket, "ResponseDueSoon")
    assert due_soon["data"]["due_at"] == "2026-06-09T16:00:00Z"
    assert max_.sees(ticket, "DeskNoticeSent")["data"]["kind"] == "due_soon_alert"
    house.at("2026-06-09T16:00:01Z")
    overdue = max_.sees(ticket, "ResponseOverdue")

    assert overdue["data"]["clause"] == "R-6.7-HIGH"
    assert max_.clock(ticket)["overdue"] is True
    assert max_.sees(ticket, "DeskNoticeSent", 2)["data"]["kind"] == "overdue_alert"
    [alert] = eventually(lambda: house.mailboxes.about("late"), "the alert")
    assert str(alert["To"]) == "agents@docket.localhost"
    late = max_.get("/v1/tickets", overdue=True)["items"]
    assert [row["id"] for row in late] == [ticket]


def test_information_that_never_comes_entitles_to_close_and_closes_nothing(house):
    ann, max_ = house.caller("customer", "ann", "acme"), house.caller("agent", "max")
    house.at("2026-06-12T16:00:00Z")
    ticket = ann.post("/v1/tickets", product="VMmanager 6").json()["id"]
    ann.sees(ticket, "RegistrationNoticeSent")
    max_.tell(ticket, "request-information", items="The log.")

    house.at("2026-06-15T16:00:01Z")  # a second after the 72nd hour: R-6.9-b, C-19
    passed = max_.sees(ticket, "InformationDeadlinePassed")

    assert passed["data"]["deadline"] == "2026-06-15T16:00:00Z"
    assert max_.get(f"/v1/tickets/{ticket}")["status"] == "open"
    assert max_.tell(ticket, "close", reason="info_not_provided")["closing"]["clause"] == "R-6.9-b"
