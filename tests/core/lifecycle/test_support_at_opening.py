"""Terms that say what is served act when a ticket is opened (C-69, C-67)."""

from typing import Any

import pytest

from docket_events.opening import Support
from docket_events.ticket import Channel, TicketCreated
from docket_lifecycle.commands import Create, Standing
from docket_lifecycle.refused import Refused
from docket_policies.terms.policy import Policy
from people import ANN, INFRASTRUCTURE, OLGA, REGULATIONS, june
from sentences import given, opens

AT = june(10, 10)
UPDATES = {"2026.01": "2026-01-20", "2026.03": "2026-03-05", "2026.05": "2026-05-14"}
MINORS = {"6.89": "2026-03-01", "6.91": "2026-04-20", "6.93": "2026-05-20"}


def opened(terms: Policy, channel: Channel = "client_area", **said: Any) -> TicketCreated:
    priority = "High" if terms is INFRASTRUCTURE else None
    asked = Create("D-1", "acme", "ann", channel, **{"product": "VMmanager 6", **said})
    asked = Create(**{**{f: getattr(asked, f) for f in asked.__slots__}, "priority": priority})
    first, *_ = opens(asked, at=AT, by=ANN, terms=terms)
    assert isinstance(first, TicketCreated)
    return first


def support(terms: Policy, **said: Any) -> Support:
    told = opened(terms, **said).support
    assert told is not None
    return told


@pytest.mark.parametrize(
    ("version", "supported"), [("2026.05", True), ("2026.03", True), ("2026.01", False)]
)
def test_R_3_2_2_a_an_old_version_is_taken_and_said_to_be_old(
    version: str, supported: bool
) -> None:
    told = support(REGULATIONS, product_version=version, standing=Standing(releases=UPDATES))

    assert (told.supported, told.clause) == (supported, "R-3.2.2-a")


def test_C_69_a_product_that_names_its_edition_is_judged_as_its_product() -> None:
    old = {"product_version": "2026.01", "standing": Standing(releases=UPDATES)}
    outdated = {"product_version": "6.89", "standing": Standing(releases=MINORS)}
    under_r = support(REGULATIONS, product="VMmanager 6 Hosting", **old)
    under_i = support(INFRASTRUCTURE, product="VMmanager 6 Infrastructure", **outdated)
    of_kind = support(REGULATIONS, product="VMmanager 6 Hosting", kind="vm_import")

    assert (under_r.supported, under_r.clause) == (False, "R-3.2.2-a")
    assert (under_i.supported, under_i.clause) == (False, "I-8.1.1")
    assert (of_kind.supported, of_kind.clause) == (True, "R-A1-VM-1d")


def test_I_8_1_1_so_is_an_outdated_minor_version() -> None:
    releases = Standing(releases=MINORS)
    old = support(INFRASTRUCTURE, product_version="6.89", standing=releases)
    new = support(INFRASTRUCTURE, product_version="6.93", standing=releases)

    assert (old.supported, old.clause) == (False, "I-8.1.1")
    assert (new.supported, new.clause) == (True, "I-8.1.1")


@pytest.mark.parametrize(
    ("said", "supported", "clause"),
    [
        ({"kind": "training"}, False, "R-A1-2.1.2-i"),
        ({"kind": "vm_import"}, True, "R-A1-VM-1d"),
        ({"kind": "incident"}, "unknown", "R-3.2"),  # a word of the user, no kind of the terms
        ({"configuration_changed_by": "user"}, False, "R-3.2.1"),
        ({"configuration_changed_by": "others"}, False, "R-3.2.1"),
        ({"configuration_changed_by": "provider", "kind": "vm_import"}, True, "R-A1-VM-1d"),
        ({"product_version": "1.0"}, "unknown", "R-3.2"),  # nobody knows which ones came out
        ({}, "unknown", "R-3.2"),
    ],
    ids=str,
)
def test_R_3_2_what_can_be_known_is_told_on_the_ticket(
    said: dict[str, Any], supported: object, clause: str
) -> None:
    told = support(REGULATIONS, **said)

    assert (told.supported, told.clause) == (supported, clause)
    assert told.why


def test_C_69_of_several_rules_that_say_no_the_first_is_named() -> None:
    releases = Standing(releases=UPDATES)
    both = {"product_version": "2026.01", "kind": "training", "standing": releases}

    assert support(REGULATIONS, **both).clause == "R-3.2.2-a"
    assert support(REGULATIONS, **both, configuration_changed_by="user").clause == "R-3.2.1"


def test_C_69_what_is_not_served_takes_nothing_else_away() -> None:
    event = opened(REGULATIONS, kind="training")
    ticket = given(event).ticket

    assert ticket.support == event.support
    assert (ticket.status, ticket.priority) == ("open", "Low")


@pytest.mark.parametrize("channel", ["chat", "telegram"])
def test_I_2_4_a_channel_that_is_not_offered_is_refused(channel: Channel) -> None:
    with pytest.raises(Refused, match=r"^channel_not_offered \(I-2.4\)"):
        opened(INFRASTRUCTURE, channel)
    assert opened(REGULATIONS, channel).channel == channel


@pytest.mark.parametrize("channel", ["client_area", "phone", "email"])
def test_I_2_4_the_others_are_taken(channel: Channel) -> None:
    assert opened(INFRASTRUCTURE, channel).channel == channel


@pytest.mark.parametrize("who", ["sublicensee", "partner", "outsider"])
def test_R_3_3_only_the_user_opens_tickets(who: Any) -> None:
    with pytest.raises(Refused, match=r"^not_the_user \(R-3.3\)"):
        opened(REGULATIONS, standing=Standing(who=who))


@pytest.mark.parametrize("who", ["partner", "sublicensee", "outsider"])
def test_I_1_4_whoever_is_not_the_user_needs_a_ground(who: Any) -> None:
    with pytest.raises(Refused, match=r"^partner_not_entitled \(I-1.4\)"):
        opened(INFRASTRUCTURE, standing=Standing(who=who))
    ground = Standing(who=who, grounds=("authorized_by_user",))
    assert opened(INFRASTRUCTURE, standing=ground).account_id == "acme"


def test_R_4_2_c_a_mail_comes_from_a_contact_address_unless_an_agent_takes_it_down() -> None:
    mail = Create("D-1", "acme", "ann", "email", "VMmanager 6")
    with pytest.raises(Refused, match=r"^email_not_contact_address \(R-4.2-c\)"):
        opens(mail, at=AT, by=ANN, terms=REGULATIONS)

    assert opens(mail, at=AT, by=OLGA, terms=REGULATIONS)
    assert opened(REGULATIONS, "email", standing=Standing(sender_is_contact=True))
    assert opened(INFRASTRUCTURE, "email")
