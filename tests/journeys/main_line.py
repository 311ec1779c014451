"""The main line of pack R as a script: a ticket's whole life, with what is true at each station.

Monday is 8 June 2026; the clock stands at each instant named until the next. `trouble` is called
with the name of each station after its command, so that faults can be tried at every one.
"""

from collections.abc import Callable

from house import House, eventually

EXPECTED = [
    ("TicketCreated", "2026-06-08T09:00:00Z"),
    ("RegistrationNoticeSent", "2026-06-08T09:00:00Z"),
    ("PriorityChanged", "2026-06-08T09:00:00Z"),
    ("NoticeSent", "2026-06-08T09:00:00Z"),
    ("InformationRequested", "2026-06-08T15:00:00Z"),
    ("NoticeSent", "2026-06-08T15:00:00Z"),
    ("InformationProvided", "2026-06-11T14:30:00Z"),
    ("UploadCompleted", "2026-06-11T14:59:59Z"),
    ("TicketSuspended", "2026-06-12T10:00:00Z"),
    ("TicketResumed", "2026-06-15T10:00:00Z"),
    ("ResponseSent", "2026-06-15T11:00:00Z"),
    ("NoticeSent", "2026-06-15T11:00:00Z"),
    ("UserReplied", "2026-06-16T10:00:00Z"),
    ("ClosureDecided", "2026-06-16T12:00:00Z"),
    ("ClosureNoticeSent", "2026-06-16T12:05:00Z"),
    ("ObjectionAccepted", "2026-06-21T23:59:59Z"),
    ("NoticeSent", "2026-06-21T23:59:59Z"),
    ("ClosureDecided", "2026-06-22T10:00:00Z"),
    ("ClosureNoticeSent", "2026-06-22T10:00:00Z"),
    ("ClosureBecameFinal", "2026-06-28T00:00:00Z"),
]
"""The history: what happened, and when."""


def quiet(station: str) -> None:
    """Give no trouble."""


def live(house: House, trouble: Callable[[str], None] = quiet) -> str:
    """Live the ticket's life, asserting each station; return its id."""
    ann = house.caller("customer", "ann", "acme")
    max_ = house.caller("agent", "max")

    # created and registered by mail: the notice starts the clock
    house.at("2026-06-08T09:00:00Z")
    created = ann.post(
        "/v1/tickets",
        key="the-ticket",
        product="VMmanager 6",
        subject="Nodes do not answer",
        description="No node of the cluster answers since 09:00.",
        contact={"email": "ann@acme.example", "name": "Ann"},
        requested_priority="High",
        justification="Two of three sites are down.",
    )
    assert created.status_code == 201, created.text
    ticket = created.json()["id"]
    trouble("created")
    ann.sees(ticket, "RegistrationNoticeSent")
    assert ann.clock(ticket)["deadline"] == "2026-06-11T14:00:00Z"  # Low, R-6.7-LOW
    max_.tell(ticket, "prioritize", priority="High", reason="two sites are down")
    assert ann.clock(ticket)["deadline"] == "2026-06-09T16:00:00Z"  # anchored: C-09, R-6.7-HIGH
    max_.sees(ticket, "NoticeSent")

    # information requested: the clock stands (R-6.8-a), 72 hours run (R-6.9-b)
    house.at("2026-06-08T15:00:00Z")
    asked = max_.tell(ticket, "request-information", items="The agent's log of node 3.")
    assert asked["information_requests"][0]["deadline"] == "2026-06-11T15:00:00Z"
    trouble("information requested")
    max_.sees(ticket, "NoticeSent", times=2)
    assert ann.clock(ticket)["clock_state"] == "waiting_user"

    # 72 hours nearly gone: answered, the upload still under way
    house.at("2026-06-11T14:30:00Z")
    code_and_clause = max_.refused(ticket, "close", reason="info_not_provided")
    assert code_and_clause == ("info_deadline_not_reached", "R-6.9-b")
    ann.tell(ticket, "provide-information", request="q1", text="Here.", upload_pending=True)
    trouble("answered")
    assert ann.clock(ticket)["clock_state"] == "waiting_user"

    # the upload ends: full budget from its end (R-1.14, C-02, C-05)
    house.at("2026-06-11T14:59:59Z")
    ann.tell(ticket, "complete-upload", request="q1")
    trouble("uploaded")
    assert ann.clock(ticket)["deadline"] == "2026-06-15T12:59:59Z"

    # suspended and resumed: counted anew (R-6.6-a, R-6.6-b)
    house.at("2026-06-12T10:00:00Z")
    ann.tell(ticket, "suspend")
    trouble("suspended")
    assert max_.refused(ticket, "suspend") == ("actor_not_entitled", "R-6.6-a")
    assert ann.clock(ticket)["clock_state"] == "suspended"
    house.at("2026-06-15T10:00:00Z")
    ann.tell(ticket, "resume")
    trouble("resumed")
    clock = ann.clock(ticket)
    assert (clock["deadline"], clock["remaining_s"]) == ("2026-06-16T17:00:00Z", 57_600)

    # answered: the turn ends (R-1.14, C-04); replied: a new one begins
    house.at("2026-06-15T11:00:00Z")
    max_.tell(ticket, "respond", text="Restart the agents.", proposes_solution=True)
    trouble("responded")
    max_.sees(ticket, "NoticeSent", times=3)
    assert ann.clock(ticket)["clock_state"] == "satisfied"
    house.at("2026-06-16T10:00:00Z")
    ann.tell(ticket, "reply", text="It works now, thank you.")
    trouble("replied")
    assert ann.clock(ticket)["deadline"] == "2026-06-17T17:00:00Z"

    # closed: closing is decided at 12:00, told and so done at 12:05 (R-6.10-c, C-21)
    house.at("2026-06-16T12:00:00Z")
    house.stop("notifier")
    closing = max_.tell(ticket, "close", reason="resolved", text="The restart solved it.")
    assert closing["status"] == "closing"
    trouble("closing decided")
    house.at("2026-06-16T12:05:00Z")
    max_.sees(ticket, "ClosureNoticeSent")
    closed = ann.get(f"/v1/tickets/{ticket}")
    assert closed["closing"]["closed_at"] == "2026-06-16T12:05:00Z"
    assert closed["closing"]["objections_until"] == "2026-06-22T00:00:00Z"  # R-6.10-b, C-20
    trouble("closed")

    # objected in the last second of the fifth day: open again (R-6.10-b, C-22)
    house.at("2026-06-21T23:59:59Z")
    vague = ann.refused(ticket, "object", description="I disagree.")
    assert vague == ("objection_not_motivated", "R-6.10-d")
    ann.tell(ticket, "object", description="Node 3 fails.", consequences="No backups.")
    trouble("objected")
    max_.sees(ticket, "NoticeSent", times=4)
    assert ann.clock(ticket)["deadline"] == "2026-06-23T16:00:00Z"

    # closed again, because an error was found, and final after five days
    house.at("2026-06-22T10:00:00Z")
    assert ann.get(f"/v1/tickets/{ticket}")["status"] == "open"
    unplanned = max_.refused(ticket, "close", reason="product_error_found")
    assert unplanned == ("plan_reference_required", "R-6.11")
    max_.tell(ticket, "close", reason="product_error_found", plan_reference="VM-4711")
    trouble("closing decided again")
    max_.sees(ticket, "ClosureNoticeSent", times=2)
    house.at("2026-06-28T00:00:00Z")
    max_.sees(ticket, "ClosureBecameFinal")
    trouble("final")
    late = ann.refused(ticket, "object", description="Still.", consequences="Still.")
    assert late == ("objection_window_over", "R-6.10-b")
    eventually(lambda: ann.get(f"/v1/tickets/{ticket}")["status"] == "final", "final")
    return str(ticket)
