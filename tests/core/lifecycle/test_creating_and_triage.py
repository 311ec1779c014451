"""Opening a ticket, registering one of another channel, and its priority (R-4.2, R-6.5)."""

from dataclasses import replace

import pytest

from docket_events.desk import DefectLinked, TicketAssigned
from docket_events.recorded import Actor
from docket_events.ticket import (
    PriorityChanged,
    TicketCreated,
    TicketRegisteredInClientArea,
)
from docket_lifecycle.commands import (
    Assign,
    Create,
    LinkDefect,
    Prioritize,
    Register,
    Standing,
    Suspend,
)
from docket_lifecycle.refused import NotEntitled, Refused
from docket_lifecycle.rules.context import DecisionContext
from people import (
    ANN,
    CREATED,
    MONDAY,
    OLGA,
    PETRA,
    REGULATIONS,
    TUESDAY,
    UNKNOWN_UNDER_R,
    created,
    text,
)
from sentences import given, opens

WISH = Create(
    number="D-1042",
    account_id="acme",
    requester_id="ann",
    channel="client_area",
    product="VMmanager 6",
    requested_priority="Emergency",
    justification=text("all nodes are down"),
)


def test_R_6_5_a_new_ticket_is_low_whatever_the_user_asks_for() -> None:
    (event,) = opens(WISH, at=MONDAY, by=ANN, terms=REGULATIONS)

    assert isinstance(event, TicketCreated)
    assert (event.priority, event.requested_priority) == ("Low", "Emergency")
    assert event.justification == text("all nodes are down")


def test_R_6_5_a_wish_for_a_priority_needs_reasons() -> None:
    wish = Create("D-1042", "acme", "ann", "client_area", "VMmanager 6", requested_priority="High")

    with pytest.raises(Refused) as refusal:
        opens(wish, at=MONDAY, by=ANN, terms=REGULATIONS)
    assert (refusal.value.code, refusal.value.clause) == ("justification_required", "R-6.5")


def test_R_2_2_the_ticket_keeps_the_revision_it_was_created_under() -> None:
    (event,) = opens(WISH, at=MONDAY, by=ANN, terms=REGULATIONS)

    assert isinstance(event, TicketCreated)
    assert (event.pack, event.revision) == ("regulations", "R-2025-03-27")
    assert event.readings_version == REGULATIONS.readings_version == 2


def test_everything_the_user_said_is_in_the_event() -> None:
    said = Create(
        number="D-1043",
        account_id="acme",
        requester_id="ann",
        channel="email",
        product="VMmanager 6",
        product_version="2025.03.1",
        edition="Hosting",
        environment=text("an environment"),
        said_environment="closed",
        kind="incident",
        service_level="Standard",
        subject=text("a subject"),
        description=text("a description"),
        contact=text("an address"),
        standing=Standing(sender_is_contact=True),
    )

    assert opens(said, at=MONDAY, by=ANN, terms=REGULATIONS) == (
        TicketCreated(
            number="D-1043",
            account_id="acme",
            requester_id="ann",
            channel="email",
            product="VMmanager 6",
            priority="Low",
            pack="regulations",
            revision="R-2025-03-27",
            product_version="2025.03.1",
            edition="Hosting",
            environment=text("an environment"),
            environment_kind="closed",
            kind="incident",
            service_level="Standard",
            subject=text("a subject"),
            description=text("a description"),
            contact=text("an address"),
            readings_version=2,
            support=UNKNOWN_UNDER_R,
        ),
    )


def test_an_agent_may_take_a_ticket_down_for_a_user() -> None:
    (event,) = opens(WISH, at=MONDAY, by=OLGA, terms=REGULATIONS)
    assert isinstance(event, TicketCreated)
    assert event.requester_id == "ann"


def test_an_auditor_opens_no_ticket() -> None:
    with pytest.raises(NotEntitled):
        opens(WISH, at=MONDAY, by=Actor("auditor", "ivo"), terms=REGULATIONS)


def test_R_4_2_b_an_agent_registers_a_phone_ticket_for_its_user() -> None:
    given(created(channel="phone")).when(Register(), at=TUESDAY, by=OLGA).then(
        TicketRegisteredInClientArea(on_behalf_of="ann")
    ).when(Register(), at=TUESDAY, by=OLGA).then_refused("already_registered", "R-4.2-b")


def test_R_4_2_b_a_client_area_ticket_needs_no_registering() -> None:
    given(CREATED).when(Register(), at=TUESDAY, by=OLGA).then_refused(
        "already_registered", "R-4.2-b"
    )


def test_R_6_5_the_provider_sets_the_priority_and_says_why() -> None:
    given(CREATED).when(
        Prioritize("High", "a node is down", ("R-5.2-HI-VM1",)), at=TUESDAY, by=OLGA
    ).then(PriorityChanged("High", "Low", "a node is down", ("R-5.2-HI-VM1",)))


def test_R_6_7_b_a_priority_may_go_down_again() -> None:
    given(CREATED, PriorityChanged("High")).when(
        Prioritize("Medium", "the node is up"), at=TUESDAY, by=OLGA
    ).then(PriorityChanged("Medium", "High", "the node is up"))


def test_the_priority_a_ticket_has_is_already_so() -> None:
    given(CREATED).when(Prioritize("Low", "as it is"), at=TUESDAY, by=OLGA).then_already_so()


def test_C_35_what_the_pack_does_not_know_is_refused_to_everybody() -> None:
    silent = replace(REGULATIONS, capabilities={})

    for command, actor in ((Register(), OLGA), (Suspend(), ANN)):
        with pytest.raises(Refused) as refusal:
            DecisionContext.of(silent, command, at=TUESDAY, actor=actor)
        assert refusal.value.code == "not_in_pack"


def test_a_ticket_is_given_to_an_agent_and_to_another_and_to_nobody() -> None:
    story = given(CREATED).when(Assign("olga"), at=TUESDAY, by=OLGA).then(TicketAssigned("olga"))
    assert story.ticket.assignee == "olga"

    story.when(Assign("olga"), at=TUESDAY, by=OLGA).then_already_so().when(
        Assign("max"), at=TUESDAY, by=OLGA
    ).then(TicketAssigned("max")).when(Assign(), at=TUESDAY, by=OLGA).then(TicketAssigned(None))


def test_a_user_assigns_nothing() -> None:
    given(CREATED).when(Assign("olga"), at=TUESDAY, by=ANN).then_refused(
        "actor_not_entitled", "R-6.7-b"
    )


def test_R_6_11_a_defect_is_linked_once() -> None:
    linked = (
        given(CREATED)
        .when(LinkDefect("VM-4711"), at=TUESDAY, by=PETRA)
        .then(DefectLinked("VM-4711"))
    )

    linked.when(LinkDefect("VM-4711"), at=TUESDAY, by=OLGA).then_already_so()
    linked.when(LinkDefect("VM-4712"), at=TUESDAY, by=OLGA).then(DefectLinked("VM-4712"))
    linked.when(LinkDefect("VM-4713"), at=TUESDAY, by=ANN).then_refused(
        "actor_not_entitled", "R-6.11"
    )
