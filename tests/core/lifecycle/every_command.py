"""The table of the ticket's life: what each command comes to in each phase, under each pack.

Before each command stands what gives it something to do while the ticket is open, so that what a
phase refuses it refuses because of the phase.
"""

from dataclasses import dataclass

from acme import (
    ANN,
    NOTICE,
    OLGA,
    REGISTERED,
    UNDER_I,
    created,
    june,
    text,
)
from sentences import Given, given, on

from docket_events.access import RemoteAccessConsentGiven
from docket_events.combining import MergedInto
from docket_events.desk import IndependentMeasuresProposed, TicketRejected
from docket_events.notice import ClosureBecameFinal, ClosureNoticeSent
from docket_events.recorded import Actor, Event, Fact
from docket_events.teams import DeveloperConsultationStarted, ForwardedToRelevantTeam
from docket_events.ticket import (
    CauseUnknownDeclared,
    ClosureDecided,
    InformationProvided,
    InformationRequested,
    ObjectionAccepted,
    OperationScheduled,
    PriorityChanged,
    ProductTeamEscalated,
    ThirdPartyWaitStarted,
    TicketRevoked,
    TicketSuspended,
    UserCommented,
)
from docket_lifecycle import commands
from docket_lifecycle.commands import OnTicket, verb_of
from docket_lifecycle.state.ticket import Status

PETRA = Actor("privacy_officer", "petra")
NOW = june(9, 12)


def earlier(*events: Event) -> tuple[Fact, ...]:
    return tuple(on(june(8, 12), event) for event in events)


def later(*events: Event) -> tuple[Fact, ...]:
    return tuple(on(june(9, 9), event) for event in events)


BEGIN = {
    "R": (on(june(8, 9), created("phone")), on(june(8, 9), REGISTERED)),
    "I": (on(june(8, 9), UNDER_I), on(june(8, 9), REGISTERED)),
}
ASKED = earlier(
    InformationRequested("q1", deadline=june(11, 10)),
    InformationRequested("q2", deadline=june(11, 11)),
    InformationProvided("q2", upload_pending=True),
)
REOPENED = earlier(
    ClosureDecided("out_of_scope", "R-6.9-d"),
    ClosureNoticeSent(june(8, 13), NOTICE, june(14)),
    ObjectionAccepted(text("what"), text("consequences")),
)
WAITING = earlier(ThirdPartyWaitStarted("w7", "a bank"))
UNKNOWN = earlier(CauseUnknownDeclared())
AGREED = earlier(OperationScheduled(june(12, 2)))
ESCALATED = earlier(ProductTeamEscalated())
FORWARDED = earlier(ForwardedToRelevantTeam("error"))
CONSULTING = earlier(DeveloperConsultationStarted())
PROPOSED = earlier(IndependentMeasuresProposed())
TOLD_IN_WORDS = earlier(UserCommented(text("words")))
CONSENT = earlier(RemoteAccessConsentGiven("written", "alternative"))

BREACHED = earlier(PriorityChanged("Emergency", "Low", "every node is down"))

DECIDED = later(ClosureDecided("resolved", "R-6.10-a"))
TOLD = (*DECIDED, *later(ClosureNoticeSent(june(9, 10), NOTICE, june(15))))
WAYS: dict[str, dict[Status, tuple[Fact, ...]]] = {
    "R": {
        Status.OPEN: (),
        Status.SUSPENDED: later(TicketSuspended("ann")),
        Status.CLOSING: DECIDED,
        Status.CLOSED: TOLD,
        Status.FINAL: (*TOLD, *later(ClosureBecameFinal())),
        Status.REVOKED: later(TicketRevoked("ann")),
        Status.MERGED: later(MergedInto("another")),
    },
    "I": {
        Status.OPEN: (),
        Status.CLOSING: DECIDED,
        Status.CLOSED: TOLD,
        Status.REVOKED: later(TicketRevoked("ann")),
        Status.REJECTED: later(TicketRejected("out_of_scope", "I-3.2-e")),
    },
}

OK = "ok"
ENDS = {
    "R": ("ticket_closed R-6.10-a",) * 2 + ("ticket_revoked R-6.6-a", "ticket_merged R-6.3-a"),
    "I": ("ticket_closed I-2.6-ongoing", "ticket_revoked C-35", "ticket_rejected I-3.2-e"),
}
CLOSING = {"R": "ticket_closing R-6.10-a", "I": "ticket_closing I-2.6-ongoing"}
SUSPENDED = "ticket_suspended R-6.6-a"


def alive(pack: str, suspended: str = OK, opened: str = OK, closing: str = "") -> tuple[str, ...]:
    """Say that a command needs a ticket that lives."""
    first = (opened, suspended) if pack == "R" else (opened,)
    return (*first, closing or CLOSING[pack], *ENDS[pack])


def worked_on(pack: str) -> tuple[str, ...]:
    """Say that a command needs a ticket that the provider may work on."""
    return alive(pack, SUSPENDED)


def always(pack: str) -> tuple[str, ...]:
    """Say that a command finds nothing in its way."""
    return (OK,) * len(WAYS[pack])


@dataclass(frozen=True, slots=True)
class Row:
    """A command: before it, who gives it, and what it comes to in each phase, in their order."""

    pack: str
    command: OnTicket
    by: Actor
    comes_to: tuple[str, ...]
    before: tuple[Fact, ...] = ()

    @property
    def verb(self) -> str:
        return verb_of(self.command)

    def in_phase(self, phase: Status) -> Given:
        return given(*BEGIN[self.pack], *self.before, *WAYS[self.pack][phase])


EXCUSE = commands.ExcuseBreach(1, "force_majeure", "olga")
ERASE = commands.Erase("person_asked", (text("words").id,))
NOT_CLOSED = "ticket_not_closed R-6.10-b"
TABLE = (
    Row("R", commands.Register(), OLGA, alive("R")),
    Row("R", commands.Prioritize("High", "a node is down"), OLGA, alive("R")),
    Row("R", commands.Assign("olga"), OLGA, alive("R")),
    Row("R", commands.LinkDefect("VM-4711"), OLGA, alive("R")),
    Row("R", commands.Respond(text("we looked")), OLGA, worked_on("R")),
    Row("R", commands.Reply(text("thank you")), ANN, alive("R")),
    Row("R", commands.Comment(text("by the way")), ANN, alive("R")),
    Row("R", commands.Note(text("for us")), OLGA, always("R")),
    Row("R", commands.RequestInformation(text("the journal")), OLGA, worked_on("R")),
    Row("R", commands.ProvideInformation("q1"), ANN, alive("R", closing=OK), ASKED),
    Row("R", commands.CompleteUpload("q2"), ANN, alive("R", closing=OK), ASKED),
    Row("R", commands.RejectInformation("q2", text("not that")), OLGA, alive("R"), ASKED),
    Row("R", commands.Suspend(), ANN, alive("R", "already_suspended R-6.6-a")),
    Row("R", commands.Resume(), ANN, alive("R", opened="not_suspended R-6.6-a")),
    Row("R", commands.Revoke(), ANN, alive("R")),
    Row("R", commands.AwaitThirdParty("a bank"), OLGA, worked_on("R")),
    Row("R", commands.ThirdPartyResponded("w7"), OLGA, alive("R"), WAITING),
    Row("R", commands.DeclareCauseUnknown(), OLGA, worked_on("R")),
    Row("R", commands.CauseEstablished(), OLGA, alive("R"), UNKNOWN),
    Row("R", commands.ScheduleOperation(june(12, 2)), OLGA, worked_on("R")),
    Row("R", commands.CancelOperation(), OLGA, alive("R"), AGREED),
    Row("R", commands.Escalate("the code"), OLGA, worked_on("R")),
    Row("R", commands.Return(), OLGA, alive("R"), ESCALATED),
    Row("R", commands.RecordChange("a module"), OLGA, alive("R")),
    Row("R", commands.ProposeMeasures(text("a move")), ANN, alive("R")),
    Row("R", commands.AgreeMeasures(), OLGA, alive("R"), PROPOSED),
    Row("R", commands.SetDeadline(june(30)), OLGA, alive("R")),
    Row("R", EXCUSE, OLGA, always("R"), BREACHED),
    Row("R", commands.GrantAccess("written"), ANN, alive("R")),
    Row("R", commands.WithdrawAccess(), ANN, alive("R"), CONSENT),
    Row("R", commands.OpenConnection(), OLGA, worked_on("R"), CONSENT),
    Row("R", commands.Close("resolved"), OLGA, alive("R")),
    Row(
        "R",
        commands.Object(text("what"), text("consequences")),
        ANN,
        (
            NOT_CLOSED,
            NOT_CLOSED,
            CLOSING["R"],
            OK,
            "objection_window_over R-6.10-b",
            *ENDS["R"][2:],
        ),
    ),
    Row("R", commands.RefuseObjection(text("nothing new")), OLGA, alive("R"), REOPENED),
    Row("R", ERASE, PETRA, always("R"), TOLD_IN_WORDS),
    Row("I", commands.Prioritize("Low", "a wish"), OLGA, alive("I")),
    Row("I", commands.Assign("olga"), OLGA, alive("I")),
    Row("I", commands.LinkDefect("VM-4711"), OLGA, alive("I")),
    Row("I", commands.Respond(text("we looked")), OLGA, worked_on("I")),
    Row("I", commands.Reply(text("thank you")), ANN, alive("I")),
    Row("I", commands.Comment(text("by the way")), ANN, alive("I")),
    Row("I", commands.Note(text("for us")), OLGA, always("I")),
    Row("I", commands.RequestInformation(text("the journal")), OLGA, worked_on("I")),
    Row("I", commands.ProvideInformation("q1"), ANN, alive("I", closing=OK), ASKED),
    Row("I", commands.CompleteUpload("q2"), ANN, alive("I", closing=OK), ASKED),
    Row("I", commands.RejectInformation("q2", text("not that")), OLGA, alive("I"), ASKED),
    Row("I", commands.Revoke(), ANN, alive("I")),
    Row("I", commands.AwaitThirdParty("a bank"), OLGA, worked_on("I")),
    Row("I", commands.ThirdPartyResponded("w7"), OLGA, alive("I"), WAITING),
    Row("I", commands.Escalate("a wish", confirmed=True), OLGA, worked_on("I")),
    Row("I", commands.Forward(confirmed=True), OLGA, worked_on("I")),
    Row("I", commands.Return(), OLGA, alive("I"), FORWARDED),
    Row("I", commands.TeamUpdate(text("news")), OLGA, alive("I"), FORWARDED),
    Row("I", commands.ConsultDevelopers(), OLGA, worked_on("I")),
    Row("I", commands.EndConsultation(), OLGA, alive("I"), CONSULTING),
    Row("I", commands.ExtendPeriod(3600), OLGA, alive("I"), CONSENT),
    Row("I", EXCUSE, OLGA, always("I"), BREACHED),
    Row("I", commands.GrantAccess("written"), ANN, alive("I")),
    Row("I", commands.WithdrawAccess(), ANN, alive("I"), CONSENT),
    Row("I", commands.OpenConnection("alternative"), OLGA, worked_on("I"), CONSENT),
    Row("I", commands.Reject("out_of_scope"), OLGA, alive("I")),
    Row("I", commands.Close("resolved"), OLGA, alive("I")),
    Row("I", ERASE, PETRA, always("I"), TOLD_IN_WORDS),
)
ROWS = {(row.pack, row.verb): row for row in TABLE}
CELLS = [
    (row, phase, expected)
    for row in TABLE
    for phase, expected in zip(WAYS[row.pack], row.comes_to, strict=True)
]
