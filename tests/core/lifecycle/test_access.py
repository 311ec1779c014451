"""Remote connections need consent; restricted access keeps the user out (I-3.5, R-6.2-b, R-7.4)."""

from docket_events.access import (
    AccessRestored,
    AccessRestricted,
    RemoteAccessConsentGiven,
    RemoteAccessConsentWithdrawn,
    RemoteConnectionOpened,
)
from docket_events.notice import ClosureNoticeSent
from docket_events.ticket import (
    ClosureDecided,
    InformationProvided,
    InformationRequested,
    ObjectionAccepted,
    ResponseSent,
    TicketRevoked,
    TicketSuspended,
    UserCommented,
    UserReplied,
)
from docket_lifecycle import commands
from people import ANN, CREATED, NOTICE, OLGA, TUESDAY, UNDER_I, WEDNESDAY, june, text
from sentences import given, on

CONSENT = RemoteAccessConsentGiven("electronic", "documented")
CONNECT = commands.OpenConnection()


def test_I_3_5_a_a_connection_needs_consent_each_time() -> None:
    given(UNDER_I).when(CONNECT, at=TUESDAY, by=OLGA).then_refused(
        "consent_missing", "I-3.5-a"
    ).when(commands.GrantAccess("electronic"), at=TUESDAY, by=ANN).then(CONSENT).when(
        CONNECT, at=TUESDAY, by=OLGA
    ).then(RemoteConnectionOpened("documented")).when(CONNECT, at=WEDNESDAY, by=OLGA).then(
        RemoteConnectionOpened("documented")
    ).when(commands.WithdrawAccess("found"), at=WEDNESDAY, by=ANN).then(
        RemoteAccessConsentWithdrawn("found")
    ).when(CONNECT, at=WEDNESDAY, by=OLGA).then_refused("consent_missing", "I-3.5-a")


def test_R_6_2_b_under_R_too() -> None:
    given(CREATED).when(CONNECT, at=TUESDAY, by=OLGA).then_refused("consent_missing", "R-6.2-b")
    given(CREATED, CONSENT).when(CONNECT, at=TUESDAY, by=OLGA).then(
        RemoteConnectionOpened("documented")
    )


def test_I_3_5_b_an_alternative_method_is_agreed_on_before() -> None:
    otherwise = commands.OpenConnection("alternative")

    given(UNDER_I, CONSENT).when(otherwise, at=TUESDAY, by=OLGA).then_refused(
        "no_alternative_method_agreed", "I-3.5-b"
    ).when(commands.GrantAccess("written", "alternative"), at=TUESDAY, by=ANN).then(
        RemoteAccessConsentGiven("written", "alternative")
    ).when(otherwise, at=TUESDAY, by=OLGA).then(RemoteConnectionOpened("alternative"))


def test_I_3_5_a_the_consent_in_force_is_already_so() -> None:
    given(UNDER_I, CONSENT).when(
        commands.GrantAccess("electronic"), at=TUESDAY, by=ANN
    ).then_already_so()


def test_I_3_5_a_without_consent_there_is_nothing_to_withdraw() -> None:
    given(UNDER_I).when(commands.WithdrawAccess(), at=TUESDAY, by=ANN).then_refused(
        "consent_missing", "I-3.5-a"
    )


def test_I_3_5_a_only_the_user_consents_and_only_the_provider_connects() -> None:
    given(UNDER_I).when(commands.GrantAccess("written"), at=TUESDAY, by=OLGA).then_refused(
        "actor_not_entitled", "I-3.5-a"
    )
    given(UNDER_I, CONSENT).when(CONNECT, at=TUESDAY, by=ANN).then_refused(
        "actor_not_entitled", "I-3.5-b"
    )


def test_R_6_6_a_nobody_connects_while_the_ticket_is_suspended() -> None:
    given(CREATED, CONSENT, on(TUESDAY, TicketSuspended("ann"))).when(
        CONNECT, at=WEDNESDAY, by=OLGA
    ).then_refused("ticket_suspended", "R-6.6-a")


def restricted_until(*until: int) -> AccessRestricted:
    return AccessRestricted("acme", june(*until) if until else None)


def test_R_7_4_a_restricted_user_neither_replies_nor_comments_until_the_instant_has_come() -> None:
    story = given(CREATED, ResponseSent(), restricted_until(10, 9))

    for command in (commands.Reply(text("and now?")), commands.Comment(text("and now?"))):
        story.when(command, at=june(10, 8, 59, 59), by=ANN).then_refused(
            "access_restricted", "R-7.4"
        )
    story.when(commands.Reply(text("and now?")), at=june(10, 9), by=ANN).then(
        UserReplied(text("and now?"))
    )


def test_C_52_a_restriction_for_good_keeps_the_user_from_objecting() -> None:
    closed = (
        CREATED,
        on(TUESDAY, ClosureDecided("resolved", "R-6.10-a")),
        on(TUESDAY, ClosureNoticeSent(TUESDAY, NOTICE, june(15))),
        on(TUESDAY, restricted_until()),
    )
    objection = commands.Object(text("what"), text("consequences"))

    given(*closed).when(objection, at=june(14), by=ANN).then_refused("access_restricted", "R-7.4")
    given(*closed, on(WEDNESDAY, AccessRestored("acme"))).when(objection, at=june(14), by=ANN).then(
        ObjectionAccepted(text("what"), text("consequences"))
    )


def test_C_52_a_restricted_user_may_give_what_was_asked_for_and_take_the_ticket_back() -> None:
    story = given(CREATED, InformationRequested("q1"), restricted_until())

    story.when(commands.ProvideInformation("q1"), at=TUESDAY, by=ANN).then(
        InformationProvided("q1")
    )
    story.when(commands.Revoke(), at=TUESDAY, by=ANN).then(TicketRevoked("ann"))


def test_I_7_11_is_the_clause_under_I() -> None:
    given(UNDER_I, restricted_until()).when(
        commands.Comment(text("and now?")), at=TUESDAY, by=ANN
    ).then_refused("access_restricted", "I-7.11")
    given(UNDER_I).when(commands.Comment(text("and now?")), at=TUESDAY, by=ANN).then(
        UserCommented(text("and now?"))
    )
