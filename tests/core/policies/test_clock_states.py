"""The states of the response clock: what follows from each, wherever it is asked."""

from typing import get_args

import pytest

from docket_policies.terms.clock_states import (
    CLOCK_STATES,
    COLOURS,
    DUE_BY_TIME,
    HELD_BY,
    OVER,
    PAUSES,
    PROVIDER_OWES,
    SILENCE_COUNTS,
    WAITS,
    WITHOUT_TERM,
    ClockState,
)

TABLE = """
not_started         | term silence               | nobody yet                             |
running             | term owes due              | the provider                           | #2f855a
waiting_user        | wait term silence pauses   | the user                               | #d69e2e
suspended           | term pauses                | the user, who suspended it             | #805ad5
waiting_third_party | wait term owes pauses      | a third party                          | #dd6b20
cause_unknown       | wait term owes pauses      | nobody: the cause is unknown           | #b7791f
scheduled_operation | wait term owes pauses due  | both, until the agreed hour            | #3182ce
satisfied           | term over silence          | the user, who was answered             | #cbd5e0
individual_deadline | term owes due              | the provider, until the agreed deadline| #319795
void                |                            | nobody: the term is void               |
no_target           | pauses                     | a team or a desk without a term        |
closed              | term over                  | nobody: it is closed                   |
revoked             | over                       | nobody: it was revoked                 |
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("state", "follows", "held_by", "colour"), ROWS, ids=[r[0] for r in ROWS])
def test_what_follows_from_a_state(
    state: ClockState, follows: str, held_by: str, colour: str
) -> None:
    assert {
        "wait": state in WAITS,
        "term": state not in WITHOUT_TERM,
        "over": state in OVER,
        "owes": state in PROVIDER_OWES,
        "silence": state in SILENCE_COUNTS,
        "pauses": state in PAUSES,
        "due": state in DUE_BY_TIME,
    } == {
        name: name in follows.split()
        for name in ("wait", "term", "over", "owes", "silence", "pauses", "due")
    }
    assert HELD_BY[state] == held_by
    assert COLOURS.get(state, "") == colour


def test_the_table_has_every_state_in_their_order() -> None:
    """The rows above are the first ones; what follows from a later state its own test shows."""
    first = [row[0] for row in ROWS]

    assert [*CLOCK_STATES] == [*get_args(ClockState)]
    assert first == [state for state in CLOCK_STATES if state in first]
