"""The addressing time of R-6.1-c, on a ticket of Monday 2026-06-08 09:00."""

from datetime import timedelta

import pytest

from docket_events.recorded import Fact
from docket_policies.clock.addressing_time import addressing_time
from histories import FIRST, at, happened, high
from people import REGULATIONS as R


@pytest.mark.parametrize(
    ("later", "when", "wall_h", "working_h"),
    [
        ((), "2026-06-09T10:00:00Z", 25, 10),
        (
            (happened("2026-06-09T09:00:00Z", "ResponseSent"),),
            "2026-06-09T10:00:00Z",
            25,
            10,
        ),
        (
            (
                happened("2026-06-08T12:00:00Z", "InformationRequested", request="q1"),
                happened("2026-06-09T09:00:00Z", "InformationProvided", request="q1"),
            ),
            "2026-06-09T10:00:00Z",
            4,
            4,
        ),
        (
            (
                happened("2026-06-08T12:00:00Z", "InformationRequested", request="q1"),
                happened("2026-06-08T13:00:00Z", "InformationProvided", request="q1"),
                happened("2026-06-08T14:00:00Z", "InformationRejected", request="q1"),
                happened("2026-06-08T15:00:00Z", "InformationProvided", request="q1"),
            ),
            "2026-06-08T16:00:00Z",
            4,
            4,
        ),
        (
            (
                happened("2026-06-08T12:00:00Z", "ThirdPartyWaitStarted", id="v1"),
                happened("2026-06-08T13:00:00Z", "CauseUnknownDeclared"),
                happened("2026-06-08T14:00:00Z", "ThirdPartyResponseReceived", id="v1"),
                happened("2026-06-08T15:00:00Z", "CauseEstablished"),
            ),
            "2026-06-08T17:00:00Z",
            5,
            5,
        ),
        (
            (
                happened(
                    "2026-06-08T12:00:00Z", "OperationScheduled", agreed_for="2026-06-08T14:00:00Z"
                ),
            ),
            "2026-06-08T17:00:00Z",
            6,
            6,
        ),
        ((happened("2026-06-08T17:00:00Z", "TicketSuspended"),), "2026-06-09T09:00:00Z", 24, 9),
        (
            (
                happened("2026-06-08T12:00:00Z", "ClosureNoticeSent"),
                happened("2026-06-10T12:00:00Z", "ObjectionAccepted"),
            ),
            "2026-06-10T14:00:00Z",
            5,
            5,
        ),
        ((happened("2026-06-08T12:00:00Z", "TicketRevoked"),), "2026-06-10T14:00:00Z", 3, 3),
    ],
    ids=[
        "runs_from_the_first_message",
        "a_response_does_not_end_it",
        "waits_for_information_are_left_out",
        "an_insufficient_answer_never_interrupted_the_wait",
        "overlapping_waits_are_left_out_once",
        "an_agreed_hour_ends_its_wait",
        "suspension_is_no_wait_of_R_6_8",
        "it_stands_while_the_ticket_is_closed",
        "it_ends_with_the_ticket",
    ],
)
def test_R_6_1_c_the_addressing_time(
    later: tuple[Fact, ...], when: str, wall_h: float, working_h: float
) -> None:
    told = addressing_time(high(*later), R, at(when))
    assert (told.wall_s, told.working_s) == (wall_h * 3600, working_h * 3600)


def test_R_6_1_c_it_starts_with_the_message_and_not_with_the_notice() -> None:
    history = (FIRST, happened("2026-06-08T09:40:00Z", "RegistrationNoticeSent"))
    told = addressing_time(history, R, at("2026-06-08T10:00:00Z"))
    assert told.wall_s == timedelta(hours=1).total_seconds()
