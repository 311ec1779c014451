"""Every reason to refuse that the rules have, met over HTTP with its status, code and clause."""

import ast
import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from calls import Call, call_of
from refusals import REFUSALS, Refusal
from timed_api import TimedApi

import docket_lifecycle
from docket_events.recorded import Actor, Fact
from docket_events.ticket import TicketRevoked
from docket_policies.terms.editions import editions_of
from every_command import BEGIN, CELLS, NOW, OK, later
from people import ANN, OLGA

sys.path.insert(0, str(Path(__file__).parents[3] / "docs"))

from pages.exploring import walk
from pages.lifecycle import POLICIES

UNREACHED = {
    "no_parts": "the body of a split has a part at least",
    "part_exists": "the service makes the ids of the parts",
    "different_revisions": "each pack has one edition as yet",
}
"""Codes that no request can meet, and why; the tests of the rules show them."""
ELSEWHERE = {
    "attachment_already_sent": "the tests of attachments, which bring files",
    "unknown_clause": "the tests of accounts",
    "agreement_required": "the tests of accounts",
    "not_in_the_future": "the tests of accounts",
    "unknown_ground": "the tests of contacts",
    "unknown_notice": "the tests of notices",
    "notice_not_mailed": "the tests of notices",
}
"""Codes that other tests meet over HTTP, because they need more than a ticket's past."""


@pytest.fixture(autouse=True)
def _noon_of_tuesday(api: TimedApi) -> None:
    api.clock.at = NOW


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda r: f"{r.pack} {r.verb} {r.code}")
def test_a_refusal_has_its_status_its_code_and_its_clause(api: TimedApi, refusal: Refusal) -> None:
    ticket = api.past(refusal.history)

    answer = api.give(call_of(refusal.by, ticket, refusal.command))

    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["code"]) == (409, refusal.code)
    assert problem["clause"] == refusal.clause
    assert problem["detail"]
    assert len(api.history(ticket)) == len(refusal.history), "a refusal leaves no trace"


UNDER_I = {"product": "VMmanager 6", "edition": "Infrastructure", "service_level": "Standard"}
CREATIONS = (
    (
        {"product": "VMmanager 6", "requested_priority": "High"},
        ANN,
        "justification_required",
        "R-6.5",
    ),
    ({"product": "VMmanager 6", "channel": "email"}, ANN, "email_not_contact_address", "R-4.2-c"),
    ({"product": "VMmanager 6", "edition": "Hosting", "direct": False}, ANN, "no_pack", "R-0.2"),
    (
        {"product": "H-Sphere", "account_id": "acme", "product_version": "2.3"},
        OLGA,
        "not_supported",
        "H-range-1",
    ),
    ({"product": "H-Sphere", "plan": "gold"}, ANN, "unknown_plan", "H-policy-3"),
    ({"product": "ISPmanager 5"}, ANN, "not_supported", "M-eol-sup5"),
    ({**UNDER_I, "priority": "High", "channel": "chat"}, ANN, "channel_not_offered", "I-2.4"),
    (UNDER_I, ANN, "priority_required", "I-2.6-intro"),
)


@pytest.mark.parametrize(("body", "by", "code", "clause"), CREATIONS, ids=lambda each: str(each))
def test_opening_a_ticket_is_refused_with_code_and_clause(
    api: TimedApi, body: dict[str, Any], by: Actor, code: str, clause: str
) -> None:
    answer = api.create(by, body)

    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert answer.json()["clause"] == clause


NOT_STARTED = BEGIN["R"][:1]
REVOKED = (*BEGIN["R"], *later(TicketRevoked("ann")))
MERGES: tuple[tuple[tuple[Fact, ...], tuple[Fact, ...], dict[str, str], str, str], ...] = (
    (BEGIN["R"], BEGIN["R"], {"account_id": "evil"}, "different_users", "R-3.3"),
    (BEGIN["R"], BEGIN["I"], {}, "different_packs", "C-08"),
    (NOT_STARTED, BEGIN["R"], {}, "target_not_registered", "R-1.14"),
    (BEGIN["R"], REVOKED, {}, "ticket_revoked", "R-6.6-a"),
)
"""Target, source, what is different about the source, and why they do not become one."""


@pytest.mark.parametrize(
    ("target", "source", "about", "code", "clause"), MERGES, ids=[merge[3] for merge in MERGES]
)
def test_combining_is_refused_with_code_and_clause(
    api: TimedApi,
    target: tuple[Fact, ...],
    source: tuple[Fact, ...],
    about: dict[str, str],
    code: str,
    clause: str,
) -> None:
    into, other = api.past(target), api.past(source, **about)

    answer = api.give(Call(OLGA, into, "merge", {"sources": [other]}))

    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert answer.json()["clause"] == clause
    assert len(api.history(into)) == len(target)
    assert len(api.history(other)) == len(source)


def test_a_ticket_is_not_combined_with_itself(api: TimedApi) -> None:
    ticket = api.past(BEGIN["R"])

    answer = api.give(Call(OLGA, ticket, "merge", {"sources": [ticket]}))

    assert (answer.status_code, answer.json()["code"]) == (409, "no_other_tickets")
    assert answer.json()["clause"] == "R-6.3-a"


@pytest.mark.parametrize("pack", POLICIES)
def test_every_refusal_of_the_page_of_the_lifecycle_is_met_over_http(pack: str) -> None:
    about = POLICIES[pack]
    letter = editions_of(pack)[0].letter
    on_the_page = {
        (verb, outcome.code)
        for (verb, _), outcomes in walk(pack, about).cells.items()
        for outcome in outcomes
        if outcome.to is None
    }
    met = {
        *((r.verb, r.code) for r in REFUSALS if r.pack == letter),
        *((row.verb, said.split()[0]) for row, _, said in CELLS if row.pack == letter),
    }
    met |= {("merge", code) for *_, code, _ in MERGES}
    of_several = {(verb, code) for verb, code in on_the_page if verb in ("split", "merge")}
    ungranted = {(verb, code) for verb, code in on_the_page if code == "not_in_pack"}

    assert on_the_page - of_several - ungranted <= met


def test_every_code_that_the_rules_can_refuse_with_is_met_over_http() -> None:
    met = {
        "not_in_pack",
        "no_other_tickets",
        *(refusal.code for refusal in REFUSALS),
        *(said.split()[0] for _, _, said in CELLS if said != OK),
        *(code for *_, code, _ in CREATIONS),
        *(code for *_, code, _ in MERGES),
    }

    assert set(_codes_of_the_rules()) <= met | set(UNREACHED) | set(ELSEWHERE)
    assert met.isdisjoint(UNREACHED)


def _codes_of_the_rules() -> Iterator[str]:
    """Yield the first word of every `Refused(...)` that the rules write down."""
    for module in walk_packages(docket_lifecycle.__path__, "docket_lifecycle."):
        for node in ast.walk(ast.parse(inspect.getsource(import_module(module.name)))):
            match node:
                case ast.Call(
                    func=ast.Name(id="Refused"), args=[ast.Constant(value=str() as code), *_]
                ):
                    yield code
