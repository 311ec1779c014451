"""Opening tickets under H and M: what is down, for whom, and what is served (C-68)."""

from dataclasses import replace
from typing import Any

import pytest

from docket_events.opening import Classification
from docket_events.ticket import PriorityChanged, TicketCreated
from docket_lifecycle.commands import Create, Standing
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.opening.urgency import queue_place, rank_of
from docket_policies.terms.policy import Policy
from people import (
    ANN,
    H_SPHERE,
    ISPMANAGER,
    MONDAY,
    UNDER_H,
)
from sentences import given, opens


def opened(terms: Policy, **said: Any) -> TicketCreated:
    product = "H-Sphere" if terms is H_SPHERE else "ISPmanager 6"
    asked = Create("D-1", "acme", "ann", "client_area", **{"product": product, **said})
    first, *_ = opens(asked, at=MONDAY, by=ANN, terms=terms)
    assert isinstance(first, TicketCreated)
    return first


@pytest.mark.parametrize(
    ("said", "rank", "priority", "ignored"),
    [
        ({"subject_words": ("server down",)}, "emergency", "Emergency", False),
        ({"subject_words": ("server down", "mail server")}, "highest", "Emergency", False),
        ({"subject_words": ("server is down", "web server")}, "highest", "Emergency", False),
        ({"scope": "server", "component": "mail server"}, "highest", "Emergency", False),
        ({"subject_words": ("emergency",)}, "ordinary", "Low", True),
        ({"subject_words": ("mail server",)}, "ordinary", "Low", False),
        ({}, "ordinary", "Low", False),
    ],
)
def test_H_policy_4_what_is_down_decides_and_the_mark_alone_counts_for_nothing(
    said: dict[str, Any], rank: Any, priority: str, ignored: bool
) -> None:
    event = opened(H_SPHERE, **said)

    assert event.classification == Classification(rank, "H-policy-4", ignored)
    assert event.priority == priority
    assert rank_of(given(event).ticket) == rank


def test_H_policy_4_who_changes_the_priority_changes_the_rank() -> None:
    event = opened(H_SPHERE, subject_words=("server down", "mail server"))
    lowered = given(event, PriorityChanged("Low", "Emergency"))
    raised = given(event, PriorityChanged("Low", "Emergency"), PriorityChanged("Emergency", "Low"))
    ordinary = given(opened(H_SPHERE), PriorityChanged("Emergency", "Low"))

    assert rank_of(lowered.ticket) == "ordinary"
    assert rank_of(raised.ticket) == "highest"
    assert rank_of(ordinary.ticket) == "emergency"


def test_H_policy_3_the_priority_plan_comes_before_every_other() -> None:
    def place(plan: str, *words: str) -> int:
        return queue_place(given(opened(H_SPHERE, plan=plan, subject_words=words)).ticket).place

    mail, down = ("server down", "mail server"), ("server down",)
    order = [
        place("priority", *mail),
        place("priority", *down),
        place("priority"),
        place("regular", *mail),
        place("regular", *down),
        place("regular"),
    ]

    assert order == sorted(set(order))
    before_plans = replace(UNDER_H, plan=None, classification=None)  # opened before both were told
    assert queue_place(given(before_plans).ticket).place == order[-1]


def test_H_plan_a_plan_that_nobody_sells_is_refused() -> None:
    with pytest.raises(Refused, match=r"^unknown_plan \(H-policy-3\): the plans are regular, pri"):
        opened(H_SPHERE, plan="gold")


@pytest.mark.parametrize(
    ("version", "kind", "supported"),
    [("2.4", None, True), ("2.10", None, True), (None, None, "unknown"), ("2.3", "upgrade", True)],
)
def test_H_range_1_version_2_4_and_later_are_served_and_an_older_one_may_be_upgraded(
    version: str | None, kind: str | None, supported: object
) -> None:
    event = opened(H_SPHERE, product_version=version, kind=kind, standing=Standing(registered=True))

    assert event.support is not None
    assert event.support.supported == supported


@pytest.mark.parametrize("product", ["H-Sphere", "H-Sphere Hosting"])
def test_H_range_1_an_older_version_is_refused_with_advice(product: str) -> None:
    with pytest.raises(
        Refused, match=r"^not_supported \(H-range-1\): .*contact support or upgrade"
    ):
        opened(H_SPHERE, product=product, product_version="2.3")


def test_H_uns_4_a_kind_that_is_not_offered_is_told_on_the_ticket() -> None:
    support = opened(H_SPHERE, product_version="2.4", kind="spam").support

    assert support is not None
    assert (support.supported, support.clause, support.why) == (
        False,
        "H-uns-4",
        "Fighting spam.",
    )


@pytest.mark.parametrize(
    ("said", "clause"),
    [
        ({"said_os": "Debian 10", "edition": "Business"}, "M-sup-os"),
        ({"said_os": "Windows 95", "edition": "Pro"}, "M-sup-os"),
        (
            {"said_environment": "a cluster of Debian 10 machines", "edition": "Business"},
            "M-sup-os",
        ),
        ({"said_environment": "Ubuntu 22.04", "edition": "Pro"}, "M-sup-os"),
        ({"said_environment": "two nodes, ubuntu 22.04 LTS", "edition": "Pro"}, "M-sup-os"),
        ({"said_environment": "Debian 100", "edition": "Pro"}, "M-sup-os"),
        ({"said_environment": "AlmaLinux 8", "edition": "Pro"}, "M-sup-os"),
        (
            {"said_environment": "Ubuntu 20.04", "said_os": "Ubuntu 22.04", "edition": "Pro"},
            "M-sup-os",
        ),
        ({"product": "ISPmanager 4"}, "M-sup-old"),
        ({"product": "ISPmanager 5"}, "M-eol-sup5"),
        ({"product": "ISPmanager 6 Business", "said_os": "Debian 10"}, "M-sup-os"),
        (
            {"product": "ISPmanager 6 Pro", "said_os": "Debian 10", "edition": "Business"},
            "M-sup-os",
        ),
        (
            {"product": "ISPmanager 6 Business", "said_os": "Debian 10", "edition": "Business"},
            "M-sup-os",
        ),
        ({"product": "ISPmanager 5 Lite"}, "M-eol-sup5"),
        ({"product": "ISPmanager 4 Pro"}, "M-sup-old"),
    ],
)
def test_M_sup_1_what_is_known_and_not_supported_is_refused(
    said: dict[str, Any], clause: str
) -> None:
    with pytest.raises(Refused, match=rf"^not_supported \({clause}\)"):
        opened(ISPMANAGER, **said)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"said_os": "Debian 10", "edition": "Pro"},
        {"said_environment": "our own cluster", "edition": "Business"},
        {"said_environment": "Debian with 4 disks", "edition": "Pro"},
        {"said_environment": "CentOS Linux 8", "edition": "Pro"},
        {"said_environment": "the Debian of our hoster", "edition": "Pro"},
        {"said_environment": "Ubuntu 20.04.6 LTS", "edition": "Pro"},
        {"said_environment": "Ubuntu 22.04", "said_os": "Ubuntu 20.04", "edition": "Pro"},
        {"said_os": "Debian 10"},  # the edition is not known, so nobody can say
        {"product_version": "6.12", "said_os": "Debian 10", "edition": "Pro"},  # nor which are out
        {"product": "ISPmanager 6 Business"},
        {"product": "ISPmanager 6 Host", "said_os": "Debian 10"},
        {"product": "ISPmanager 7"},
    ],
)
def test_M_sup_1_what_is_not_known_is_taken_and_said_to_be_unknown(said: dict[str, Any]) -> None:
    support = opened(ISPMANAGER, **said).support

    assert support is not None
    assert (support.supported, support.clause) == ("unknown", "M-sup-1")
    assert "Not known" in support.why


@pytest.mark.parametrize("product", ["ISPmanager 6 Pro", "ISPmanager 6"])
def test_M_sup_ver_a_product_that_names_its_edition_has_the_versions_of_its_product(
    product: str,
) -> None:
    came_out = {"6.10": "2026-01-14", "6.12": "2026-03-01", "6.14": "2026-05-15"}
    said = {"product": product, "said_os": "Debian 10", "standing": Standing(releases=came_out)}
    if product == "ISPmanager 6":
        said["edition"] = "Pro"

    new = opened(ISPMANAGER, **said, product_version="6.12").support

    assert new is not None
    assert (new.supported, new.clause) == (True, "M-sup-1")
    with pytest.raises(Refused, match=r"^not_supported \(M-sup-ver\)"):
        opened(ISPMANAGER, **said, product_version="6.10")


def test_C_68_a_ticket_of_terms_that_nobody_has_here_has_the_place_of_its_priority() -> None:
    ticket = given(replace(UNDER_H, revision="H-1999", priority="High")).ticket

    assert rank_of(ticket) is None
    assert (queue_place(ticket).place, queue_place(ticket).share) == (2, 250)
