"""What a registration notice says: when an answer is owed, by whose clause, and what is served."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from docket_events.ticket import Classification, Support, TicketCreated
from docket_policies.terms.policy import Policy
from notifier.letter_words import words_of
from notifier.owed_notice import OwedNotice
from people import CREATED, H_SPHERE, INFRASTRUCTURE, MONDAY, REGULATIONS, UNDER_H, UNDER_I, text
from sentences import given

OUTSIDE = Support(False, "R-A1-2.1.2-i", "Training.")
DOWN = Classification("emergency", "H-policy-4")


def words(created: TicketCreated, policy: Policy) -> dict[str, Any]:
    ticket = given(replace(created, subject=text("a subject"))).ticket
    cause: Any = SimpleNamespace(event=created, event_id=None, occurred_at=MONDAY)
    return words_of(OwedNotice("registration", cause), ticket, policy, {}, MONDAY)


@pytest.mark.parametrize(
    ("created", "policy", "starts", "suspends"),
    [
        (CREATED, REGULATIONS, "R-1.14", "R-6.6-a"),
        (UNDER_I, INFRASTRUCTURE, "I-2.6-*", None),
        (UNDER_H, H_SPHERE, None, None),
    ],
    ids=["R", "I", "H"],
)
def test_a_notice_cites_the_clauses_of_the_tickets_own_terms(
    created: TicketCreated, policy: Policy, starts: str | None, suspends: str | None
) -> None:
    said = words(created, policy)

    assert (said["starts"], said["suspends"]) == (starts, suspends)
    assert said["untimed"] == policy.no_target
    assert said["priority_clause"] == policy.initial_priority_clause


def test_C_69_a_notice_says_that_it_is_not_served_and_the_place_in_the_queue() -> None:
    outside = words(replace(CREATED, support=OUTSIDE), REGULATIONS)
    down = words(replace(UNDER_H, priority="Emergency", classification=DOWN), H_SPHERE)

    served = ("supported", "support_clause", "support_why", "place")
    assert [outside[name] for name in served] == [False, OUTSIDE.clause, OUTSIDE.why, None]
    assert [down[name] for name in served] == [None, None, None, 6]
