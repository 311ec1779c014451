"""What follows from a command: new events, nothing where nothing changes, or a refusal.

`DecisionContext.of` has asked what every command shares: whether the ticket's pack knows it, and to
whom it grants it. Here follows the rule of the command itself, in the module of the thing that it
is about.
"""

from collections.abc import Sequence

from docket_events.recorded import Event, Happened
from docket_lifecycle import commands
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules import (
    access,
    closing,
    contents,
    conversation,
    division,
    excuses,
    information,
    measures,
    suspension,
    teams,
    triage,
    waits,
)
from docket_lifecycle.rules.context import DecisionContext, NewEvents, OtherTicket
from docket_lifecycle.rules.phases import after_silence
from docket_lifecycle.state.ticket import Ticket
from docket_policies.calendars.opentime import OutsideCoverage


def decide(
    ticket: Ticket,
    command: commands.OnTicket,
    context: DecisionContext,
    *,
    history: Sequence[Happened] = (),
    others: Sequence[OtherTicket] = (),
) -> NewEvents:
    """Return the events that the command causes, by the ticket that they are about.

    `history` is that of the ticket, `others` are the tickets that a merge names, with theirs.
    Raises Refused where it may not be done now, and where the clock is needed and no calendar knows
    those years (C-13).
    """
    try:
        match command:
            case commands.Split():
                return division.split(ticket, command, context, history)
            case commands.Merge():
                return division.merge(OtherTicket(ticket, history), others, command, context)
            case _:
                access.refuse_restricted(ticket, command, context)
                ticket = after_silence(ticket, context, history)
                return {ticket.id: _events(ticket, command, context, history)}
    except OutsideCoverage as beyond:
        clause = context.clause_of(beyond.code)
        raise Refused(beyond.code, clause, str(beyond)) from None


def _events(
    ticket: Ticket,
    command: commands.TicketCommand,
    context: DecisionContext,
    history: Sequence[Happened],
) -> tuple[Event, ...]:
    match command:
        case commands.Register():
            return triage.register(ticket, command, context)
        case commands.Prioritize():
            return triage.prioritize(ticket, command, context)
        case commands.Correct():
            return triage.correct(ticket, command, context)
        case commands.Assign():
            return triage.assign(ticket, command, context)
        case commands.Respond():
            return conversation.respond(ticket, command, context)
        case commands.Reply() | commands.Comment():
            return conversation.message(ticket, command, context)
        case commands.Note():
            return conversation.note(ticket, command, context)
        case commands.RequestInformation():
            return information.request(ticket, command, context)
        case commands.ProvideInformation():
            return information.provide(ticket, command, context)
        case commands.CompleteUpload():
            return information.complete_upload(ticket, command, context)
        case commands.RejectInformation():
            return information.reject(ticket, command, context)
        case commands.Suspend():
            return suspension.suspend(ticket, command, context)
        case commands.Resume():
            return suspension.resume(ticket, command, context)
        case commands.Revoke():
            return suspension.revoke(ticket, command, context)
        case commands.Reject():
            return closing.reject(ticket, command, context)
        case commands.Close():
            return closing.close(ticket, command, context)
        case commands.Object():
            return closing.object_to_closing(ticket, command, context)
        case commands.RefuseObjection():
            return closing.refuse_objection(ticket, command, context)
        case commands.Erase():
            return contents.erase(ticket, command, context)
        case commands.ExcuseBreach():
            return excuses.excuse_breach(history, command, context)
        case _:
            return _events_of_work(ticket, command, context)


def _events_of_work(
    ticket: Ticket,
    command: commands.WorkCommand,
    context: DecisionContext,
) -> tuple[Event, ...]:
    match command:
        case commands.Escalate():
            return teams.escalate(ticket, command, context)
        case commands.Return():
            return teams.return_(ticket, command, context)
        case commands.ConsultDevelopers():
            return teams.consult_developers(ticket, command, context)
        case commands.EndConsultation():
            return teams.end_consultation(ticket, command, context)
        case commands.Forward():
            return teams.forward(ticket, command, context)
        case commands.TeamUpdate():
            return teams.team_update(ticket, command, context)
        case commands.RecordChange():
            return measures.record_change(ticket, command, context)
        case commands.ProposeMeasures():
            return measures.propose_measures(ticket, command, context)
        case commands.AgreeMeasures():
            return measures.agree_measures(ticket, command, context)
        case commands.SetDeadline():
            return measures.set_deadline(ticket, command, context)
        case commands.ExtendPeriod():
            return measures.extend_period(ticket, command, context)
        case commands.GrantAccess():
            return access.grant_access(ticket, command, context)
        case commands.WithdrawAccess():
            return access.withdraw_access(ticket, command, context)
        case commands.OpenConnection():
            return access.open_connection(ticket, command, context)
        case commands.LinkDefect():
            return triage.link_defect(ticket, command, context)
        case _:
            return waits.events_of_wait(ticket, command, context)
