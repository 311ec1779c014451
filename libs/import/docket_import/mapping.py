"""From a case of the other helpdesk to the history of a ticket under our terms.

What both systems record becomes our events, at the time it happened there: no time is ever changed.
What our terms need and the helpdesk does not record is inferred: it had registered every case, so
the ticket is registered and the user notified at the moment of creation, and the response clock
runs from there. A case that is reopened was objected to. Texts and addresses become contents.
"""

from collections.abc import Iterator
from typing import assert_never
from uuid import UUID, uuid5

from docket_events.desk import InternalNoteAdded
from docket_events.ids import digest_of, notice_id
from docket_events.instants import wire
from docket_events.notice import ClosureBecameFinal, ClosureNoticeSent, RegistrationNoticeSent
from docket_events.recorded import Actor, Event, Fact
from docket_events.ticket import (
    ClosureDecided,
    ContentRef,
    InformationProvided,
    InformationRequested,
    ObjectionAccepted,
    Priority,
    PriorityChanged,
    ProductTeamEscalated,
    ProductTeamReturned,
    ResponseSent,
    TicketCreated,
    TicketImported,
    TicketRegisteredInClientArea,
    TicketResumed,
    TicketSuspended,
    UserCommented,
    UserReplied,
)
from docket_events.waits import ThirdPartyResponseReceived, ThirdPartyWaitStarted
from docket_import import helpdesk
from docket_import.cases import Case
from docket_import.codes import CHANNELS, PRIORITIES, account_of, code, person
from docket_import.contents import Contents
from docket_import.fault import BadLine, Fault
from docket_import.helpdesk import BY_USER, HelpdeskLine
from docket_import.order import in_utc, with_ends
from docket_import.rules import ImportRules
from docket_import.standing import Standing
from docket_lifecycle.state.fold import fold
from docket_policies.deadlines.timers import information_deadline, objections_until
from docket_policies.terms.loader import policy, revision_in_force
from docket_policies.terms.policy import Policy
from docket_runtime.mail.address import BadAddress, normalised

PACK = "regulations"
CLOSING_REASON = "resolved"

_CASE = UUID("0b7c1d9c-27f4-5d1e-8f0a-3a6f5f0c9e42")
_ANY = UUID(int=0)


def history_of(
    case: Case, rules: ImportRules, contents: Contents | None = None
) -> tuple[Fact, ...]:
    """Return the history of the ticket that a case becomes, in the order of time.

    The terms are those in force at its creation, the oldest edition for a case from before them.
    Its texts and its address are drafted into `contents`. Raise BadLine with all that is wrong with
    the case, a line that makes no sense after those before it among them.
    """
    if not case.lines:
        raise BadLine(case.faults)
    revision = revision_in_force(PACK, case.lines[0].occurred_at)
    story = _Story(case, rules, policy(PACK, revision), contents or Contents(_ANY))
    for line in with_ends(case.lines):
        story.tell(line)
    # what makes no sense after a line that could not be read is no fault of its own
    own = [each for each in story.faults if not (case.faults and each.field == "type")]
    if case.faults or own:
        raise BadLine([*case.faults, *own])
    return tuple(story.facts)


class _Story:
    """A history under construction, and the instant that it has reached."""

    def __init__(self, case: Case, rules: ImportRules, terms: Policy, contents: Contents) -> None:
        self.facts: list[Fact] = []
        self.faults: list[Fault] = []
        self._case = case
        self._rules = rules
        self._terms = terms
        self._contents = contents
        self._cause = uuid5(_CASE, digest_of(rules.source, case.id).hex())
        self._at = in_utc(case.lines[0].occurred_at)
        self._importer = Actor("import", rules.source)
        self._actor = self._importer
        self._caller = ""
        self._priority = terms.initial_priority
        self._now = Standing()

    def tell(self, line: HelpdeskLine) -> None:
        """Add the events of a line, or the faults that keep it from being told."""
        if not self._now.opened and self.faults:
            return  # the case was not opened: whatever follows makes no sense
        self._at = in_utc(line.occurred_at)
        faults = [*self._out_of_time(line), *self._out_of_place(line)]
        if faults:
            self.faults += faults
            return
        what, text, source = line.what, self._contents.text, self._rules.source
        if isinstance(what, helpdesk.TicketCreated):
            self._caller = person(what.caller_id, source, of="caller")
        agent = person(line.agent, source, of="agent") if line.agent else None
        told_for = self._caller if isinstance(what, BY_USER) else agent
        self._actor = Actor("import", source, told_for)
        match what:
            case helpdesk.TicketCreated():
                self._create(what, line)
            case helpdesk.PriorityChanged(to=to):
                self._prioritize(PRIORITIES[to])
            case helpdesk.Responded():
                self._add(ResponseSent(text("response", what.text)))
            case helpdesk.Commented():
                self._comment(what)
            case helpdesk.Noted():
                self._add(InternalNoteAdded(text("note", what.text)))
            case helpdesk.InformationRequested():
                self._ask(what)
            case helpdesk.InformationProvided():
                content = text("information", what.text)
                self._add(InformationProvided(f"q{self._now.requests}", content=content))
            case helpdesk.ThirdPartyAwaited(vendor=vendor):
                self._now.waits += 1
                party = text("party", code(vendor, of="vendor"))
                self._add(ThirdPartyWaitStarted(f"w{self._now.waits}", party))
            case helpdesk.ThirdPartyResponded():
                self._add(ThirdPartyResponseReceived(f"w{self._now.waits}"))
            case helpdesk.EscalatedToProductTeam():
                self._add(ProductTeamEscalated())
            case helpdesk.ReturnedFromProductTeam():
                self._add(ProductTeamReturned())
            case helpdesk.Suspended():
                self._add(TicketSuspended(by=self._caller))
            case helpdesk.Resumed():
                self._add(TicketResumed(by=self._caller))
            case helpdesk.Closed():
                self._close(what)
            case helpdesk.Finalized():
                self._finalize()
            case helpdesk.Objected():
                pass  # the line that reopens the case follows and says the same
            case helpdesk.Reopened():
                self._now.closed, self._now.final_at = False, None
                self._add(ObjectionAccepted(text("objection", what.text)))
            case _:
                assert_never(what)

    def _out_of_time(self, line: HelpdeskLine) -> Iterator[Fault]:
        objection = self._rules.objection(self._at, self._terms)
        if objection is not None:
            (why, right), told = objection, wire(line.occurred_at)
            yield Fault(line.number, line.field, f"{told} {why}", told, right, self._case.id)

    def _out_of_place(self, line: HelpdeskLine) -> Iterator[Fault]:
        wrong = self._now.nonsense(line.what)
        if wrong is not None:
            field = "type" if line.field == "occurred_at" else line.field
            told, detail = type(line.what).__name__, f"{self._case.id} {wrong}"
            yield Fault(line.number, field, detail, told, case=self._case.id)

    def _add(self, event: Event) -> None:
        self.facts.append(Fact(event, self._at, self._actor))

    def _infer(self, event: Event) -> None:
        self.facts.append(Fact(event, self._at, self._importer))

    def _create(self, what: helpdesk.TicketCreated, line: HelpdeskLine) -> None:
        channel = CHANNELS[what.channel]
        self._now.opened = True
        self._add(
            TicketCreated(
                number=f"{self._rules.prefix}{self._case.id}",
                account_id=account_of(what),
                requester_id=self._caller,
                channel=channel,
                product=code(what.category, of="category"),
                priority=self._priority,
                pack=self._terms.pack,
                revision=self._terms.revision,
                subject=self._contents.text("subject", what.subject),
                description=self._contents.text("description", what.description),
                contact=self._contact(what, line),
                readings_version=self._terms.readings_version,
            )
        )
        self._infer(TicketImported(self._rules.source, self._case.id))
        if channel != "client_area":
            self._infer(TicketRegisteredInClientArea(on_behalf_of=self._caller))
        self._prioritize(PRIORITIES[what.priority])
        self._infer(RegistrationNoticeSent(self._at, notice_id(self._cause, "registration")))

    def _contact(self, what: helpdesk.TicketCreated, line: HelpdeskLine) -> ContentRef | None:
        if what.email is None:
            return None
        try:
            return self._contents.contact(normalised(what.email), what.name)
        except BadAddress as wrong:
            right = "a mail address, as ann@acme.example"
            self.faults.append(
                Fault(line.number, "data.email", str(wrong), right=right, case=self._case.id)
            )
            return None

    def _prioritize(self, priority: Priority) -> None:
        if priority != self._priority:
            self._add(PriorityChanged(to=priority, from_=self._priority))
            self._priority = priority

    def _comment(self, what: helpdesk.Commented) -> None:
        """Add a message of the user, a reply where the ball is with the user (C-62)."""
        ticket, content = fold(_ANY, self.facts), self._contents.text("comment", what.text)
        assert ticket is not None
        replies = ticket.waiting_for == "user" and not ticket.open_requests
        self._add(UserReplied(content) if replies else UserCommented(content))

    def _ask(self, what: helpdesk.InformationRequested) -> None:
        self._now.requests += 1
        window = self._terms.information_window
        self._add(
            InformationRequested(
                f"q{self._now.requests}",
                items=self._contents.text("request", what.text),
                deadline=information_deadline(self._terms, self._at),
                clause=window.clause if window else None,
            )
        )

    def _close(self, what: helpdesk.Closed) -> None:
        self._now.closings += 1
        self._now.closed = True
        content = self._contents.text("closing", what.text)
        clause = self._terms.closing_reasons[CLOSING_REASON].clause
        self._add(ClosureDecided(CLOSING_REASON, clause, content=content))
        notice = notice_id(self._cause, f"closing/{self._now.closings}")
        until = objections_until(self._terms, self._at)
        self._infer(ClosureNoticeSent(self._at, notice, until))

    def _finalize(self) -> None:
        if self._now.final_at is None:  # several closings may name the one end
            self._now.final_at = self._at
            self._infer(ClosureBecameFinal())
