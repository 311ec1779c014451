"""Opening a ticket: who may, by which clause, and with which priority (R-6.5, C-10, C-29).

What the terms say of its issue at that moment is told on the ticket, or refuses it (C-68, C-69).
"""

from docket_events.desk import TicketTagged
from docket_events.opening import KNOWN_ENVIRONMENTS, Support
from docket_events.recorded import Event
from docket_events.ticket import Priority, TicketCreated
from docket_lifecycle.commands import Create
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.opening.served import first_priority, question_of, support_of, triage_of
from docket_policies.eligibility import admission

SEVERAL_ISSUES = "multiple_issues"
LEVEL_ASSUMED = "level_assumed"
TAGS = (SEVERAL_ISSUES, LEVEL_ASSUMED)
"""What a ticket may be tagged with when it is opened: a pack may name a clause for each."""


def create(command: Create, context: DecisionContext) -> tuple[Event, ...]:
    """Return the event that opens the ticket.

    A ticket about several issues is tagged (C-24), and one whose certificate names no level (C-26).
    """
    _, support = _admitted(command, context)
    policy = context.policy
    plan, level = triage_of(command, context)
    created = TicketCreated(
        number=command.number,
        account_id=command.account_id,
        requester_id=command.requester_id,
        channel=command.channel,
        product=command.product,
        priority=_priority(command, context),
        pack=policy.pack,
        revision=policy.revision,
        product_version=command.product_version,
        edition=command.edition,
        environment=command.environment,
        kind=command.kind,
        requested_priority=command.requested_priority,
        justification=command.justification,
        service_level=command.service_level or policy.service_level,
        subject=command.subject,
        description=command.description,
        contact=command.contact,
        special_conditions=command.special_conditions,
        readings_version=policy.readings_version,
        attachments=command.attachments,
        os=command.os,
        plan=plan,
        classification=level,
        support=support,
        environment_kind=KNOWN_ENVIRONMENTS.get(command.said_environment or ""),
    )
    assumed = command.certificate and command.service_level != created.service_level
    marks = {SEVERAL_ISSUES: command.several_issues, LEVEL_ASSUMED: assumed}
    tags = tuple(tag for tag, holds in marks.items() if holds)
    return (created, TicketTagged(tags)) if tags else (created,)


def admitted(command: Create, context: DecisionContext) -> str:
    """Return the clause on which opening this ticket rests; raise Refused.

    It is the clause of what is special about the ticket: a priority asked for, several issues in
    one, an admission check; else the one that grants the command.
    """
    return _admitted(command, context)[0]


def _admitted(command: Create, context: DecisionContext) -> tuple[str, Support]:
    clause = _passed(command, context)
    _priority(command, context)
    support = support_of(command, context)
    if command.requested_priority is not None and context.policy.initial_by == "provider":
        return context.policy.initial_priority_clause, support
    if command.several_issues:
        return context.policy.tags.get(SEVERAL_ISSUES, clause), support
    return clause, support


def _passed(command: Create, context: DecisionContext) -> str:
    """Ask the edition's admission checks; an agent vouches for a sender it records (R-4.2-c)."""
    policy = context.policy
    verdict = admission.create(question_of(command, context))
    if not verdict["allowed"]:
        why = str(verdict["code"]).replace("_", " ")
        raise Refused(verdict["code"], verdict["clause"], f"no ticket is accepted here: {why}")
    untouched = verdict["clause"] == policy.clause
    return context.clause if untouched else str(verdict["clause"])


def _priority(command: Create, context: DecisionContext) -> Priority:
    """Return the first priority: the user's own, that of its class, or the initial one.

    A priority asked for needs its reasons.
    """
    policy = context.policy
    if policy.initial_by == "user":
        if command.priority is None:
            raise Refused(
                "priority_required", policy.initial_priority_clause, "the user sets the priority"
            )
        return command.priority
    if command.requested_priority is not None and command.justification is None:
        raise Refused(
            "justification_required",
            policy.initial_priority_clause,
            "a priority may be asked for with reasons only",
        )
    return first_priority(command, context)
