"""Every row of the terms' tables, asked by its name: it answers with its own clause.

The page of clauses names this file as the test of what stands in those tables.
"""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from asking import CREATED, REGISTERED, answers

from docket_policies.terms.editions import Edition, all_editions

NOTICE = "RegistrationNoticeSent"
TEN = "2026-06-08T10:00:00Z"
LATE = "2026-07-08T10:00:00Z"
LISTS = {
    "close": "closing_reasons",
    "reject": "rejection_reasons",
    "excuse-breach": "excuses",
}


def table(pack: str, *path: str) -> dict[str, Any]:
    entry = files("docket_policies").joinpath("packs", pack, *path)
    return tomllib.loads(entry.read_text(encoding="utf-8")) if entry.is_file() else {}


def scope_rows() -> Iterator[Any]:
    for edition in all_editions():
        scope = table(edition.pack, edition.revision, "scope.toml")
        for side in ("inside", "outside"):
            for kind, row in scope.get(side, {}).items():
                told = {"kind": kind, "product": row.get("products", [None])[0]}
                yield edition, told, side == "inside", row
        for phase, kinds in scope.get("phases", {}).items():
            for kind, row in kinds.items():
                yield edition, {"kind": kind, "phase": phase}, row["supported"], row


def criteria_rows() -> Iterator[Any]:
    for edition in all_editions():
        rows = table(edition.pack, edition.revision, "criteria.toml").get("criteria", {})
        for clause, row in rows.items():
            yield edition, clause, row


def targets() -> Iterator[Any]:
    for edition in all_editions():
        terms = table(edition.pack, f"{edition.revision}.toml")
        for offer in terms.get("offers", [terms]):
            for priority, row in offer.get("targets", {}).items():
                for product in offer.get("products", ["VMmanager 6"]):
                    policy = {"product": product, "service_level": offer.get("service_level")}
                    yield edition, policy, priority, row


def reasons() -> Iterator[Any]:
    for edition in all_editions():
        terms = table(edition.pack, f"{edition.revision}.toml")
        for command, name in LISTS.items():
            for reason, row in terms.get(name, {}).items():
                yield edition, command, reason, row


def asked(terms: Edition | str, ask: dict[str, Any], *events: dict[str, Any]) -> dict[str, Any]:
    """Ask about an edition, or about the one of a pack that is in force then."""
    policy = {"product": "VMmanager 6", "service_level": "Standard"} if events else {}
    pack = terms
    if isinstance(terms, Edition):
        pack, policy["revision"] = terms.pack, terms.revision
    (one,) = answers({"id": 1, "pack": pack, "policy": policy, "events": events, "asks": [ask]})
    return one


@pytest.mark.parametrize(("edition", "told", "supported", "row"), list(scope_rows()))
def test_a_kind_of_issue_is_inside_or_outside_by_its_clause(
    edition: Edition, told: dict[str, Any], supported: bool, row: dict[str, Any]
) -> None:
    one = asked(edition, {"ask": "eligibility", "registered": True, **told})

    assert (one["supported"], one["clause"]) == (supported, row["clause"])


@pytest.mark.parametrize(("edition", "clause", "row"), list(criteria_rows()))
def test_a_criterion_gives_its_priority_by_its_clause(
    edition: Edition, clause: str, row: dict[str, Any]
) -> None:
    product = {"product": row["product"]} if "product" in row else {}
    one = asked(edition, {"ask": "classification", "criteria": [clause], **product})

    assert (one["priority"], one["clause"]) == (row["priority"], clause)


@pytest.mark.parametrize(("edition", "policy", "priority", "row"), list(targets()))
def test_a_ticket_of_a_priority_is_due_when_the_examples_of_its_target_say(
    edition: Edition, policy: dict[str, Any], priority: str, row: dict[str, Any]
) -> None:
    terms = {"pack": edition.pack, "policy": {**policy, "revision": edition.revision}}
    for example in row["examples"]:
        at = example["from"].strftime("%Y-%m-%dT%H:%M:%SZ")
        events = [{"at": at, "type": kind, "data": {}} for kind in ("TicketCreated", NOTICE)]
        events[0]["data"] = {"priority": priority}
        ask = {"ask": "response_clock", "at": at}
        (one,) = answers({"id": 1, **terms, "events": events, "asks": [ask]})

        assert one["deadline"] == example["until"].strftime("%Y-%m-%dT%H:%M:%SZ")
        assert one["budget_s"] == row["hours"] * 3600
        assert one["clause"] == row["clause"]


@pytest.mark.parametrize(("edition", "command", "reason", "row"), list(reasons()))
def test_a_reason_of_a_closed_list_rests_on_its_clause(
    edition: Edition, command: str, reason: str, row: dict[str, Any]
) -> None:
    data = {"reason": reason, "plan_reference": "VM-1", "reference": "T-100"}
    at = LATE if command == "excuse-breach" else TEN
    ask = {"ask": "command", "command": command, "actor": "agent", "at": at, "data": data}
    one = asked(edition, ask, CREATED, REGISTERED)

    assert one["clause"] == row["clause"]
    assert one["allowed"] or one["code"] in ("no_information_requested", "test_bench_not_requested")


def test_there_are_rows_to_ask() -> None:
    assert len(list(scope_rows())) > 80
    assert len(list(criteria_rows())) > 80
    assert len(list(reasons())) > 20
    assert len(list(targets())) > 20


def test_R_9_4_a_product_whose_support_was_ended_is_not_supported_from_that_day_on() -> None:
    told = {"ask": "eligibility", "support_terminated_at": "2026-06-08"}

    before = asked("R", {**told, "ticket_date": "2026-06-07"})
    after = asked("R", {**told, "ticket_date": "2026-06-08"})

    assert (before["supported"], after["supported"]) == (True, False)
    assert before["clause"] == after["clause"] == "R-9.4"


def test_I_5_3_what_cannot_be_reproduced_is_rejected_after_a_test_bench_was_asked_for() -> None:
    ask = {"ask": "command", "command": "reject", "actor": "agent", "at": TEN}
    ask["reason"] = "cannot_reproduce"
    bench = {"at": TEN, "type": "InformationRequested", "data": {"kind": "test_bench"}}

    without, after = asked("I", ask, CREATED, REGISTERED), asked("I", ask, CREATED, bench)

    assert (without["allowed"], after["allowed"]) == (False, True)
    assert without["clause"] == after["clause"] == "I-3.2-c"


def test_I_7_9_b_the_provider_may_await_a_third_party() -> None:
    ask = {"ask": "command", "command": "await-third-party", "actor": "agent", "at": TEN}

    told = asked("I", ask, CREATED, REGISTERED)

    assert (told["allowed"], told["clause"]) == (True, "I-7.9-b")
