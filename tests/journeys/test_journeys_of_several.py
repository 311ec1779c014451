"""Tickets divided and combined over public HTTP, with their clocks and what the bus tells."""

import asyncio

from house import House
from retold import Journey, begin
from subscriber import heard, listen


def test_R_6_3_a_combined_ticket_has_the_clock_of_the_latest_and_all_open_waits(
    house: House,
) -> None:
    keys = ("ticket.tickets-merged", "ticket.merged-into")
    asyncio.run(listen(house.broker.url, "test.combining", *keys))
    ann = house.caller("customer", "ann", "acme")
    first = begin(house, "2026-06-08T09:00:00Z", ann)
    max_ = first.desk
    max_.tell(first.ticket, "prioritize", priority="High", reason="two sites are down")
    max_.tell(first.ticket, "await-third-party", party="the data centre")
    latest = begin(house, "2026-06-08T11:00:00Z", ann)
    latest.clock("running", "R-6.7-LOW", deadline="2026-06-11T16:00:00Z")

    # seven hours of Monday are spent since the latest was created; the wait goes on (C-08)
    house.at("2026-06-09T09:00:00Z")
    merged = max_.tell(first.ticket, "merge", sources=[latest.ticket], reason="one outage")
    assert (merged["priority"], merged["sources"]) == ("High", [latest.ticket])
    first.clock("waiting_third_party", "R-6.8-b", consumed_s=25_200)
    latest.clock("closed", "R-6.3-a")
    assert latest.state()["merged_into"] == first.ticket
    gone = ann.refused(latest.ticket, "comment", text="And this one?")
    assert gone == ("ticket_merged", "R-6.3-a")
    (wait,) = merged["work"]["third_parties"]
    max_.tell(first.ticket, "third-party-responded", wait=wait)
    first.clock("running", "R-6.7-HIGH", deadline="2026-06-09T18:00:00Z", consumed_s=25_200)

    assert latest.steps()[-1] == ("MergedInto", "2026-06-09T09:00:00Z")
    assert [kind for kind, _ in first.steps()[-2:]] == [
        "TicketsMerged",
        "ThirdPartyResponseReceived",
    ]
    for journey in (first, latest):
        journey.assert_retold()
    messages = asyncio.run(heard(house.broker.url, "test.combining", 2))
    assert {(m.routing_key, m.headers["ce-subject"]) for m in messages} == {
        (keys[0], first.ticket),
        (keys[1], latest.ticket),
    }
    assert house.mailboxes.about("is closed") == []  # C-23: no notice of this end


def test_R_6_3_the_parts_of_a_ticket_are_counted_from_the_division(house: House) -> None:
    ann, petra = house.caller("customer", "ann", "acme"), house.caller("product_team", "petra")
    whole = begin(house, "2026-06-08T09:00:00Z", ann)
    max_ = whole.desk
    max_.tell(whole.ticket, "prioritize", priority="High", reason="two sites are down")
    whole.clock("running", "R-6.7-HIGH", deadline="2026-06-09T16:00:00Z")

    # divided an hour before it is due: both are counted from here (R-6.3-b, C-08)
    house.at("2026-06-09T15:00:00Z")
    divided = max_.tell(
        whole.ticket,
        "split",
        reason="two issues",
        parts=[{"subject": "Backups are lost", "priority": "Emergency"}],
    )
    part = Journey(house, divided["parts"][0], max_)
    max_.sees(part.ticket, "RegistrationNoticeSent")
    whole.clock("running", "R-6.7-HIGH", deadline="2026-06-11T13:00:00Z", remaining_s=57_600)
    part.clock("running", "R-6.7-EM", deadline="2026-06-09T23:00:00Z", remaining_s=28_800)

    # the product team has business hours also for an emergency (R-6.7-d, C-11)
    house.at("2026-06-09T17:00:00Z")
    max_.tell(part.ticket, "escalate", reason="the code must change")
    part.clock("running", "R-6.7-d", deadline="2026-06-10T14:00:00Z", consumed_s=7_200)
    house.at("2026-06-10T10:00:00Z")
    petra.tell(part.ticket, "return", reason="corrected")
    part.clock("running", "R-6.7-EM", deadline="2026-06-10T14:00:00Z", consumed_s=14_400)
    max_.tell(part.ticket, "respond", text="Please update.")
    part.clock("satisfied", "R-1.14", overdue=False)

    assert part.state()["split_from"] == whole.ticket
    assert [kind for kind, _ in part.steps()] == [
        "TicketCreated",
        "SplitChildCreated",
        "RegistrationNoticeSent",
        "ProductTeamEscalated",
        "ProductTeamReturned",
        "ResponseSent",
    ]
    for journey in (whole, part):
        journey.assert_retold()
    assert len(house.mailboxes.about("registered")) == 2
