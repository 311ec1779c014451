"""Pack R over public HTTP: an objection after an objection, and a ticket that is taken back."""

from house import House, eventually
from retold import begin


def test_R_6_10_an_objection_opens_the_ticket_each_time_it_was_closed(house: House) -> None:
    """Low is 32 hours of 09:00 to 18:00 UTC on business days (R-6.7-LOW)."""
    ann = house.caller("customer", "ann", "acme")
    journey = begin(house, "2026-06-08T09:00:00Z", ann)
    ticket, max_ = journey.ticket, journey.desk
    objection = {"description": "Node 3 fails.", "consequences": "No backups."}
    max_.tell(ticket, "close", reason="out_of_scope")
    told = max_.sees(ticket, "ClosureNoticeSent")
    assert told["data"]["objections_until"] == "2026-06-14T00:00:00Z"
    journey.clock("closed", "R-6.10-c", ended_at="2026-06-08T09:00:00Z")

    # the first objection; closed again the same hour (R-6.10-b, C-22)
    house.at("2026-06-10T10:00:00Z")
    vague = ann.refused(ticket, "object", description="No.")
    assert vague == ("objection_not_motivated", "R-6.10-d")
    ann.tell(ticket, "object", **objection)
    assert journey.state()["status"] == "open"
    max_.tell(ticket, "respond", text="It is no part of the product.")
    max_.tell(ticket, "close", reason="resolved")
    told = max_.sees(ticket, "ClosureNoticeSent", times=2)
    assert told["data"]["objections_until"] == "2026-06-16T00:00:00Z"
    journey.clock("closed", "R-6.10-c", ended_at="2026-06-10T10:00:00Z")

    # the second one, in the last second of its window
    house.at("2026-06-15T23:59:59Z")
    ann.tell(ticket, "object", **objection)
    journey.clock("running", "R-6.7-LOW", deadline="2026-06-19T14:00:00Z", remaining_s=115_200)

    # it is refused: the closing stands again with the window that it had, which is over
    house.at("2026-06-16T10:00:00Z")
    assert journey.state()["status"] == "open"
    max_.tell(ticket, "refuse-objection", reason="Node 3 has a ticket of its own.")
    max_.sees(ticket, "ClosureBecameFinal")
    eventually(lambda: journey.state()["status"] == "final", "final")
    over = ann.refused(ticket, "object", **objection)
    assert over == ("objection_window_over", "R-6.10-b")
    journey.clock("closed", "R-6.10-c", overdue=False)

    assert journey.steps() == [
        ("TicketCreated", "2026-06-08T09:00:00Z"),
        ("RegistrationNoticeSent", "2026-06-08T09:00:00Z"),
        ("ClosureDecided", "2026-06-08T09:00:00Z"),
        ("ClosureNoticeSent", "2026-06-08T09:00:00Z"),
        ("ObjectionAccepted", "2026-06-10T10:00:00Z"),
        ("ResponseSent", "2026-06-10T10:00:00Z"),
        ("ClosureDecided", "2026-06-10T10:00:00Z"),
        ("ClosureNoticeSent", "2026-06-10T10:00:00Z"),
        ("ObjectionAccepted", "2026-06-15T23:59:59Z"),
        ("ObjectionRefused", "2026-06-16T10:00:00Z"),
        ("ClosureBecameFinal", "2026-06-16T10:00:00Z"),
    ]
    journey.assert_retold()
    assert len(house.mailboxes.about("is closed")) == 2


def test_R_6_6_a_a_ticket_that_is_taken_back_ends_without_notice_and_watches_nothing(
    house: House,
) -> None:
    ann = house.caller("customer", "ann", "acme")
    journey = begin(house, "2026-06-08T09:00:00Z", ann)
    ticket, max_ = journey.ticket, journey.desk
    max_.tell(ticket, "request-information", items="The log.")
    journey.clock("waiting_user", "R-6.8-a")

    house.at("2026-06-09T10:00:00Z")
    assert max_.refused(ticket, "revoke") == ("actor_not_entitled", "R-6.6-a")
    assert ann.tell(ticket, "revoke")["revoked_at"] == "2026-06-09T10:00:00Z"
    journey.clock("revoked", "R-6.6-a")
    assert journey.shown["2026-06-09T10:00:00Z"]["deadlines"] == []

    # the 72 hours are over; another ticket shows that the timers were looked at (C-23)
    other = begin(house, "2026-06-11T09:00:01Z", ann)
    max_.tell(other.ticket, "prioritize", priority="Emergency", reason="down")
    house.at("2026-06-11T17:00:02Z")
    max_.sees(other.ticket, "ResponseOverdue")
    journey.clock("revoked", "R-6.6-a")
    gone = ann.refused(ticket, "object", description="a", consequences="b")
    assert gone == ("ticket_revoked", "R-6.6-a")

    assert journey.steps() == [
        ("TicketCreated", "2026-06-08T09:00:00Z"),
        ("RegistrationNoticeSent", "2026-06-08T09:00:00Z"),
        ("InformationRequested", "2026-06-08T09:00:00Z"),
        ("TicketRevoked", "2026-06-09T10:00:00Z"),
    ]
    journey.assert_retold()
    assert house.mailboxes.about("is closed") == []
