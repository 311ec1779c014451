"""Pack I over public HTTP: forwarded to a team, and closed because the user is silent.

Standard, High, VMmanager 6: 16 hours around the clock (I-2.6-HIGH-STD); 12 June 2026 is a Friday.
"""

from house import House, eventually
from retold import begin

STANDARD = {"edition": "Infrastructure", "service_level": "Standard", "priority": "High"}


def test_I_3_4_a_ticket_with_the_relevant_team_has_no_clock_until_it_returns(house: House) -> None:
    ann, petra = house.caller("customer", "ann", "acme"), house.caller("product_team", "petra")
    journey = begin(house, "2026-06-12T20:00:00Z", ann, **STANDARD)
    ticket, max_ = journey.ticket, journey.desk
    due = {"deadline": "2026-06-13T12:00:00Z", "remaining_s": 57_600}
    journey.clock("running", "I-2.6-HIGH-STD", **due)

    # two hours are spent; the developers' hours are 06:00 to 15:00 of business days (I-3.1-c)
    house.at("2026-06-12T22:00:00Z")
    max_.tell(ticket, "consult-developers", reason="an unknown state")
    journey.clock("running", "I-3.1-c", deadline="2026-06-16T11:00:00Z", consumed_s=7_200)

    # four hours of Monday later they have helped, and the clock is the product's again
    house.at("2026-06-15T10:00:00Z")
    max_.tell(ticket, "end-consultation")
    due = {"deadline": "2026-06-15T20:00:00Z", "consumed_s": 21_600}
    journey.clock("running", "I-2.6-HIGH-STD", **due)
    assert max_.refused(ticket, "team-update", text="?") == ("not_forwarded", "I-3.4")
    assert max_.refused(ticket, "forward", kind="error") == ("not_confirmed", "I-3.4")
    max_.tell(ticket, "forward", kind="error", confirmed=True)
    journey.clock("no_target", "I-3.4", overdue=False)
    assert max_.refused(ticket, "reject", reason="out_of_scope") == ("ticket_forwarded", "I-3.4")
    petra.tell(ticket, "team-update", kind="error", text="It will be in the next version.")
    told = house.mailboxes.about
    assert len(eventually(lambda: told("a team has your ticket"), "the mail")) == 1

    # two weeks of silence close nothing (C-34); what comes back is counted anew
    house.at("2026-06-29T10:00:00Z")
    petra.tell(ticket, "team-update", kind="error", text="The version is out.")
    journey.clock("no_target", "I-3.4", overdue=False)
    petra.tell(ticket, "return", reason="corrected")
    journey.clock("running", "I-2.6-HIGH-STD", deadline="2026-06-30T02:00:00Z", remaining_s=57_600)

    house.at("2026-06-30T01:00:00Z")
    max_.tell(ticket, "respond", text="Please update.")
    max_.tell(ticket, "close", reason="resolved")
    notice = max_.sees(ticket, "ClosureNoticeSent")
    assert "objections_until" not in notice["data"]  # pack I knows no objection (C-35)
    journey.clock("closed", "I-2.6-ongoing", overdue=False)

    assert journey.steps() == [
        ("TicketCreated", "2026-06-12T20:00:00Z"),
        ("RegistrationNoticeSent", "2026-06-12T20:00:00Z"),
        ("DeveloperConsultationStarted", "2026-06-12T22:00:00Z"),
        ("DeveloperConsultationEnded", "2026-06-15T10:00:00Z"),
        ("ForwardedToRelevantTeam", "2026-06-15T10:00:00Z"),
        ("TeamUpdateReceived", "2026-06-15T10:00:00Z"),
        ("TeamUpdateReceived", "2026-06-29T10:00:00Z"),
        ("ReturnedFromRelevantTeam", "2026-06-29T10:00:00Z"),
        ("ResponseSent", "2026-06-30T01:00:00Z"),
        ("ClosureDecided", "2026-06-30T01:00:00Z"),
        ("ClosureNoticeSent", "2026-06-30T01:00:00Z"),
    ]
    journey.assert_retold()
    eventually(lambda: len(told("news from the team")) == 2, "both mails of the team")
    assert len(told("a team has your ticket")) == 1
    assert told("late") == []


def test_I_3_6_a_ticket_whose_user_is_silent_for_seven_days_closes(house: House) -> None:
    ann = house.caller("customer", "ann", "acme")
    journey = begin(house, "2026-06-10T14:37:00Z", ann, **STANDARD)
    ticket, max_ = journey.ticket, journey.desk
    max_.tell(ticket, "respond", text="Which version is it?")
    journey.clock("satisfied", "I-2.6-*")
    (silence,) = journey.shown["2026-06-10T14:37:00Z"]["deadlines"]
    assert (silence["name"], silence["clause"]) == ("TicketAutoClosed", "I-3.6")
    assert silence["fires_at"] == "2026-06-18T00:00:00Z"

    house.at("2026-06-17T23:59:59Z")
    journey.clock("satisfied", "I-2.6-*")
    assert journey.state()["status"] == "open"

    house.at("2026-06-18T00:00:00Z")
    closed = max_.sees(ticket, "TicketAutoClosed")
    assert (closed["data"]["reason"], closed["data"]["clause"]) == ("auto_no_reply", "I-3.6")
    assert closed["actor"]["kind"] == "service"
    eventually(lambda: journey.state()["status"] == "closed", "closed")
    journey.clock("closed", "I-3.6", overdue=False)
    late = ann.refused(ticket, "reply", text="Version 6.")
    assert late == ("ticket_closed", "I-3.6")
    assert ann.refused(ticket, "object", description="a", consequences="b")[0] == "not_in_pack"

    assert journey.steps() == [
        ("TicketCreated", "2026-06-10T14:37:00Z"),
        ("RegistrationNoticeSent", "2026-06-10T14:37:00Z"),
        ("ResponseSent", "2026-06-10T14:37:00Z"),
        ("TicketAutoClosed", "2026-06-18T00:00:00Z"),
    ]
    journey.assert_retold()
    assert eventually(lambda: house.mailboxes.about("closed for silence"), "the mail")
