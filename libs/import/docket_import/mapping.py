"""From a case of the other helpdesk to the history of a ticket under our terms.

What both systems record becomes our events, at the time it happened there. What our terms need and
the helpdesk does not record is inferred: it had registered every case, so the ticket is registered
and the user notified at the moment of creation, and the response clock runs from there. A case that
is reopened was objected to. The only text is the name of a vendor, which
stands in the history until it is written: then it goes beside the log.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import assert_never
from uuid import UUID, uuid5

from docket_events.ids import notice_id
from docket_events.instants import whole_seconds
from docket_events.notice import ClosureBecameFinal, ClosureNoticeSent, RegistrationNoticeSent
from docket_events.recorded import Event, Fact
from docket_events.ticket import (
    Channel,
    ClosureDecided,
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
)
from docket_events.waits import ThirdPartyResponseReceived, ThirdPartyWaitStarted
from docket_events.written import InlineText
from docket_import import helpdesk
from docket_import.helpdesk import BadLine, Case, HelpdeskLine
from docket_policies.deadlines.timers import information_deadline, objections_until
from docket_policies.terms.loader import policy, revision_in_force
from docket_policies.terms.policy import Policy

CHANNELS: Mapping[helpdesk.Channel, Channel] = {
    "Phone": "phone",
    "IVR": "phone",
    "Email": "email",
    "Self service": "client_area",
    "Direct opening": "client_area",
}
PRIORITIES: Mapping[helpdesk.Priority, Priority] = {
    "1 - Critical": "Emergency",
    "2 - High": "High",
    "3 - Moderate": "Medium",
    "4 - Low": "Low",
}
PACK = "regulations"
CLOSING_REASON = "resolved"

_CASE = UUID("0b7c1d9c-27f4-5d1e-8f0a-3a6f5f0c9e42")


def history_of(case: Case, source: str) -> tuple[Fact, ...]:
    """Return the history of the ticket that a case becomes, in the order of the file.

    No event is earlier than the one before it. The terms are those in force at its creation, the
    oldest edition for a case from before them. Raise BadLine where a line makes no sense after the
    lines before it.
    """
    revision = revision_in_force(PACK, case.lines[0].occurred_at)
    story = _Story(case, source, policy(PACK, revision))
    for line in case.lines:
        story.tell(line)
    return tuple(story.facts)


def code(text: str | None, *, of: str) -> str:
    """Return a code of the helpdesk as an id of ours: `Location 143` is `location-143`."""
    return "-".join(text.lower().split()) if text else f"{of}-unknown"


class _Story:
    """A history under construction, and the instant that it has reached."""

    def __init__(self, case: Case, source: str, terms: Policy) -> None:
        self.facts: list[Fact] = []
        self._case = case
        self._source = source
        self._terms = terms
        self._cause = uuid5(_CASE, f"{source}/{case.id}")
        self._at = _utc(case.lines[0].occurred_at)
        self._caller = ""
        self._priority = terms.initial_priority
        self._requests = 0
        self._waits = 0
        self._closings = 0
        self._closed = False

    def tell(self, line: HelpdeskLine) -> None:
        self._check(line)
        self._at = max(self._at, _utc(line.occurred_at))
        match line.what:
            case helpdesk.TicketCreated():
                self._create(line.what)
            case helpdesk.PriorityChanged(to=to):
                self._prioritize(PRIORITIES[to])
            case helpdesk.Responded():
                self._add(ResponseSent())
            case helpdesk.InformationRequested():
                self._ask()
            case helpdesk.InformationProvided():
                self._add(InformationProvided(f"q{self._requests}"))
            case helpdesk.ThirdPartyAwaited(vendor=vendor):
                self._waits += 1
                self._add(
                    ThirdPartyWaitStarted(f"w{self._waits}", InlineText(code(vendor, of="vendor")))
                )
            case helpdesk.ThirdPartyResponded():
                self._add(ThirdPartyResponseReceived(f"w{self._waits}"))
            case helpdesk.EscalatedToProductTeam():
                self._add(ProductTeamEscalated())
            case helpdesk.ReturnedFromProductTeam():
                self._add(ProductTeamReturned())
            case helpdesk.Suspended():
                self._add(TicketSuspended(by=self._caller))
            case helpdesk.Resumed():
                self._add(TicketResumed(by=self._caller))
            case helpdesk.Closed():
                self._close(line.what)
            case helpdesk.Objected():
                pass  # the line that reopens the case follows and says the same
            case helpdesk.Reopened():
                self._closed = False
                self._add(ObjectionAccepted())
            case _:
                assert_never(line.what)

    def _check(self, line: HelpdeskLine) -> None:
        reopens = False
        match line.what:
            case helpdesk.TicketCreated():
                wrong = "is created twice" if self.facts else None
            case _ if not self.facts:
                wrong = "does not begin with TicketCreated"
            case helpdesk.Objected() | helpdesk.Reopened():
                reopens, wrong = True, None if self._closed else "is not closed"
            case helpdesk.InformationProvided():
                wrong = None if self._requests else "was asked for no information"
            case helpdesk.ThirdPartyResponded():
                wrong = None if self._waits else "waited for no third party"
            case _:
                wrong = None
        if wrong is None and self._closed and not reopens:
            wrong = "is closed"
        if wrong is not None:
            raise BadLine(line.number, "type", f"{self._case.id} {wrong}")

    def _add(self, event: Event) -> None:
        self.facts.append(Fact(event, self._at))

    def _create(self, what: helpdesk.TicketCreated) -> None:
        self._caller = code(what.caller_id, of="caller")
        channel = CHANNELS[what.channel]
        self._add(
            TicketCreated(
                number=self._case.id,
                account_id=code(what.location, of="location"),
                requester_id=self._caller,
                channel=channel,
                product=code(what.category, of="category"),
                priority=self._priority,
                pack=self._terms.pack,
                revision=self._terms.revision,
                readings_version=self._terms.readings_version,
            )
        )
        self._add(TicketImported(self._source, self._case.id))
        if channel != "client_area":
            self._add(TicketRegisteredInClientArea(on_behalf_of=self._caller))
        self._prioritize(PRIORITIES[what.priority])
        self._add(RegistrationNoticeSent(self._at, notice_id(self._cause, "registration")))

    def _prioritize(self, priority: Priority) -> None:
        if priority != self._priority:
            self._add(PriorityChanged(to=priority, from_=self._priority))
            self._priority = priority

    def _ask(self) -> None:
        self._requests += 1
        window = self._terms.information_window
        deadline = information_deadline(self._terms, self._at)
        clause = window.clause if window else None
        self._add(InformationRequested(f"q{self._requests}", deadline=deadline, clause=clause))

    def _close(self, what: helpdesk.Closed) -> None:
        self._closings += 1
        self._closed = True
        self._add(
            ClosureDecided(CLOSING_REASON, self._terms.closing_reasons[CLOSING_REASON].clause)
        )
        notice = notice_id(self._cause, f"closing/{self._closings}")
        until = objections_until(self._terms, self._at)
        self._add(ClosureNoticeSent(self._at, notice, until))
        final_at = what.finalized_at or (self._at if what.stage == "closed" else None)
        if final_at is not None:
            self._at = max(self._at, _utc(final_at))
            self._add(ClosureBecameFinal())


def _utc(instant: datetime) -> datetime:
    return whole_seconds(instant.astimezone(UTC))
