"""Changes that the user makes alone, and what the sides agree on outside of the terms."""

from docket_events.desk import (
    IndependentMeasuresAgreed,
    IndependentMeasuresProposed,
    PeriodExtended,
)
from docket_events.recorded import Event
from docket_events.ticket import IndividualDeadlineSet, UncoordinatedChangeRecorded
from docket_lifecycle import commands
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.phases import refuse_unless_alive
from docket_lifecycle.rules.teams import refuse_forwarded
from docket_lifecycle.state.ticket import Answer, Ticket


def record_change(
    ticket: Ticket, command: commands.RecordChange, context: DecisionContext
) -> tuple[Event, ...]:
    """Record a change without agreement: the term is void for good (R-6.6-d, C-15)."""
    refuse_unless_alive(ticket, context.policy)
    if ticket.work.term_void:
        return ()
    return (UncoordinatedChangeRecorded(command.what),)


def propose_measures(
    ticket: Ticket, command: commands.ProposeMeasures, context: DecisionContext
) -> tuple[Event, ...]:
    """Ask to act on the product alone (R-6.6-c)."""
    refuse_unless_alive(ticket, context.policy)
    return (IndependentMeasuresProposed(content=command.content),)


def agree_measures(
    ticket: Ticket, command: commands.AgreeMeasures, context: DecisionContext
) -> tuple[Event, ...]:
    """Agree to what the user proposed: it moves no clock (R-6.6-c, C-15)."""
    refuse_unless_alive(ticket, context.policy)
    match ticket.work.measures:
        case None:
            raise Refused("no_measures_proposed", context.clause, "the user proposed no measures")
        case "agreed":
            return ()
        case "proposed":
            return (IndependentMeasuresAgreed(content=command.content),)


def set_deadline(
    ticket: Ticket, command: commands.SetDeadline, context: DecisionContext
) -> tuple[Event, ...]:
    """Replace the response time of the terms by an agreed instant (R-3.4)."""
    refuse_unless_alive(ticket, context.policy)
    if command.deadline < context.at:
        raise Refused("deadline_passed", context.clause, "set a deadline that has not passed")
    if command.deadline == ticket.work.deadline:
        return ()
    return (IndividualDeadlineSet(command.deadline, command.why),)


def extend_period(
    ticket: Ticket, command: commands.ExtendPeriod, context: DecisionContext
) -> tuple[Event, ...]:
    """Extend this turn, where an alternative way to connect was agreed (I-3.5-c).

    Or where nobody answers what the terms let the provider wait for, such as access (I-3.7-a).
    """
    refuse_unless_alive(ticket, context.policy)
    refuse_forwarded(ticket, context)
    consent = ticket.work.consent
    if consent is not None and consent.method == "alternative":
        return (PeriodExtended(command.seconds, command.why, context.clause),)
    unanswered = {each.kind for each in ticket.requests.values() if each.answer is Answer.AWAITED}
    for ground in context.policy.extensions.values():
        if (
            ground.after_unanswered in unanswered
            and ticket.environment_kind != ground.except_environment
        ):
            return (PeriodExtended(command.seconds, command.why, ground.clause),)
    raise Refused(
        "no_alternative_method_agreed",
        context.clause,
        "the documented method takes no longer, and nothing asked for that allows it is missing",
    )
