"""Who may open a ticket, by which clause, and with which priority (C-10, C-24, C-29, C-36)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from docket_events.desk import TicketTagged
from docket_events.recorded import Actor, Event
from docket_events.ticket import TicketCreated
from docket_lifecycle.commands import Create, Standing
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.opening.creation import admitted
from docket_policies.terms.policy import Policy
from people import ANN, INFRASTRUCTURE, MONDAY, OLGA, REGULATIONS, june, text
from sentences import opens

PLAIN = Create("D-1042", "acme", "ann", "client_area", "VMmanager 6")
WITH_PRIORITY = replace(PLAIN, priority="High")


def opened(
    command: Create, terms: Policy, *, at: datetime = MONDAY, by: Actor = ANN
) -> tuple[str, str]:
    """Say what opening a ticket comes to: the code and the clause."""
    try:
        events: tuple[Event, ...] = opens(command, at=at, by=by, terms=terms)
        assert isinstance(events[0], TicketCreated)
        return "ok", admitted(command, DecisionContext.of(terms, command, at=at, actor=by))
    except Refused as refused:
        return refused.code, refused.clause


def by_one_who(**known: object) -> Standing:
    return Standing(**known)  # type: ignore[arg-type]  # the fields are those of the tests


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (by_one_who(), ("ok", "R-4.2")),
        (by_one_who(who="sublicensee"), ("not_the_user", "R-3.3")),
        (by_one_who(who="partner"), ("not_the_user", "R-3.3")),
        (by_one_who(license_active=True), ("ok", "R-3.2.3")),
        (by_one_who(license_active=False), ("license_inactive", "R-3.2.3")),
        (by_one_who(restricted_until=june(8, 9, 0, 1)), ("access_restricted", "R-7.4")),
        (by_one_who(restricted_until=june(8, 9)), ("ok", "R-7.4")),
        (
            by_one_who(restricted_until=datetime.max.replace(tzinfo=UTC)),
            ("access_restricted", "R-7.4"),
        ),
    ],
    ids=str,
)
def test_R_3_3_who_may_open_a_ticket_under_R(standing: Standing, expected: tuple[str, str]) -> None:
    assert opened(replace(PLAIN, standing=standing), REGULATIONS) == expected


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (by_one_who(), ("ok", "I-2.3")),
        (by_one_who(services_until=date(2026, 6, 8)), ("ok", "I-1.2")),
        (by_one_who(services_until=date(2026, 6, 7)), ("services_expired", "I-3.8-a")),
        (
            by_one_who(updates_until=date(2026, 6, 8)),
            ("support_not_available_for_past_period", "I-9.7-c"),
        ),
        (by_one_who(who="partner"), ("partner_not_entitled", "I-1.4")),
        (by_one_who(who="partner", grounds=("partnership_agreement",)), ("ok", "I-1.4-a")),
        (by_one_who(who="partner", grounds=("authorized_by_user",)), ("ok", "I-1.4-b")),
        (by_one_who(who="partner", grounds=("implementer_in_license",)), ("ok", "I-1.4-c")),
        (by_one_who(restricted_until=june(9)), ("access_restricted", "I-7.11")),
    ],
    ids=str,
)
def test_I_1_4_who_may_open_a_ticket_under_I(standing: Standing, expected: tuple[str, str]) -> None:
    assert opened(replace(WITH_PRIORITY, standing=standing), INFRASTRUCTURE) == expected


def test_R_4_2_c_a_mail_comes_from_the_contact_address() -> None:
    mail = replace(PLAIN, channel="email")

    assert opened(mail, REGULATIONS) == ("email_not_contact_address", "R-4.2-c")
    known = replace(mail, standing=Standing(sender_is_contact=True))
    assert opened(known, REGULATIONS) == ("ok", "R-4.2-c")


def test_R_4_2_c_an_agent_may_take_an_unknown_mail_all_the_same() -> None:
    assert opened(replace(PLAIN, channel="email"), REGULATIONS, by=OLGA)[0] == "ok"


def test_C_29_pack_I_asks_no_mail_for_its_sender() -> None:
    assert opened(replace(WITH_PRIORITY, channel="email"), INFRASTRUCTURE)[0] == "ok"


def test_I_2_6_the_user_sets_the_priority_under_I() -> None:
    assert opened(PLAIN, INFRASTRUCTURE) == ("priority_required", "I-2.6-intro")
    (event,) = opens(WITH_PRIORITY, at=MONDAY, by=ANN, terms=INFRASTRUCTURE)
    assert isinstance(event, TicketCreated)
    assert event.priority == "High"


def test_C_10_a_priority_that_the_user_sets_is_ignored_under_R() -> None:
    (event,) = opens(WITH_PRIORITY, at=MONDAY, by=ANN, terms=REGULATIONS)
    assert isinstance(event, TicketCreated)
    assert event.priority == "Low"


def test_R_6_5_a_wish_needs_reasons_and_then_still_waits_for_the_provider() -> None:
    wish = replace(PLAIN, requested_priority="Emergency")

    assert opened(wish, REGULATIONS) == ("justification_required", "R-6.5")
    reasoned = replace(wish, justification=text("all nodes are down"))
    assert opened(reasoned, REGULATIONS) == ("ok", "R-6.5")


def test_C_24_several_issues_in_one_ticket_are_taken_and_marked() -> None:
    several = replace(PLAIN, several_issues=True)

    events = opens(several, at=MONDAY, by=ANN, terms=REGULATIONS)

    assert events[1:] == (TicketTagged(("multiple_issues",)),)
    assert opened(several, REGULATIONS) == ("ok", "R-6.1-b")
