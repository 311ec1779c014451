"""The criteria on which a priority rests (R-5.2, I-2.6, C-66): which fit, and what names them."""

from dataclasses import replace

import pytest
from stories import SOURCE, TARGET, merge

from docket_events.ticket import PriorityChanged, TicketCreated
from docket_lifecycle.actions import actions
from docket_lifecycle.commands import Prioritize
from docket_policies.clock.response_clock import response_clock
from docket_policies.eligibility.criteria import criteria_for
from docket_policies.terms.loader import policy_of
from people import CREATED, OLGA, REGISTERED, REGULATIONS, TUESDAY, UNDER_I, created, june
from sentences import given, on

FIRST, SECOND = "R-5.2-HI-VM1", "R-5.2-HI-VM2"


def named(*criteria: str, priority: str = "High") -> Prioritize:
    return Prioritize(priority, "by its content", criteria)  # type: ignore[arg-type]  # of the table


@pytest.mark.parametrize(
    ("ticket", "command", "clause"),
    [
        (CREATED, named("nonsense"), "R-5.2"),
        (CREATED, named("I-2.6-HI-VM1"), "R-5.2"),
        (CREATED, named("R-5.2-HI-DCI1"), "R-5.2"),
        (CREATED, named("R-5.2-EM-VM1", FIRST), "R-5.2"),
        (CREATED, named(FIRST, priority="Low"), "R-5.2"),
        (created(product="DNSmanager 6"), named(FIRST), "R-5.2"),
        (UNDER_I, named("R-5.2-EM-VM1", priority="Emergency"), "I-2.6-intro"),
        (UNDER_I, named("I-2.6-EM-DCI1", priority="Emergency"), "I-2.6-intro"),
    ],
)
def test_R_5_2_I_2_6_a_criterion_is_of_the_terms_the_priority_and_the_product(
    ticket: TicketCreated, command: Prioritize, clause: str
) -> None:
    given(ticket).when(command, at=TUESDAY, by=OLGA).then_refused("unknown_criterion", clause)


@pytest.mark.parametrize(
    ("product", "names"),
    [
        ("VMmanager 6", ("R-5.2-EM-G1", "R-5.2-EM-VM2")),
        ("VMmanager 6 Hosting", ("R-5.2-EM-VM1",)),
        ("DNSmanager 6", ("R-5.2-EM-G4",)),
    ],
)
def test_R_5_2_the_general_column_fits_every_product(product: str, names: tuple[str, ...]) -> None:
    given(created(product=product)).when(
        named(*names, priority="Emergency"), at=TUESDAY, by=OLGA
    ).then(PriorityChanged("Emergency", "Low", "by its content", names))


def test_C_66_other_criteria_for_the_same_priority_are_a_correction() -> None:
    corrected = (
        given(CREATED, PriorityChanged("High", "Low", "as said", (FIRST,)))
        .when(named(SECOND), at=TUESDAY, by=OLGA)
        .then(PriorityChanged("High", "High", "by its content", (SECOND,)))
    )

    assert (corrected.ticket.priority, corrected.ticket.criteria) == ("High", (SECOND,))


def test_C_66_the_same_ones_in_another_order_twice_or_none_are_no_event() -> None:
    both = given(CREATED, PriorityChanged("High", "Low", "as said", (FIRST, SECOND)))

    for again in (named(FIRST, SECOND), named(SECOND, FIRST), named(FIRST, FIRST, SECOND), named()):
        both.when(again, at=TUESDAY, by=OLGA).then_already_so()
    both.when(named(FIRST), at=TUESDAY, by=OLGA).then(
        PriorityChanged("High", "High", "by its content", (FIRST,))
    )


def test_C_66_a_new_priority_leaves_the_criteria_of_the_old_one_behind() -> None:
    high = given(CREATED, PriorityChanged("High", "Low", "as said", (FIRST,)))

    lower = high.when(Prioritize("Low", "it is up"), at=TUESDAY, by=OLGA).then(
        PriorityChanged("Low", "High", "it is up")
    )

    assert lower.ticket.criteria == ()


def test_C_66_what_a_combination_makes_more_urgent_has_lost_its_criteria() -> None:
    at = june(9, 12)
    target = TARGET.then(at, PriorityChanged("High", "High", None, (FIRST,)))
    urgent = SOURCE.then(at, PriorityChanged("Emergency", "High"))

    more = target.then(at, *merge(target, [urgent], at=at)[target.id])
    alike = target.then(at, *merge(target, [SOURCE], at=at)[target.id])

    assert (more.ticket.priority, more.ticket.criteria) == ("Emergency", ())
    assert (alike.ticket.priority, alike.ticket.criteria) == ("High", (FIRST,))


@pytest.mark.parametrize("reading", ["anchored", "stopwatch", "restart"])
def test_C_66_a_correction_moves_no_clock_under_any_reading(reading: str) -> None:
    terms = replace(
        REGULATIONS,
        readings=replace(REGULATIONS.readings, priority=reading),  # type: ignore[arg-type]  # of the table
    )
    high = given(CREATED, REGISTERED, PriorityChanged("High", "Low", None, (FIRST,))).history
    corrected = (*high, on(TUESDAY, PriorityChanged("High", "High", None, (SECOND,))))

    before, after = (response_clock(each, terms, june(9, 12)) for each in (high, corrected))

    assert (after.deadline, after.consumed_s) == (before.deadline, before.consumed_s)
    assert len(after.turns) == len(before.turns)


def test_R_5_2_actions_offer_what_fits_the_product_with_its_sentence() -> None:
    begun = given(created(product="BILLmanager 6"))

    found = {
        action.verb: action.criteria
        for action in actions(
            begun.ticket,
            history=begun.history,
            at=TUESDAY,
            actor=OLGA,
            policy=policy_of(begun.ticket),
        )
    }

    assert {row.product for row in found["prioritize"]} == {None, "BILLmanager 6"}
    assert all(row.says for row in found["prioritize"])
    assert found["respond"] == ()
    for row in found["prioritize"]:
        if row.priority != "Low":
            begun.when(named(row.name, priority=row.priority), at=TUESDAY, by=OLGA).then(
                PriorityChanged(row.priority, "Low", "by its content", (row.name,))
            )


def test_terms_without_criteria_offer_none() -> None:
    assert criteria_for("h-sphere", "H-2005", "H-Sphere") == ()
