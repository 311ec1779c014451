"""Others than the desk at work: escalation, consultation, forwarding (R-6.7-d, I-3.1-c, I-3.4)."""

from docket_events.teams import (
    DeveloperConsultationEnded,
    DeveloperConsultationStarted,
    ForwardedToRelevantTeam,
    ReturnedFromRelevantTeam,
    TeamUpdateReceived,
)
from docket_events.ticket import (
    InformationProvided,
    InformationRequested,
    ProductTeamEscalated,
    ProductTeamReturned,
    ResponseSent,
)
from docket_lifecycle import commands
from people import ANN, CREATED, OLGA, PETRA, TUESDAY, UNDER_I, WEDNESDAY, text
from sentences import given, on

FORWARDED = (UNDER_I, on(TUESDAY, ForwardedToRelevantTeam("error")))
CONSULTING = (UNDER_I, on(TUESDAY, DeveloperConsultationStarted()))
CONFIRMED = commands.Forward("error", confirmed=True)


def test_R_6_7_d_under_R_an_escalation_is_to_the_product_team() -> None:
    up, down = commands.Escalate("the code must change"), commands.Return("corrected")

    given(CREATED).when(up, at=TUESDAY, by=OLGA).then(
        ProductTeamEscalated("the code must change")
    ).when(up, at=TUESDAY, by=OLGA).then_already_so().when(down, at=WEDNESDAY, by=PETRA).then(
        ProductTeamReturned("corrected")
    ).when(down, at=WEDNESDAY, by=OLGA).then_refused("not_escalated", "R-6.7-d")


def test_C_34_under_I_an_escalation_is_a_forwarding_and_asks_the_same() -> None:
    given(UNDER_I).when(commands.Escalate("a wish", "proposal"), at=TUESDAY, by=OLGA).then_refused(
        "not_confirmed", "I-3.4"
    ).when(commands.Escalate("a wish", "proposal", confirmed=True), at=TUESDAY, by=OLGA).then(
        ForwardedToRelevantTeam("proposal", "a wish")
    )


def test_I_3_4_forwarding_needs_the_information_and_then_a_confirmation() -> None:
    asked = on(TUESDAY, InformationRequested("q1"))
    given(UNDER_I, asked).when(CONFIRMED, at=TUESDAY, by=OLGA).then_refused(
        "information_not_collected", "I-3.4"
    )
    answered = given(UNDER_I, asked, on(TUESDAY, InformationProvided("q1")))

    answered.when(commands.Forward("error"), at=TUESDAY, by=OLGA).then_refused(
        "not_confirmed", "I-3.4"
    ).when(CONFIRMED, at=TUESDAY, by=OLGA).then(ForwardedToRelevantTeam("error"))


def test_I_3_4_what_is_forwarded_is_already_so() -> None:
    given(*FORWARDED).when(CONFIRMED, at=WEDNESDAY, by=OLGA).then_already_so()


def test_C_34_back_from_the_team_the_ticket_is_with_the_provider() -> None:
    story = given(UNDER_I, ResponseSent(), on(TUESDAY, ForwardedToRelevantTeam("error")))
    assert story.ticket.waiting_for == "user"

    back = story.when(commands.Return("corrected"), at=WEDNESDAY, by=PETRA).then(
        ReturnedFromRelevantTeam(reason="corrected")
    )

    assert back.ticket.waiting_for == "provider"
    back.when(commands.Return(), at=WEDNESDAY, by=OLGA).then_refused("not_escalated", "I-3.4")


def test_I_3_4_the_team_has_news_only_while_it_has_the_ticket() -> None:
    news = commands.TeamUpdate(text("it is planned"), "error")

    given(UNDER_I).when(news, at=TUESDAY, by=OLGA).then_refused("not_forwarded", "I-3.4")
    given(*FORWARDED).when(news, at=WEDNESDAY, by=PETRA).then(
        TeamUpdateReceived("error", text("it is planned"))
    )


def test_I_3_1_c_a_consultation_begins_and_ends_once() -> None:
    begin, end = commands.ConsultDevelopers("a log"), commands.EndConsultation("read")

    given(UNDER_I).when(end, at=TUESDAY, by=OLGA).then_refused("not_consulting", "I-3.1-c").when(
        begin, at=TUESDAY, by=OLGA
    ).then(DeveloperConsultationStarted("a log")).when(
        begin, at=TUESDAY, by=OLGA
    ).then_already_so().when(end, at=WEDNESDAY, by=PETRA).then(DeveloperConsultationEnded("read"))


def test_I_3_4_forwarding_ends_the_consultation_before_it() -> None:
    given(*CONSULTING).when(CONFIRMED, at=WEDNESDAY, by=OLGA).then(
        DeveloperConsultationEnded(), ForwardedToRelevantTeam("error")
    )


def test_I_3_1_c_a_consultation_is_no_escalation_to_come_back_from() -> None:
    given(*CONSULTING).when(commands.Return(), at=WEDNESDAY, by=OLGA).then_refused(
        "not_escalated", "I-3.4"
    )


def test_C_34_other_procedures_rest_while_the_ticket_is_forwarded() -> None:
    forwarded = given(*FORWARDED)
    for command in (
        commands.ConsultDevelopers(),
        commands.ExtendPeriod(3600),
        commands.Reject("out_of_scope"),
    ):
        forwarded.when(command, at=WEDNESDAY, by=OLGA).then_refused("ticket_forwarded", "I-3.4")


def test_C_35_pack_R_forwards_nothing_and_consults_nobody() -> None:
    for command in (
        CONFIRMED,
        commands.ConsultDevelopers(),
        commands.EndConsultation(),
        commands.TeamUpdate(text("news")),
    ):
        given(CREATED).when(command, at=TUESDAY, by=OLGA).then_refused("not_in_pack", "R-2.3")


def test_R_6_7_d_a_user_escalates_nothing() -> None:
    given(CREATED).when(commands.Escalate("now"), at=TUESDAY, by=ANN).then_refused(
        "actor_not_entitled", "R-6.7-d"
    )
