"""What the provider waits for beside the user (R-6.8-b, -c, -d; C-16, C-17)."""

from docket_events.combining import TicketsMerged
from docket_events.ticket import TicketSuspended
from docket_events.waits import (
    CauseEstablished,
    CauseUnknownDeclared,
    OperationCancelled,
    OperationScheduled,
    ThirdPartyResponseReceived,
    ThirdPartyWaitStarted,
)
from docket_lifecycle import commands
from people import (
    ANN,
    CREATED,
    OLGA,
    PETRA,
    REGISTERED,
    TUESDAY,
    UNDER_I,
    WEDNESDAY,
    june,
)
from sentences import given, on

OPEN = given(CREATED, REGISTERED)
WAITING = (CREATED, REGISTERED, on(TUESDAY, ThirdPartyWaitStarted("w3", "a bank")))
UNKNOWN = (CREATED, on(TUESDAY, CauseUnknownDeclared("solution_did_not_work")))
AGREED = (CREATED, on(TUESDAY, OperationScheduled(june(10, 2))))
SUSPENDED = on(june(9, 10), TicketSuspended("ann"))


def test_R_6_8_b_every_wait_for_a_third_party_has_a_name_of_its_own() -> None:
    OPEN.when(commands.AwaitThirdParty("a bank"), at=TUESDAY, by=OLGA).then(
        ThirdPartyWaitStarted("w3", "a bank")
    ).when(commands.AwaitThirdParty("a bank"), at=TUESDAY, by=OLGA).then(
        ThirdPartyWaitStarted("w4", "a bank")
    )


def test_C_08_a_wait_taken_over_from_another_ticket_keeps_its_name_for_itself() -> None:
    merged = TicketsMerged((june(8, 9),), "Low", third_parties=("w4",))

    given(CREATED, REGISTERED, merged).when(
        commands.AwaitThirdParty("a bank"), at=TUESDAY, by=OLGA
    ).then(ThirdPartyWaitStarted("w5", "a bank"))


def test_R_6_8_b_the_answer_ends_the_wait_and_ends_it_once() -> None:
    answered = commands.ThirdPartyResponded("w3")

    given(*WAITING).when(answered, at=WEDNESDAY, by=OLGA).then(
        ThirdPartyResponseReceived("w3")
    ).when(answered, at=WEDNESDAY, by=OLGA).then_refused("unknown_wait", "R-6.8-b")


def test_R_6_8_b_what_nobody_waits_for_cannot_arrive() -> None:
    OPEN.when(commands.ThirdPartyResponded("w9"), at=TUESDAY, by=OLGA).then_refused(
        "unknown_wait", "R-6.8-b"
    )


def test_R_6_8_c_an_unknown_cause_is_declared_once_and_found_once() -> None:
    declared = commands.DeclareCauseUnknown("solution_did_not_work")
    found = commands.CauseEstablished("a faulty switch")

    OPEN.when(declared, at=TUESDAY, by=OLGA).then(
        CauseUnknownDeclared("solution_did_not_work")
    ).when(declared, at=TUESDAY, by=OLGA).then_already_so().when(
        found, at=WEDNESDAY, by=PETRA
    ).then(CauseEstablished("a faulty switch")).when(found, at=WEDNESDAY, by=OLGA).then_refused(
        "cause_not_unknown", "R-6.8-c"
    )


def test_C_17_an_agreed_hour_lies_ahead_and_a_later_agreement_replaces_it() -> None:
    OPEN.when(commands.ScheduleOperation(TUESDAY), at=TUESDAY, by=OLGA).then_refused(
        "agreed_hour_passed", "R-6.8-d"
    ).when(commands.ScheduleOperation(june(10, 2)), at=TUESDAY, by=OLGA).then(
        OperationScheduled(june(10, 2))
    ).when(commands.ScheduleOperation(june(10, 2)), at=TUESDAY, by=OLGA).then_already_so().when(
        commands.ScheduleOperation(june(11, 2)), at=TUESDAY, by=OLGA
    ).then(OperationScheduled(june(11, 2)))


def test_C_17_an_agreed_hour_is_cancelled_before_it_comes() -> None:
    cancelled = commands.CancelOperation("no time that night")

    given(*AGREED).when(cancelled, at=june(10, 1, 59, 59), by=OLGA).then(
        OperationCancelled("no time that night")
    ).when(cancelled, at=june(10, 1, 59, 59), by=OLGA).then_refused(
        "no_operation_scheduled", "R-6.8-d"
    )
    given(*AGREED).when(cancelled, at=june(10, 2), by=OLGA).then_refused(
        "no_operation_scheduled", "R-6.8-d"
    )


def test_R_6_6_a_nothing_new_is_waited_for_while_the_ticket_is_suspended() -> None:
    for command in (
        commands.AwaitThirdParty("a bank"),
        commands.DeclareCauseUnknown(),
        commands.ScheduleOperation(june(11, 2)),
    ):
        given(CREATED, SUSPENDED).when(command, at=WEDNESDAY, by=OLGA).then_refused(
            "ticket_suspended", "R-6.6-a"
        )


def test_C_07_a_wait_may_end_while_the_ticket_is_suspended() -> None:
    given(*WAITING, SUSPENDED).when(commands.ThirdPartyResponded("w3"), at=WEDNESDAY, by=OLGA).then(
        ThirdPartyResponseReceived("w3")
    )
    given(*UNKNOWN, SUSPENDED).when(commands.CauseEstablished(), at=WEDNESDAY, by=OLGA).then(
        CauseEstablished()
    )
    given(*AGREED, SUSPENDED).when(commands.CancelOperation(), at=june(9, 11), by=OLGA).then(
        OperationCancelled()
    )


def test_R_6_8_the_waits_belong_to_the_provider() -> None:
    for command, clause in (
        (commands.AwaitThirdParty("a bank"), "R-6.8-b"),
        (commands.ThirdPartyResponded("w3"), "R-6.8-b"),
        (commands.DeclareCauseUnknown(), "R-6.8-c"),
        (commands.CauseEstablished(), "R-6.8-c"),
        (commands.ScheduleOperation(june(11, 2)), "R-6.8-d"),
        (commands.CancelOperation(), "R-6.8-d"),
    ):
        OPEN.when(command, at=TUESDAY, by=ANN).then_refused("actor_not_entitled", clause)


def test_C_35_pack_I_records_third_parties_and_knows_no_other_wait() -> None:
    given(UNDER_I).when(commands.AwaitThirdParty("a bank"), at=TUESDAY, by=OLGA).then(
        ThirdPartyWaitStarted("w2", "a bank")
    )
    for command in (commands.DeclareCauseUnknown(), commands.ScheduleOperation(june(11, 2))):
        given(UNDER_I).when(command, at=TUESDAY, by=OLGA).then_refused("not_in_pack", "I-1.3")
