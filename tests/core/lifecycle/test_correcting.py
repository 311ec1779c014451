"""Correcting what a ticket says of itself: who may, what stays, what is erased, and no clock."""

import pytest

from docket_events.recorded import Actor, Fact
from docket_events.ticket import TicketCorrected
from docket_lifecycle.commands import Correct, Erase
from docket_lifecycle.refused import NotEntitled
from docket_lifecycle.rules.context import DecisionContext
from docket_policies.clock.response_clock import response_clock
from docket_policies.deadlines.timers import timers
from people import (
    ANN,
    CREATED,
    OLGA,
    PETRA,
    PIA,
    REGISTERED,
    REGULATIONS,
    TUESDAY,
    UNDER_I,
    WEDNESDAY,
    created,
    text,
)
from sentences import Given, given

SAID = created(
    subject=text("nods"), contact=text("an old address"), product_version="2025.1", edition="Pro"
)


def corrected(before: Given, by: Actor = ANN, **named: object) -> Given:
    command = Correct("a slip", **named)  # type: ignore[arg-type]  # the fields of the test
    event = TicketCorrected("a slip", **named)  # type: ignore[arg-type]  # the same
    return before.when(command, at=TUESDAY, by=by).then(event)


@pytest.mark.parametrize("by", [ANN, OLGA])
@pytest.mark.parametrize(("first", "clause"), [(CREATED, "R-6.1-a"), (UNDER_I, "I-2.4.2")])
def test_R_6_1_a_I_2_4_2_both_sides_may_correct_an_open_ticket(first, clause, by) -> None:
    after = corrected(given(first), by, subject=text("nodes"), product_version="2026.1")
    ticket = after.ticket

    assert after.terms.capabilities["correct"].clause == clause
    assert (ticket.subject, ticket.product_version) == (text("nodes"), "2026.1")


@pytest.mark.parametrize("by", [PETRA, PIA])
def test_R_6_1_a_nobody_else_may(by) -> None:
    with pytest.raises(NotEntitled) as refusal:
        DecisionContext.of(REGULATIONS, Correct("x", edition="Pro"), at=TUESDAY, actor=by)
    assert refusal.value.clause == "R-6.1-a"


def test_what_is_not_named_stays() -> None:
    ticket = corrected(given(SAID), contact=text("a new address")).ticket

    assert ticket.contact == text("a new address")
    assert (ticket.subject, ticket.product_version, ticket.edition) == (
        text("nods"),
        "2025.1",
        "Pro",
    )


def test_what_the_ticket_says_already_is_no_correction() -> None:
    same = Correct("as it is", product_version="2025.1", edition="Pro")

    given(SAID).when(same, at=TUESDAY, by=ANN).then_already_so()
    given(SAID).when(
        Correct("a slip", product_version="2025.1", edition="Lite"), at=TUESDAY, by=ANN
    ).then(TicketCorrected("a slip", edition="Lite"))


def test_R_2_2_the_terms_stay_those_of_the_opening() -> None:
    before = given(created(edition="Hosting"))

    after = corrected(before, OLGA, edition="Infrastructure")

    assert (after.ticket.pack, after.ticket.revision) == (
        before.ticket.pack,
        before.ticket.revision,
    )


@pytest.mark.parametrize("first", [CREATED, UNDER_I], ids=["R", "I"])
def test_a_correction_moves_no_clock_and_no_deadline(first) -> None:
    before = given(first, REGISTERED)
    after = Given((*before.history, Fact(TicketCorrected("a slip", edition="Pro"), TUESDAY)))

    assert response_clock(after.history, after.terms, WEDNESDAY) == response_clock(
        before.history, before.terms, WEDNESDAY
    )
    assert timers(after.history, after.terms) == timers(before.history, before.terms)
    assert after.ticket.waiting_for == before.ticket.waiting_for


def test_C_40_the_old_text_is_content_of_the_ticket_until_it_is_erased() -> None:
    after = corrected(given(SAID), subject=text("nodes"))

    erased = after.when(Erase("sent_by_mistake", (text("nods").id,)), at=WEDNESDAY, by=PIA)

    assert not isinstance(erased.answer, Exception)
    known = erased.then(*erased.answer).ticket.contents()
    assert known[text("nods").id].erased
    assert not known[text("nodes").id].erased


def test_C_40_what_the_desk_typed_for_the_requester_goes_with_the_requester() -> None:
    after = corrected(given(SAID), OLGA, subject=text("nodes"), contact=text("a new address"))

    erased = after.when(Erase("person_asked", person="ann"), at=WEDNESDAY, by=PIA)

    assert not isinstance(erased.answer, Exception)
    known = erased.then(*erased.answer).ticket.contents()
    assert len(known) == 4
    assert all(each.erased for each in known.values())
