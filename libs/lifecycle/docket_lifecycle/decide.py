"""The decision on a command: new events, none if nothing changes, or a refusal with its clause.

First what all commands have in common: does the ticket's pack grant it, and to whom. Then the rule
of the command itself, in a module of `rules`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from docket_events.recorded import Actor, Event, Happened
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
    opening,
    suspension,
    teams,
    triage,
    waits,
)
from docket_lifecycle.rules.context import Asking, granted
from docket_lifecycle.rules.division import Histories
from docket_lifecycle.state.ticket import Ticket
from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.terms.policy import Policy


def create(
    command: commands.Create, *, at: datetime, actor: Actor, policy: Policy
) -> tuple[Event, ...]:
    """Return the events that open a ticket under the policy; raise NotEntitled or Refused."""
    return opening.create(command, Asking(at, actor, policy, granted(policy, command, actor)))


def decide_among(
    ticket: Ticket,
    others: Sequence[Ticket],
    command: commands.OnTicket,
    *,
    history: Sequence[Happened],
    at: datetime,
    actor: Actor,
    policy: Policy,
) -> Histories:
    """Return the events that the command causes, by ticket.

    `history` is that of the ticket, `others` are those that a merge names. Raises as `decide` does,
    and Refused where the clock is needed and no calendar knows those years (C-13).
    """
    asking = Asking(at, actor, policy, granted(policy, command, actor))
    try:
        return _among(ticket, others, command, history, asking)
    except OutsideCoverage as beyond:
        clause = policy.refusals.get(beyond.code, asking.clause)
        raise Refused(beyond.code, clause, str(beyond)) from None


def _among(
    ticket: Ticket,
    others: Sequence[Ticket],
    command: commands.OnTicket,
    history: Sequence[Happened],
    asking: Asking,
) -> Histories:
    at, actor, policy = asking.at, asking.actor, asking.policy
    match command:
        case commands.Split():
            base = division.turn_base(history, policy, at)
            return division.decide_split(
                ticket, command, parent_base=base, at=at, actor=actor, policy=policy
            )
        case commands.Merge():
            return division.decide_merge(ticket, others, command, at=at, actor=actor, policy=policy)
        case commands.ExcuseBreach():
            return {ticket.id: excuses.excuse_breach(history, command, asking)}
        case _:
            return {ticket.id: decide(ticket, command, at=at, actor=actor, policy=policy)}


def decide(
    ticket: Ticket, command: commands.TicketCommand, *, at: datetime, actor: Actor, policy: Policy
) -> tuple[Event, ...]:
    """Return the events that the command causes at `at`; () if nothing changes.

    Raises NotEntitled if that side may never do it, Refused if it may not be done now.
    """
    asking = Asking(at, actor, policy, granted(policy, command, actor))
    access.refuse_restricted(ticket, command, asking)
    match command:
        case commands.Register():
            return triage.register(ticket, command, asking)
        case commands.Prioritize():
            return triage.prioritize(ticket, command, asking)
        case commands.Assign():
            return triage.assign(ticket, command, asking)
        case commands.LinkDefect():
            return triage.link_defect(ticket, command, asking)
        case commands.Respond():
            return conversation.respond(ticket, command, asking)
        case commands.Reply():
            return conversation.reply(ticket, command, asking)
        case commands.Comment():
            return conversation.comment(ticket, command, asking)
        case commands.Note():
            return conversation.note(ticket, command, asking)
        case commands.RequestInformation():
            return information.request(ticket, command, asking)
        case commands.ProvideInformation():
            return information.provide(ticket, command, asking)
        case commands.CompleteUpload():
            return information.complete_upload(ticket, command, asking)
        case commands.RejectInformation():
            return information.reject(ticket, command, asking)
        case commands.Suspend():
            return suspension.suspend(ticket, command, asking)
        case commands.Resume():
            return suspension.resume(ticket, command, asking)
        case commands.Revoke():
            return suspension.revoke(ticket, command, asking)
        case commands.AwaitThirdParty():
            return waits.await_third_party(ticket, command, asking)
        case commands.ThirdPartyResponded():
            return waits.third_party_responded(ticket, command, asking)
        case commands.DeclareCauseUnknown():
            return waits.declare_cause_unknown(ticket, command, asking)
        case commands.CauseEstablished():
            return waits.cause_established(ticket, command, asking)
        case commands.ScheduleOperation():
            return waits.schedule_operation(ticket, command, asking)
        case commands.CancelOperation():
            return waits.cancel_operation(ticket, command, asking)
        case commands.Escalate():
            return teams.escalate(ticket, command, asking)
        case commands.Forward():
            return teams.forward(ticket, command, asking)
        case commands.Return():
            return teams.return_(ticket, command, asking)
        case commands.ConsultDevelopers():
            return teams.consult_developers(ticket, command, asking)
        case commands.EndConsultation():
            return teams.end_consultation(ticket, command, asking)
        case commands.TeamUpdate():
            return teams.team_update(ticket, command, asking)
        case commands.RecordChange():
            return measures.record_change(ticket, command, asking)
        case commands.ProposeMeasures():
            return measures.propose_measures(ticket, command, asking)
        case commands.AgreeMeasures():
            return measures.agree_measures(ticket, command, asking)
        case commands.SetDeadline():
            return measures.set_deadline(ticket, command, asking)
        case commands.ExtendPeriod():
            return measures.extend_period(ticket, command, asking)
        case commands.GrantAccess():
            return access.grant_access(ticket, command, asking)
        case commands.WithdrawAccess():
            return access.withdraw_access(ticket, command, asking)
        case commands.OpenConnection():
            return access.open_connection(ticket, command, asking)
        case commands.Reject():
            return closing.reject(ticket, command, asking)
        case commands.Close():
            return closing.close(ticket, command, asking)
        case commands.Object():
            return closing.object_to_closing(ticket, command, asking)
        case commands.RefuseObjection():
            return closing.refuse_objection(ticket, command, asking)
        case commands.Erase():
            return contents.erase(ticket, command, asking)
        case _:
            assert_never(command)
