"""Packs H and M over public HTTP, and a mail gateway that writes for people (C-68, C-69).

The regular plan of H is open on working days from 07:00 to 21:00 UTC; 8 June 2026 is a Monday.
"""

from email.message import EmailMessage

from house import Caller, House, eventually

SUNDAY = "2026-06-07T10:00:00Z"
MONDAY = "2026-06-08T08:00:00Z"


def opened(who: Caller, **said: object) -> dict[str, object]:
    answer = who.post("/v1/tickets", **{"contact": {"email": "ann@acme.example"}, **said})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def words(mail: EmailMessage) -> str:
    plain = mail.get_body(("plain",))
    assert plain is not None
    return " ".join(str(plain.get_content()).split())


def queue(desk: Caller) -> list[str]:
    rows = desk.get("/v1/tickets", sort="queue", status="open")["items"]
    return [row["id"] for row in rows]


def test_H_policy_3_a_ticket_from_opening_to_closing_and_an_emergency_that_overtakes_it(
    house: House,
) -> None:
    ann, bob = house.caller("customer", "ann", "acme"), house.caller("customer", "bob", "bees")
    max_ = house.caller("agent", "max")
    house.at(SUNDAY)
    ticket = str(opened(ann, product="H-Sphere", subject="How do I add a mailbox?")["id"])
    max_.sees(ticket, "RegistrationNoticeSent")
    seen = ann.get(f"/v1/tickets/{ticket}")
    assert (seen["plan"], seen["classification"]["rank"]) == ("regular", "ordinary")
    assert seen["support"]["supported"] == "unknown"
    assert seen["support_window"] == {
        "open_now": False,
        "open_from": "2026-06-08T07:00:00Z",
        "open_until": "2026-06-08T21:00:00Z",
        "clause": "H-plan-regular-hours",
    }
    assert ann.clock(ticket)["clock_state"] == "no_target"

    house.at(MONDAY)
    down = opened(bob, product="H-Sphere", product_version="2.4", subject="mail server down")
    assert (down["priority"], down["support"]["supported"]) == ("Emergency", True)  # type: ignore[index]
    assert queue(max_) == [down["id"], ticket]
    assert ann.get(f"/v1/tickets/{ticket}")["support_window"]["open_now"]

    # nothing is ever due, however long it takes
    house.at("2026-07-08T08:00:00Z")
    row = eventually(
        lambda: [r for r in max_.get("/v1/tickets")["items"] if r["clock_state"]], "the clock rows"
    )[-1]
    assert (row["clock_state"], row["due_at"]) == ("no_target", None)
    max_.tell(ticket, "respond", text="In the control panel.")
    assert ann.refused(ticket, "suspend") == ("not_in_pack", "C-35")
    max_.tell(ticket, "close", reason="resolved")
    max_.sees(ticket, "ClosureNoticeSent")
    assert ann.get(f"/v1/tickets/{ticket}")["status"] == "closed"
    assert ann.refused(ticket, "object", description="a", consequences="b") == (
        "not_in_pack",
        "H-policy-6",
    )
    assert queue(max_) == [down["id"]]
    told = house.mailboxes.about
    (registered, _) = eventually(
        lambda: told("registered") if len(told("registered")) == 2 else None, "both notices"
    )
    assert "promise no time for an answer (H-policy-3)" in words(registered)
    assert "cannot say yet (H-range-1)" in words(registered)
    assert told("late") == []


def test_M_sup_1_a_ticket_is_refused_for_its_system_and_taken_with_an_unknown_one(
    house: House,
) -> None:
    ann, max_ = house.caller("customer", "ann", "acme"), house.caller("agent", "max")
    house.at(MONDAY)
    panel = {"product": "ISPmanager 6", "edition": "Business"}

    refused = ann.post("/v1/tickets", **panel, os="Debian 10")
    ticket = opened(ann, **panel, subject="It does not start")

    assert (refused.status_code, refused.json()["code"]) == (409, "not_supported")
    assert refused.json()["clause"] == "M-sup-os"
    assert ticket["support"]["supported"] == "unknown"  # type: ignore[index]
    max_.tell(str(ticket["id"]), "respond", text="Which system is it?")
    rejected = max_.tell(str(ticket["id"]), "reject", reason="unsupported_system")
    assert rejected["status"] == "rejected"
    (found,) = max_.get("/v1/tickets", supported="unknown")["items"]
    assert found["id"] == ticket["id"]


def test_R_4_2_c_a_mail_gateway_writes_for_a_known_address_and_not_for_an_unknown_one(
    house: House,
) -> None:
    gateway, max_ = house.caller("service", "mail-gateway"), house.caller("agent", "max")
    ann = house.caller("customer", "ann", "acme")
    house.at(MONDAY)
    recorded = gateway.post("/v1/accounts/acme/contacts", contact="ann", email="ann@acme.example")
    assert recorded.status_code == 200, recorded.text
    mail = {
        "product": "VMmanager 6",
        "account_id": "acme",
        "channel": "email",
        "on_behalf_of": "ann",
        "subject": "Nodes",
    }

    unknown = gateway.post("/v1/tickets", **mail, contact={"email": "ann@elsewhere.example"})
    ticket = str(opened(gateway, **mail)["id"])

    assert (unknown.status_code, unknown.json()["code"]) == (409, "email_not_contact_address")
    assert unknown.json()["clause"] == "R-4.2-c"
    assert ann.clock(ticket)["clock_state"] == "not_started"
    max_.tell(ticket, "register")
    max_.sees(ticket, "RegistrationNoticeSent")
    assert ann.clock(ticket)["clock_state"] == "running"
    max_.tell(ticket, "request-information", items="Which nodes?")
    gateway.tell(
        ticket, "provide-information", request="q1", text="All of them.", on_behalf_of="ann"
    )
    gateway.tell(ticket, "comment", text="By mail.", on_behalf_of="ann")
    actors = [e["actor"] for e in ann.history(ticket) if e["actor"]["id"] == "mail-gateway"]
    assert {actor["on_behalf_of"] for actor in actors} == {"ann"}
    assert len(actors) == 3
    (notice,) = eventually(lambda: house.mailboxes.about("registered"), "the notice")
    assert "cannot say yet (R-3.2)" in words(notice)
