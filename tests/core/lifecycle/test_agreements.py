"""What the user does alone and what the sides agree on (R-3.4, R-6.6-c, R-6.6-d, I-3.5-c)."""

from dataclasses import replace
from datetime import timedelta

from docket_events.access import RemoteAccessConsentGiven
from docket_events.desk import (
    IndependentMeasuresAgreed,
    IndependentMeasuresProposed,
    PeriodExtended,
)
from docket_events.ticket import (
    IndividualDeadlineSet,
    InformationProvided,
    InformationRequested,
    TicketSuspended,
    UncoordinatedChangeRecorded,
)
from docket_lifecycle import commands
from people import ANN, CREATED, MONDAY, OLGA, TUESDAY, UNDER_I, WEDNESDAY, june, text
from sentences import given, on

PROPOSED = on(TUESDAY, IndependentMeasuresProposed(content=text("a move")))


def test_R_6_6_d_a_change_nobody_agreed_to_is_recorded_for_good() -> None:
    changed = commands.RecordChange("a module replaced by hand")

    given(CREATED).when(changed, at=TUESDAY, by=OLGA).then(
        UncoordinatedChangeRecorded("a module replaced by hand")
    ).when(changed, at=TUESDAY, by=OLGA).then_already_so()


def test_R_6_6_d_the_change_may_happen_while_the_ticket_is_suspended() -> None:
    given(CREATED, on(TUESDAY, TicketSuspended("ann"))).when(
        commands.RecordChange("a module"), at=WEDNESDAY, by=OLGA
    ).then(UncoordinatedChangeRecorded("a module"))


def test_R_6_6_c_measures_are_proposed_by_the_user_and_agreed_by_the_provider() -> None:
    agreed = commands.AgreeMeasures(text("after a backup"))

    given(CREATED).when(agreed, at=TUESDAY, by=OLGA).then_refused(
        "no_measures_proposed", "R-6.6-c"
    ).when(commands.ProposeMeasures(text("a move")), at=TUESDAY, by=ANN).then(
        IndependentMeasuresProposed(content=text("a move"))
    ).when(agreed, at=TUESDAY, by=OLGA).then(
        IndependentMeasuresAgreed(content=text("after a backup"))
    ).when(agreed, at=TUESDAY, by=OLGA).then_already_so()


def test_R_6_6_c_a_new_proposal_needs_a_new_agreement() -> None:
    agreed = on(TUESDAY, IndependentMeasuresAgreed())

    given(CREATED, PROPOSED, agreed, on(WEDNESDAY, IndependentMeasuresProposed())).when(
        commands.AgreeMeasures(), at=WEDNESDAY, by=OLGA
    ).then(IndependentMeasuresAgreed())


def test_R_6_6_c_neither_side_speaks_for_the_other() -> None:
    given(CREATED).when(commands.ProposeMeasures(text("a move")), at=TUESDAY, by=OLGA).then_refused(
        "actor_not_entitled", "R-6.6-c"
    )
    given(CREATED, PROPOSED).when(commands.AgreeMeasures(), at=TUESDAY, by=ANN).then_refused(
        "actor_not_entitled", "R-6.6-c"
    )


def test_R_3_4_a_deadline_agreed_apart_lies_ahead_and_may_be_moved() -> None:
    gone = TUESDAY - timedelta(seconds=1)
    given(CREATED).when(commands.SetDeadline(gone), at=TUESDAY, by=OLGA).then_refused(
        "deadline_passed", "R-3.4"
    ).when(commands.SetDeadline(june(30, 12), "beyond scope"), at=TUESDAY, by=OLGA).then(
        IndividualDeadlineSet(june(30, 12), "beyond scope")
    ).when(commands.SetDeadline(june(30, 12)), at=TUESDAY, by=OLGA).then_already_so().when(
        commands.SetDeadline(june(29, 12)), at=TUESDAY, by=OLGA
    ).then(IndividualDeadlineSet(june(29, 12)))


def test_I_3_5_c_the_period_is_extended_only_for_an_alternative_method() -> None:
    longer = commands.ExtendPeriod(14400, "the user's own terminal")

    given(UNDER_I).when(longer, at=TUESDAY, by=OLGA).then_refused(
        "no_alternative_method_agreed", "I-3.5-c"
    )
    given(UNDER_I, RemoteAccessConsentGiven("written", "documented")).when(
        longer, at=TUESDAY, by=OLGA
    ).then_refused("no_alternative_method_agreed", "I-3.5-c")
    story = given(UNDER_I, RemoteAccessConsentGiven("written", "alternative"))
    story = story.when(longer, at=TUESDAY, by=OLGA).then(
        PeriodExtended(14400, "the user's own terminal", "I-3.5-c")
    )
    story = story.when(longer, at=TUESDAY, by=OLGA).then(
        PeriodExtended(14400, "the user's own terminal", "I-3.5-c")
    )
    assert story.ticket.work.extended_s == 28800


def test_I_3_7_a_the_period_is_extended_while_access_that_was_asked_for_is_missing() -> None:
    longer = commands.ExtendPeriod(3600, "no access")
    asked = InformationRequested("q1", "access")

    given(UNDER_I, asked).when(longer, at=TUESDAY, by=OLGA).then(
        PeriodExtended(3600, "no access", "I-3.7-a")
    )
    for history in (
        (UNDER_I, InformationRequested("q1", "information")),
        (UNDER_I, asked, InformationProvided("q1")),
        (UNDER_I, asked, InformationProvided("q1", upload_pending=True)),
        (replace(UNDER_I, environment_kind="closed"), asked),
    ):
        given(*history).when(longer, at=TUESDAY, by=OLGA).then_refused(
            "no_alternative_method_agreed", "I-3.5-c"
        )


def test_I_3_5_c_an_agreed_method_outranks_what_is_missing() -> None:
    given(
        UNDER_I,
        InformationRequested("q1", "access"),
        RemoteAccessConsentGiven("written", "alternative"),
    ).when(commands.ExtendPeriod(60), at=TUESDAY, by=OLGA).then(PeriodExtended(60, None, "I-3.5-c"))


def test_C_35_what_only_the_other_pack_knows_is_refused() -> None:
    given(CREATED).when(commands.ExtendPeriod(60), at=TUESDAY, by=OLGA).then_refused(
        "not_in_pack", "R-2.3"
    )
    for command in (
        commands.RecordChange("a module"),
        commands.AgreeMeasures(),
        commands.SetDeadline(june(30, 12)),
    ):
        given(UNDER_I).when(command, at=MONDAY, by=OLGA).then_refused("not_in_pack", "I-1.3")
