"""What the terms say of an issue as it is opened: whether they serve it, its plan, its urgency.

Source: H-plan, H-policy-4, R-3.2, R-3.4, I-8.1, M-sup-1, C-68, C-69.
"""

from collections.abc import Mapping
from typing import Any

from docket_events.opening import Classification, Support
from docket_events.ticket import Priority
from docket_lifecycle.commands import Create
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.opening.license import refuse_plan
from docket_policies.eligibility.classification import classification, emergencies_of
from docket_policies.eligibility.opening import served
from docket_policies.eligibility.question import Question
from docket_policies.eligibility.support_hours import known_plans
from docket_policies.eligibility.systems import system_named
from docket_policies.terms.editions import Edition, edition_named


def support_of(command: Create, context: DecisionContext) -> Support:
    """Return whether the terms serve the issue; raise Refused where they refuse its ticket."""
    edition = edition_of(context)
    verdict = served(question_of(command, context), edition)
    if verdict.refused:
        advice = "" if verdict.advice is None else f" Advice: {verdict.advice}."
        raise Refused("not_supported", verdict.support.clause, verdict.support.why + advice)
    return verdict.support


def triage_of(
    command: Create, context: DecisionContext
) -> tuple[str | None, Classification | None]:
    """Return the support plan of the ticket and its class, None where the terms know none.

    Who names no plan has the first one (H-plan). Raises Refused for a plan that they do not have.
    """
    edition = edition_of(context)
    plans = known_plans(edition)
    refuse_plan(command.plan, edition, context.clause)
    plan = (command.plan or next(iter(plans))).lower() if plans else None
    if emergencies_of(edition) is None:
        return plan, None
    answer = classification(
        Question(
            {
                "pack": context.policy.pack,
                "revision": context.policy.revision,
                "subject": " / ".join(command.subject_words),
                "component": command.component,
                "scope": command.scope,
            }
        )
    )
    return plan, Classification(answer["rank"], answer["clause"], answer["emergency_mark_ignored"])


def first_priority(command: Create, context: DecisionContext) -> Priority:
    """Return the priority that stands for the class of the ticket, else the initial one."""
    emergencies, (_, level) = emergencies_of(edition_of(context)), triage_of(command, context)
    if emergencies is None or level is None:
        return context.policy.initial_priority
    return emergencies.priorities[level.rank]


def question_of(command: Create, context: DecisionContext) -> Question:
    """Return what is known of the issue and of who asks as the fields of a question."""
    standing = command.standing
    known: Mapping[str, Any] = {
        "pack": context.policy.pack,
        "revision": context.policy.revision,
        "at": context.at,
        "product": command.product,
        "edition": command.edition,
        "installed": command.product_version,
        "os": command.said_os or system_named(edition_of(context), command.said_environment),
        "kind": command.kind,
        "plan": command.plan,
        "configuration_changed_by": command.configuration_changed_by,
        "channel": command.channel,
        "actor": standing.who,
        "sender_is_contact": standing.sender_is_contact or context.actor.kind == "agent",
        "restricted_until": standing.restricted_until,
        "license_active": standing.license_active,
        "license_until": standing.license_until,
        "registered": standing.registered,
        "releases": standing.releases,
        "services_until": standing.services_until,
        "updates_until": standing.updates_until,
    }
    told = {name: value for name, value in known.items() if value is not None}
    return Question({**standing.facts, **told, **dict.fromkeys(standing.grounds, True)})


def edition_of(context: DecisionContext) -> Edition:
    """Return the edition under which the ticket is opened."""
    return edition_named(context.policy.pack, context.policy.revision)
