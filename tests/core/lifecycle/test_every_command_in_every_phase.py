"""The table of the ticket's life: what each command comes to in each phase.

The ticket came by phone, one request waits for its answer, and the data for another is on its way;
where an objection is to be refused there was one. So in the open phase nearly every command has
something to do, and what a phase refuses it refuses because of the phase.
"""

from dataclasses import dataclass

import pytest
from acme import ANN, NOTICE, OLGA, REGISTERED, created, june, text
from sentences import Given, given, on

from docket_events.notice import ClosureBecameFinal, ClosureNoticeSent
from docket_events.recorded import Fact
from docket_events.ticket import (
    ClosureDecided,
    InformationProvided,
    InformationRequested,
    ObjectionAccepted,
    TicketRevoked,
    TicketSuspended,
)
from docket_lifecycle.commands import (
    Close,
    Comment,
    CompleteUpload,
    Object,
    Prioritize,
    ProvideInformation,
    RefuseObjection,
    Register,
    RejectInformation,
    Reply,
    RequestInformation,
    Respond,
    Resume,
    Revoke,
    Suspend,
    TicketCommand,
    verb_of,
)
from docket_lifecycle.ticket import Status

BY_PHONE = (on(june(8, 9), created("phone")), on(june(8, 9), REGISTERED))
ASKED = (
    *BY_PHONE,
    on(june(8, 10), InformationRequested("q1", deadline=june(11, 10))),
    on(june(8, 11), InformationRequested("q2", deadline=june(11, 11))),
    on(june(8, 12), InformationProvided("q2", upload_pending=True)),
)
REOPENED = (
    *BY_PHONE,
    on(june(8, 13), ClosureDecided("out_of_scope", "R-6.9-d")),
    on(june(8, 13), ClosureNoticeSent(june(8, 13), NOTICE, june(14))),
    on(june(8, 14), ObjectionAccepted(text("what"), text("consequences"))),
)
BEFORE = {"refuse-objection": REOPENED}

DECIDED = on(june(9, 9), ClosureDecided("resolved", "R-6.10-a"))
NOTICED = on(june(9, 10), ClosureNoticeSent(june(9, 10), NOTICE, june(15)))
WAYS: dict[Status, tuple[Fact, ...]] = {
    Status.OPEN: (),
    Status.SUSPENDED: (on(june(9, 9), TicketSuspended("ann")),),
    Status.CLOSING: (DECIDED,),
    Status.CLOSED: (DECIDED, NOTICED),
    Status.FINAL: (DECIDED, NOTICED, on(june(9, 11), ClosureBecameFinal())),
    Status.REVOKED: (on(june(9, 9), TicketRevoked("ann")),),
}
NOW = june(9, 12)

AGENTS_COMMANDS: tuple[TicketCommand, ...] = (
    Register(),
    Prioritize("High", "a node is down"),
    Respond(text("we looked")),
    RequestInformation(text("the journal")),
    RejectInformation("q2", text("not that one")),
    Close("resolved"),
    RefuseObjection(text("nothing new")),
)
CUSTOMERS_COMMANDS: tuple[TicketCommand, ...] = (
    Reply(text("thank you")),
    Comment(text("by the way")),
    ProvideInformation("q1"),
    CompleteUpload("q2"),
    Suspend(),
    Resume(),
    Revoke(),
    Object(text("what"), text("consequences")),
)
COMMANDS = {verb_of(command): command for command in AGENTS_COMMANDS + CUSTOMERS_COMMANDS}

OK = "ok"
CLOSING = "ticket_closing R-6.10-a"
CLOSED = "ticket_closed R-6.10-a"
REVOKED = "ticket_revoked R-6.6-a"
SUSPENDED = "ticket_suspended R-6.6-a"

TABLE: dict[str, tuple[str, str, str, str, str, str]] = {
    # verb: open, suspended, closing, closed, final, revoked
    "register": (OK, OK, CLOSING, CLOSED, CLOSED, REVOKED),
    "prioritize": (OK, OK, CLOSING, CLOSED, CLOSED, REVOKED),
    "respond": (OK, SUSPENDED, CLOSING, CLOSED, CLOSED, REVOKED),
    "reply": (OK, OK, CLOSING, CLOSED, CLOSED, REVOKED),
    "comment": (OK, OK, CLOSING, CLOSED, CLOSED, REVOKED),
    "request-information": (OK, SUSPENDED, CLOSING, CLOSED, CLOSED, REVOKED),
    "provide-information": (OK, OK, OK, CLOSED, CLOSED, REVOKED),
    "complete-upload": (OK, OK, OK, CLOSED, CLOSED, REVOKED),
    "reject-information": (OK, OK, CLOSING, CLOSED, CLOSED, REVOKED),
    "suspend": (OK, "already_suspended R-6.6-a", CLOSING, CLOSED, CLOSED, REVOKED),
    "resume": ("not_suspended R-6.6-a", OK, CLOSING, CLOSED, CLOSED, REVOKED),
    "revoke": (OK, OK, CLOSING, CLOSED, CLOSED, REVOKED),
    "close": (OK, OK, CLOSING, CLOSED, CLOSED, REVOKED),
    "object": (
        "ticket_not_closed R-6.10-b",
        "ticket_not_closed R-6.10-b",
        CLOSING,
        OK,
        "objection_window_over R-6.10-b",
        REVOKED,
    ),
    "refuse-objection": (OK, OK, CLOSING, CLOSED, CLOSED, REVOKED),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table."""

    verb: str
    phase: Status
    expected: str


def before_a(verb: str, phase: Status) -> Given:
    return given(*BEFORE.get(verb, ASKED), *WAYS[phase])


CELLS = [
    Cell(verb, phase, expected)
    for verb, row in TABLE.items()
    for phase, expected in zip(WAYS, row, strict=True)
]


@pytest.mark.parametrize("cell", CELLS, ids=lambda c: f"{c.verb} while {c.phase}")
def test_a_command_in_a_phase(cell: Cell) -> None:
    by = OLGA if COMMANDS[cell.verb] in AGENTS_COMMANDS else ANN
    before = before_a(cell.verb, cell.phase)
    assert before.ticket.status is cell.phase

    came = before.when(COMMANDS[cell.verb], at=NOW, by=by)

    if cell.expected == OK:
        assert isinstance(came.answer, tuple), came.answer
        assert len(came.answer) == 1
        came.then(*came.answer)
    else:
        came.then_refused(*cell.expected.split())


@pytest.mark.parametrize("verb", TABLE)
def test_what_belongs_to_one_side_is_refused_to_the_other_in_every_phase(verb: str) -> None:
    by = ANN if COMMANDS[verb] in AGENTS_COMMANDS else OLGA

    for phase in WAYS:
        before_a(verb, phase).when(COMMANDS[verb], at=NOW, by=by).then_refused(
            "actor_not_entitled", OWNERSHIP_CLAUSE[verb]
        )


OWNERSHIP_CLAUSE = {
    "register": "R-4.2-b",
    "prioritize": "R-6.5",
    "respond": "R-1.14",
    "reply": "R-1.14",
    "comment": "R-1.14",
    "request-information": "R-6.4",
    "provide-information": "R-6.4",
    "complete-upload": "R-1.14",
    "reject-information": "R-6.1-c",
    "suspend": "R-6.6-a",
    "resume": "R-6.6-a",
    "revoke": "R-6.6-a",
    "close": "R-6.9",
    "object": "R-6.10-b",
    "refuse-objection": "R-6.10-d",
}
