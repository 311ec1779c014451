"""The refusals that each command may meet: verb -> status -> code -> clauses, of all packs.

Every command is tried on every kind of ticket that can be reached, worded rightly and wrongly; the
OpenAPI document shows what came of it.
"""

from collections.abc import Iterator

import msgspec

from docket_lifecycle.commands import Create
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.opening.license import terms_of
from docket_policies.eligibility.admission import gates_of
from docket_policies.eligibility.conditions import conditions_of
from docket_policies.eligibility.opening import opening_rules
from docket_policies.eligibility.support_hours import known_plans
from docket_policies.eligibility.systems import systems_of
from docket_policies.eligibility.versions import versions_of
from docket_policies.terms.editions import Edition, all_editions
from docket_policies.terms.loader import policy
from docket_policies.terms.policy import Policy
from pages.exploring import START, WORDINGS, Wordings, walk
from pages.lifecycle import POLICIES

LICENSES = (
    {"product": "Spreadsheet"},
    {"product": "VMmanager 5"},
    {"product": "VMmanager 6", "edition": "Hosting", "direct": False},
    {"product": "VMmanager 6", "edition": "Hosting", "service_level": "Privilege"},
)
"""Licenses under no terms (C-26)."""

BESIDE = {
    "access_restricted": ("reply", "comment", "object"),
    "different_users": ("merge",),
    "different_packs": ("merge",),
    "different_revisions": ("merge",),
    "no_other_tickets": ("merge",),
    "part_exists": ("split",),
    "calendar_year_missing": ("split", "excuse-breach"),
    "already_excused": ("excuse-breach",),
    "unknown_content": ("erase",),
    "unknown_person": ("erase",),
    "attachment_already_sent": ("respond", "reply", "comment", "provide-information"),
}
"""Refusals that need more than a ticket and a command, and the verbs that meet them."""


def page() -> str:
    """Return the refusals as JSON."""
    found: dict[str, dict[str, dict[str, set[str]]]] = {}
    for verb, status, code, clause in sorted(_refusals()):
        codes = found.setdefault(verb, {}).setdefault(status, {})
        codes.setdefault(code, set()).add(clause)
    raw = msgspec.json.encode(
        {
            verb: {
                status: {code: sorted(clauses) for code, clauses in codes.items()}
                for status, codes in statuses.items()
            }
            for verb, statuses in found.items()
        }
    )
    return msgspec.json.format(raw, indent=1).decode() + "\n"


def _refusals() -> Iterator[tuple[str, str, str, str]]:
    for edition in all_editions():
        about = {**POLICIES[edition.pack], "revision": edition.revision}
        terms = policy(edition.pack, edition.revision, about["product"], about.get("service_level"))
        for verb, capability in terms.capabilities.items():
            yield verb, "403", "actor_not_entitled", capability.clause
        for (verb, _), outcomes in walk(edition.pack, about, _wordings(terms)).cells.items():
            for outcome in outcomes:
                if outcome.to is None:
                    yield verb, "409", outcome.code, outcome.clause
        for code, verbs in BESIDE.items():
            for verb in verbs:
                if verb in terms.capabilities:
                    clause = terms.refusals.get(code, terms.capabilities[verb].clause)
                    yield verb, "409", code, clause
        for gate in gates_of(edition):
            for refusal in (gate, *((gate.past,) if gate.past else ())):
                yield "create", "409", refusal.code, refusal.clause
        for clause in _not_served(edition):
            yield "create", "409", "not_supported", clause
        if known_plans(edition):
            yield "create", "409", "unknown_plan", terms.capabilities["create"].clause
        wish = "priority_required" if terms.initial_by == "user" else "justification_required"
        yield "create", "409", wish, terms.initial_priority_clause
    for license_ in LICENSES:
        try:
            terms_of(Create("", "", "", "client_area", **license_), START)
        except Refused as refused:
            yield "create", "409", refused.code, refused.clause


def _not_served(edition: Edition) -> Iterator[str]:
    """Yield the clauses by which a ticket is refused because its issue is not served (C-68)."""
    versions, systems = versions_of(edition), systems_of(edition)
    for subject in opening_rules(edition).refuses:
        if subject == "condition":
            yield from (each.refusal for each in conditions_of(edition))
        elif subject == "version" and versions is not None:
            yield from (window.clause for window in versions.windows.values())
        elif subject == "system" and systems is not None:
            yield systems.clause


def _wordings(terms: Policy) -> Wordings:
    """Return the wordings of a command that are taken, and those that are wrong in some way."""
    past = START.replace(year=2000).isoformat()
    return {
        **WORDINGS,
        "prioritize": (*WORDINGS["prioritize"], {"priority": "High", "criteria": ("unheard of",)}),
        "close": tuple({"reason": reason} for reason in (*terms.closing_reasons, "unheard of")),
        "reject": tuple({"reason": reason} for reason in (*terms.rejection_reasons, "unheard of")),
        "object": ({"motivated": True}, {}),
        "provide-information": ({}, {"upload_pending": True}, {"request": "unheard of"}),
        "complete-upload": ({}, {"request": "unheard of"}),
        "reject-information": ({}, {"request": "unheard of"}),
        "third-party-responded": ({}, {"wait": "unheard of"}),
        "forward": ({"confirmed": True}, {}),
        "escalate": ({"confirmed": True}, {}),
        "schedule-operation": (*WORDINGS["schedule-operation"], {"agreed_for": past}),
        "set-deadline": (*WORDINGS["set-deadline"], {"deadline": past}),
        "grant-access": ({"method": "documented"}, {"method": "alternative"}),
        "open-connection": ({}, {"method": "alternative"}),
        "excuse-breach": (
            *({"reason": reason} for reason in (*terms.excuses, "unheard of")),
            {"turn": 9},
        ),
        "split": ({}, {"parts": ()}),
    }
