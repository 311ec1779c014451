"""Pack R from create to final with every wait that it knows, over public HTTP.

High is 16 hours of 09:00 to 18:00 UTC on business days (R-6.7-HIGH); Monday is 8 June 2026.
"""

from house import House, eventually
from retold import begin

STEPS = [
    ("TicketCreated", "2026-06-08T09:00:00Z"),
    ("RegistrationNoticeSent", "2026-06-08T09:00:00Z"),
    ("PriorityChanged", "2026-06-08T09:00:00Z"),
    ("ThirdPartyWaitStarted", "2026-06-08T11:00:00Z"),
    ("ThirdPartyResponseReceived", "2026-06-09T10:00:00Z"),
    ("CauseUnknownDeclared", "2026-06-09T10:00:00Z"),
    ("CauseEstablished", "2026-06-10T09:00:00Z"),
    ("OperationScheduled", "2026-06-10T09:00:00Z"),
    ("ProductTeamEscalated", "2026-06-11T10:00:00Z"),
    ("ProductTeamReturned", "2026-06-11T10:00:00Z"),
    ("InformationRequested", "2026-06-11T10:00:00Z"),
    ("InformationRequested", "2026-06-11T10:00:00Z"),
    ("InformationProvided", "2026-06-12T10:00:00Z"),
    ("InformationRejected", "2026-06-12T10:00:00Z"),
    ("InformationProvided", "2026-06-12T10:00:00Z"),
    ("InformationDeadlinePassed", "2026-06-15T09:00:00Z"),
    ("UploadCompleted", "2026-06-15T09:00:00Z"),
    ("InformationProvided", "2026-06-15T09:00:00Z"),
    ("TicketSuspended", "2026-06-15T12:00:00Z"),
    ("TicketResumed", "2026-06-17T09:00:00Z"),
    ("IndividualDeadlineSet", "2026-06-17T09:00:00Z"),
    ("ResponseSent", "2026-06-17T09:00:00Z"),
    ("ClosureDecided", "2026-06-17T09:00:00Z"),
    ("ClosureNoticeSent", "2026-06-17T09:00:00Z"),
    ("ClosureBecameFinal", "2026-06-23T00:00:00Z"),
]


def test_a_ticket_that_waits_for_everything_there_is(house: House) -> None:
    ann, petra = house.caller("customer", "ann", "acme"), house.caller("product_team", "petra")
    journey = begin(house, "2026-06-08T09:00:00Z", ann, subject="Disks are lost")
    ticket, max_ = journey.ticket, journey.desk
    max_.tell(ticket, "prioritize", priority="High", reason="two sites are down")
    journey.clock("running", "R-6.7-HIGH", deadline="2026-06-09T16:00:00Z", remaining_s=57_600)

    # two hours are spent when the maker of the disks is asked (R-6.8-b)
    house.at("2026-06-08T11:00:00Z")
    max_.tell(ticket, "await-third-party", party="maker of the disks")
    journey.clock("waiting_third_party", "R-6.8-b", consumed_s=7_200)

    # they answer a day later, and still nobody knows the cause (R-6.8-c)
    house.at("2026-06-09T10:00:00Z")
    (wait,) = journey.state()["work"]["third_parties"]
    max_.tell(ticket, "third-party-responded", wait=wait)
    journey.clock("running", "R-6.7-HIGH", deadline="2026-06-10T15:00:00Z", consumed_s=7_200)
    max_.tell(ticket, "declare-cause-unknown")
    journey.clock("cause_unknown", "R-6.8-c", consumed_s=7_200)

    # the cause is found; the disks are exchanged at an agreed hour of the night (R-6.8-d)
    house.at("2026-06-10T09:00:00Z")
    max_.tell(ticket, "cause-established", reason="a bad batch")
    journey.clock("running", "R-6.7-HIGH", deadline="2026-06-11T14:00:00Z", consumed_s=7_200)
    max_.tell(ticket, "schedule-operation", agreed_for="2026-06-10T20:00:00Z")
    journey.clock("scheduled_operation", "R-6.8-d", consumed_s=7_200)

    # the wait ended by itself; to the product team and back no hour of High is lost (R-6.7-d)
    house.at("2026-06-11T10:00:00Z")
    due = {"deadline": "2026-06-12T14:00:00Z", "consumed_s": 10_800}
    journey.clock("running", "R-6.7-HIGH", **due)
    assert max_.refused(ticket, "consult-developers") == ("not_in_pack", "R-2.3")
    max_.tell(ticket, "escalate", reason="the driver must change")
    journey.clock("running", "R-6.7-d", **due)
    petra.tell(ticket, "return", reason="it has changed")

    # two things are needed of the user, for which 72 hours run (R-6.8-a, R-6.9-b)
    max_.tell(ticket, "request-information", items="The log of the driver.")
    asked = max_.tell(ticket, "request-information", items="A dump.")["information_requests"]
    assert [each["deadline"] for each in asked] == ["2026-06-14T10:00:00Z"] * 2
    journey.clock("waiting_user", "R-6.8-a")

    # one answer is not enough, the other is still being sent (R-6.1-c, C-05)
    house.at("2026-06-12T10:00:00Z")
    ann.tell(ticket, "provide-information", request="q1", text="Here it is.")
    max_.tell(ticket, "reject-information", request="q1", reason="It ends too early.")
    ann.tell(ticket, "provide-information", request="q2", upload_pending=True)
    journey.clock("waiting_user", "R-6.8-a")

    # 72 hours passed for the one; all of it comes after all, and counting begins anew
    house.at("2026-06-15T09:00:00Z")
    passed = max_.sees(ticket, "InformationDeadlinePassed")
    assert (passed["data"]["request"], passed["data"]["clause"]) == ("q1", "R-6.9-b")
    ann.tell(ticket, "complete-upload", request="q2")
    journey.clock("waiting_user", "R-6.8-a")
    ann.tell(ticket, "provide-information", request="q1", text="All of it.")
    journey.clock("running", "R-6.7-HIGH", deadline="2026-06-16T16:00:00Z", remaining_s=57_600)

    # the user suspends and resumes (R-6.6-a, R-6.6-b)
    house.at("2026-06-15T12:00:00Z")
    ann.tell(ticket, "suspend")
    journey.clock("suspended", "R-6.6-a")
    assert max_.refused(ticket, "respond", text="But") == ("ticket_suspended", "R-6.6-a")
    house.at("2026-06-17T09:00:00Z")
    ann.tell(ticket, "resume")
    journey.clock("running", "R-6.7-HIGH", deadline="2026-06-18T16:00:00Z", remaining_s=57_600)

    # an agreed date in the place of the table; answered, closed, told
    max_.tell(ticket, "set-deadline", deadline="2026-06-26T12:00:00Z", why="new disks")
    journey.clock("individual_deadline", "R-3.4", deadline="2026-06-26T12:00:00Z")
    max_.tell(ticket, "respond", text="The disks are exchanged.", proposes_solution=True)
    max_.tell(ticket, "close", reason="resolved")
    closing = max_.sees(ticket, "ClosureNoticeSent")
    assert closing["data"]["objections_until"] == "2026-06-23T00:00:00Z"  # R-6.10-b, C-20
    journey.clock("closed", "R-6.10-c", overdue=False)

    house.at("2026-06-23T00:00:00Z")
    max_.sees(ticket, "ClosureBecameFinal")
    eventually(lambda: journey.state()["status"] == "final", "final")
    journey.clock("closed", "R-6.10-c", overdue=False)

    assert journey.steps() == STEPS
    journey.assert_retold()
    boxes = house.mailboxes
    assert len(boxes.about("registered")) == 1
    assert len(boxes.about("need something")) == 2
    assert len(boxes.about("is closed")) == 1
    assert boxes.about("late") == []
    assert ann.get("/v1/tickets", status="final")["items"][0]["id"] == ticket
