"""Work by others than the support desk: product team, developers, relevant team (C-34)."""

from typing import assert_never

from docket_events.recorded import Event
from docket_events.teams import (
    DeveloperConsultationEnded,
    DeveloperConsultationStarted,
    ForwardedToRelevantTeam,
    ReturnedFromRelevantTeam,
    TeamUpdateReceived,
)
from docket_events.ticket import ProductTeamEscalated, ProductTeamReturned
from docket_lifecycle import commands
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.phases import refuse_unless_alive, refuse_unless_worked_on
from docket_lifecycle.state.ticket import Ticket


def escalate(
    ticket: Ticket, command: commands.Escalate, context: DecisionContext
) -> tuple[Event, ...]:
    """Hand the ticket to the team that the terms name, with the effect they give it (C-34)."""
    match context.policy.capabilities["escalate"].effect:
        case "relevant_team":
            forwarding = commands.Forward(command.kind, command.confirmed, command.reason)
            return forward(ticket, forwarding, context)
        case "product_team" | None:
            refuse_unless_worked_on(ticket, context.policy)
            if ticket.work.team == "product_team":
                return ()
            return (ProductTeamEscalated(command.reason),)
        case effect:
            assert_never(effect)


def forward(
    ticket: Ticket, command: commands.Forward, context: DecisionContext
) -> tuple[Event, ...]:
    """Hand a confirmed matter on, with the information collected: no response time (I-3.4)."""
    refuse_unless_worked_on(ticket, context.policy)
    if ticket.work.team == "relevant_team":
        return ()
    if ticket.open_requests:
        raise Refused(
            "information_not_collected", context.clause, "the user still owes what was asked for"
        )
    if not command.confirmed:
        raise Refused("not_confirmed", context.clause, "confirm the matter before it is handed on")
    forwarded = ForwardedToRelevantTeam(command.kind, command.reason)
    if ticket.work.team == "developers":
        return (DeveloperConsultationEnded(command.reason), forwarded)
    return (forwarded,)


def return_(
    ticket: Ticket, command: commands.Return, context: DecisionContext
) -> tuple[Event, ...]:
    """Give the ticket back to the desk; from the relevant team a new turn begins (C-34)."""
    refuse_unless_alive(ticket, context.policy)
    match ticket.work.team:
        case "product_team":
            return (ProductTeamReturned(command.reason),)
        case "relevant_team":
            return (ReturnedFromRelevantTeam(reason=command.reason),)
        case "developers" | None:
            raise Refused("not_escalated", context.clause, "the desk has the ticket")
        case team:
            assert_never(team)


def consult_developers(
    ticket: Ticket, command: commands.ConsultDevelopers, context: DecisionContext
) -> tuple[Event, ...]:
    """Begin to consult the developers: their hours count from here (I-3.1-c, C-32)."""
    refuse_unless_worked_on(ticket, context.policy)
    refuse_forwarded(ticket, context)
    if ticket.work.team == "developers":
        return ()
    return (DeveloperConsultationStarted(command.reason),)


def end_consultation(
    ticket: Ticket, command: commands.EndConsultation, context: DecisionContext
) -> tuple[Event, ...]:
    """End the consultation: the hours of the product count again (I-3.1)."""
    refuse_unless_alive(ticket, context.policy)
    if ticket.work.team != "developers":
        raise Refused("not_consulting", context.clause, "no developer is being consulted")
    return (DeveloperConsultationEnded(command.reason),)


def team_update(
    ticket: Ticket, command: commands.TeamUpdate, context: DecisionContext
) -> tuple[Event, ...]:
    """Tell the user the news of the team that has the ticket; no clock moves (I-3.4)."""
    refuse_unless_alive(ticket, context.policy)
    if ticket.work.team != "relevant_team":
        raise Refused("not_forwarded", context.clause, "no team has the ticket")
    return (TeamUpdateReceived(command.kind, command.content),)


def refuse_forwarded(ticket: Ticket, context: DecisionContext) -> None:
    """Raise Refused while the relevant team has the ticket: all else is refused (I-3.4, C-34)."""
    if ticket.work.team == "relevant_team":
        clause = context.clause_of("ticket_forwarded")
        raise Refused("ticket_forwarded", clause, "the relevant team has the ticket")
