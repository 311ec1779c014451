"""Pack I as data: what it offers by product and level, what it grants, what it does not."""

from dataclasses import replace
from importlib.resources import files
from typing import get_args

import pytest

from docket_events.ticket import Priority, TicketCreated
from docket_policies.calendars.time_arithmetic import add
from docket_policies.deadlines.endings import silent_until
from docket_policies.terms.calendar_files import calendar
from docket_policies.terms.loader import (
    UnknownOffer,
    edition,
    policy,
    policy_of,
    revision_in_force,
    with_special_conditions,
)
from docket_policies.terms.pack_format import read_pack
from docket_policies.terms.policy import Policy
from docket_policies.terms.table import BadPack
from histories import I_REVISION, happened, written
from people import INFRASTRUCTURE
from people import REGULATIONS as R

FILE = f"packs/infrastructure/{I_REVISION}.toml"
TEXT = (files("docket_policies") / FILE).read_text(encoding="utf-8")
OFFERS = edition("I", I_REVISION)


def offer(terms: Policy) -> str:
    return f"{terms.service_level} {', '.join(terms.products)}"


@pytest.mark.parametrize("terms", OFFERS, ids=offer)
@pytest.mark.parametrize("priority", get_args(Priority))
def test_the_examples_of_every_target_hold(terms: Policy, priority: Priority) -> None:
    target = terms.targets[priority]
    for example in target.examples:
        assert add(target.calendar, example["from"], target.budget_s) == example["until"]


def test_I_3_6_the_example_of_the_seven_days_holds() -> None:
    assert INFRASTRUCTURE.auto_close is not None
    for example in INFRASTRUCTURE.auto_close.examples:
        assert silent_until(INFRASTRUCTURE, example["from"]) == example["ends"]


@pytest.mark.parametrize(
    ("product", "level", "hours", "calendars"),
    [
        ("VMmanager 6", "Standard", (8, 16, 24, 32), ("ALWAYS",) * 4),
        ("DCImanager 6", "Standard", (8, 16, 24, 32), ("ALWAYS",) * 4),
        ("BILLmanager 6", "Standard", (8, 16, 24, 32), ("ALWAYS", *("I_0618",) * 3)),
        ("DNSmanager 6", "Standard", (8, 16, 24, 32), ("ALWAYS", *("I_0618",) * 3)),
        ("VMmanager 6", "Privilege", (4, 8, 12, 16), ("ALWAYS",) * 4),
        ("BILLmanager 6", "Privilege", (4, 8, 12, 16), ("ALWAYS",) * 4),
    ],
)
def test_I_2_6_the_table_of_response_times(
    product: str, level: str, hours: tuple[int, ...], calendars: tuple[str, ...]
) -> None:
    targets = policy("I", I_REVISION, product, level).targets
    rows = [targets[priority] for priority in ("Emergency", "High", "Medium", "Low")]
    assert tuple(row.budget_s // 3600 for row in rows) == hours
    assert tuple(row.calendar.name for row in rows) == calendars


def test_C_26_an_edition_of_a_product_has_its_terms_and_a_level_nobody_named_is_standard() -> None:
    named = policy("I", I_REVISION, "VMmanager 6 Infrastructure", "Standard")
    assert named is policy("I", I_REVISION, "VMmanager 6", "Standard")
    assert policy("I", I_REVISION, "VMmanager 6").service_level == "Standard"


@pytest.mark.parametrize(
    ("product", "level"),
    [(None, "Standard"), ("VMmanager 60", "Standard"), ("VMmanager 6", "Gold")],
)
def test_what_is_not_offered_is_refused_with_what_is(product: str | None, level: str) -> None:
    with pytest.raises(UnknownOffer, match="Standard: VMmanager 6, DCImanager 6; Standard: BILL"):
        policy("I", I_REVISION, product, level)


def created(**data: object) -> TicketCreated:
    event = happened("2026-06-08T09:00:00Z", "TicketCreated", **data).event
    assert isinstance(event, TicketCreated)
    return event


def test_the_terms_of_a_ticket_follow_from_its_creation() -> None:
    assert policy_of(created()) is R
    assert policy_of(created(readings_version=None)) == R.as_read(1)
    ticket = created(
        pack="infrastructure",
        revision=I_REVISION,
        product="BILLmanager 6",
        service_level="Privilege",
    )
    assert policy_of(ticket) is policy("I", I_REVISION, "BILLmanager 6", "Privilege")


def test_I_1_3_what_was_agreed_when_the_ticket_was_created_stays_with_it() -> None:
    ticket = created(
        pack="infrastructure",
        revision=I_REVISION,
        service_level="Standard",
        special_conditions={
            "Emergency": {"hours": 2, "calendar": "ALWAYS"},
            "High": {"hours": 7.5},
        },
    )
    agreed = policy_of(ticket).targets
    assert (agreed["Emergency"].budget_s, agreed["Emergency"].clause) == (7_200, "I-1.3")
    assert (agreed["High"].budget_s, agreed["High"].calendar.name) == (27_000, "ALWAYS")
    assert agreed["Low"] == INFRASTRUCTURE.targets["Low"]
    assert with_special_conditions(R, {"Low": {"hours": 1}}).targets["Low"].clause == "R-2.3"


def test_C_25_the_edition_was_dated_day_first() -> None:
    assert written(INFRASTRUCTURE.effective_from) == "2025-09-08T00:00:00Z"
    assert revision_in_force("infrastructure", INFRASTRUCTURE.effective_from) == I_REVISION


def test_I_3_2_the_reasons_to_reject_are_a_closed_list_with_their_clauses() -> None:
    reasons = INFRASTRUCTURE.rejection_reasons
    assert {name: reason.clause for name, reason in reasons.items()} == {
        "level_mismatch": "I-3.2-a",
        "information_refused": "I-3.2-b",
        "cannot_reproduce": "I-3.2-c",
        "changes_by_user": "I-3.2-d",
        "out_of_scope": "I-3.2-e",
        "incorrect_or_unconstructive": "I-3.2-f",
        "answered_earlier": "I-3.2-g",
        "use_not_documented": "I-3.2-h",
        "priority_manipulation": "I-3.2-i",
    }
    assert reasons["answered_earlier"].requires == {"reference": "ticket_reference_required"}
    assert reasons["cannot_reproduce"].after_request == "test_bench"
    assert R.rejection_reasons == {}


@pytest.mark.parametrize(
    ("verb", "clause"),
    [("suspend", "I-1.3"), ("object", "I-1.3"), ("merge", "I-3.3")],
)
def test_C_35_what_is_not_granted_is_absent_by_a_clause(verb: str, clause: str) -> None:
    assert verb not in INFRASTRUCTURE.capabilities
    assert INFRASTRUCTURE.absence(verb) == clause


def test_C_10_the_user_sets_the_first_priority() -> None:
    assert (INFRASTRUCTURE.initial_by, R.initial_by) == ("user", "provider")
    assert INFRASTRUCTURE.initial_priority_clause == "I-2.6-intro"


def test_C_34_escalating_is_another_thing_under_each_pack() -> None:
    assert INFRASTRUCTURE.capabilities["escalate"].effect == "relevant_team"
    assert R.capabilities["escalate"].effect == "product_team"


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        (
            'products = ["VMmanager 6", "DCImanager 6"]',
            "products = []",
            "offers[1].products",
            "name the products",
        ),
        ('service_level = "Standard"\n', "", "offers[1].service_level", "is missing"),
        (
            'priorities = ["High", "Medium", "Low"]',
            'priorities = ["Hihg"]',
            "offers[1].teams.developers.Hihg",
            "write one of Emergency",
        ),
        ("[offers.teams.developers]", "[offers.teams.devs]", "offers[1].teams.devs.devs", "one of"),
        ("days = 7\n", "days = -7\n", "auto_close.days", "above 0"),
        ('by = "user"', 'by = "users"', "initial_priority.users", "one of provider, user"),
        ('merged_into = "I-3.3"\n', "", "phases.merged_into", "by which clause"),
        ('effect = "relevant_team"', 'effect = "team"', "capabilities.escalate.team", "one of"),
        (
            'after_request = "test_bench"',
            'after_request = "bench"',
            "rejection_reasons.cannot_reproduce.bench",
            "one of information",
        ),
    ],
)
def test_a_wrong_edition_is_refused_with_file_key_and_what_to_do(
    old: str, new: str, key: str, said: str
) -> None:
    assert old in TEXT
    with pytest.raises(BadPack) as wrong:
        read_pack(TEXT.replace(old, new, 1), FILE, calendar)
    assert (wrong.value.file, wrong.value.key) == (FILE, key)
    assert said in wrong.value.problem


def test_no_two_offers_of_an_edition_are_for_the_same_product_and_level() -> None:
    pairs = [(terms.service_level, product) for terms in OFFERS for product in terms.products]
    assert len(pairs) == len(set(pairs)) == 8


def test_the_offers_of_an_edition_differ_in_their_response_times_alone() -> None:
    first = OFFERS[0]
    for other in OFFERS[1:]:
        made_equal = replace(
            other,
            products=first.products,
            service_level=first.service_level,
            targets=first.targets,
            teams=first.teams,
        )
        assert made_equal == first
