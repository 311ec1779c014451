"""The waits of a ticket: for information, a third party, a cause, an agreed hour (R-6.8).

A wait for which the policy has no state moves no clock and is not kept.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, assert_never

from docket_events.combining import OpenRequest, SplitChildCreated, TicketsMerged
from docket_events.recorded import Fact, Happened
from docket_events.ticket import (
    InformationProvided,
    InformationRejected,
    InformationRequested,
    UploadCompleted,
)
from docket_events.waits import (
    CauseEstablished,
    CauseUnknownDeclared,
    OperationCancelled,
    OperationScheduled,
    ProviderWaitEvent,
    ThirdPartyResponseReceived,
    ThirdPartyWaitStarted,
)
from docket_policies.calendars.epoch import seconds
from docket_policies.terms.clock_states import ClockState
from docket_policies.terms.policy import Policy

WaitEvent = (
    InformationRequested
    | InformationProvided
    | UploadCompleted
    | InformationRejected
    | ProviderWaitEvent
)


class Hold(NamedTuple):
    """What pauses the clock, since which event, and until when if that is known."""

    state: ClockState
    cause: Happened
    until: int | None


class Waits:
    """The waits open at one instant; `take` applies one event.

    `information` holds the requests whose answer has not fully arrived, `uploading` those of them
    whose answer is on the way.
    """

    __slots__ = ("_asked", "_cause", "_operation", "_policy", "_third", "information", "uploading")

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._asked: dict[str, Happened] = {}
        self._third: dict[str, Happened] = {}
        self._cause: Happened | None = None
        self._operation: tuple[int, Happened] | None = None
        self.information: dict[str, Happened] = {}
        self.uploading: set[str] = set()

    def __len__(self) -> int:
        single = (self._cause is not None) + (self._operation is not None)
        return len(self.information) + len(self._third) + single

    def take(self, event: WaitEvent, happened: Happened) -> None:
        """Open or end the waits that the event opens or ends."""
        known = self._policy.states
        match event:
            case InformationRequested(request=request):
                if "waiting_user" in known:
                    self._asked[request] = self.information[request] = happened
            case InformationProvided(request=request, upload_pending=pending):
                if pending and self._policy.readings.upload == "end_of_transfer":
                    if request in self.information:
                        self.uploading.add(request)
                else:
                    self._arrived(request)
            case UploadCompleted(request=request):
                self._arrived(request)
            case InformationRejected(request=request):
                self.uploading.discard(request)
                if request in self._asked:
                    self.information[request] = self._asked[request]
            case ThirdPartyWaitStarted(id=wait):
                if "waiting_third_party" in known:
                    self._third.setdefault(wait, happened)
            case ThirdPartyResponseReceived(id=wait):
                self._third.pop(wait, None)
            case CauseUnknownDeclared():
                if "cause_unknown" in known:
                    self._cause = self._cause or happened
            case CauseEstablished():
                self._cause = None
            case OperationScheduled(agreed_for=agreed_for):
                if "scheduled_operation" in known:
                    self._operation = seconds(agreed_for), happened
            case OperationCancelled():
                self._operation = None
            case _:
                assert_never(event)

    def take_over(self, event: SplitChildCreated | TicketsMerged, happened: Happened) -> None:
        """Add the waits of other tickets, a request from when it was made there (C-05, C-08)."""
        known = self._policy.states
        if "waiting_user" in known:
            for told in event.open_requests:
                asked = _asked(told, happened.occurred_at)
                request = told if isinstance(told, str) else told.request
                self.information.setdefault(request, self._asked.setdefault(request, asked))
        if "waiting_third_party" in known:
            for wait in event.third_parties:
                self._third.setdefault(wait, happened)
        if event.cause_unknown and "cause_unknown" in known:
            self._cause = self._cause or happened
        if event.agreed_for is not None and "scheduled_operation" in known:
            self._operation = seconds(event.agreed_for), happened

    def unanswered(self) -> Iterator[tuple[str, datetime, datetime | None]]:
        """Return the requests without an answer: id, when asked, the deadline recorded then."""
        for request, asked in self.information.items():
            if request not in self.uploading and isinstance(asked.event, InformationRequested):
                yield request, asked.occurred_at, asked.event.deadline

    def asked_at(self, request: str) -> int | None:
        """Return when something was asked for (seconds since 1970), None when it never was."""
        asked = self._asked.get(request)
        return None if asked is None else seconds(asked.occurred_at)

    def was_answered(self, request: str) -> bool:
        """Return whether the request was made and its answer has arrived."""
        return request in self._asked and request not in self.information

    def ended_by(self, instant: int) -> Hold | None:
        """End an operation whose agreed time has come by the instant, and return it."""
        if self._operation is None or self._operation[0] > instant:
            return None
        until, cause = self._operation
        self._operation = None
        return Hold("scheduled_operation", cause, until)

    def holding(self) -> Hold | None:
        """Return what pauses the clock: of several waits the one whose end is unknown."""
        if self._third:
            return Hold("waiting_third_party", next(iter(self._third.values())), None)
        if self._cause is not None:
            return Hold("cause_unknown", self._cause, None)
        if self._operation is not None:
            return Hold("scheduled_operation", self._operation[1], self._operation[0])
        return None

    def clear(self) -> None:
        """End every wait: the ticket is closed."""
        self.information.clear()
        self.uploading.clear()
        self._third.clear()
        self._cause = self._operation = None

    def _arrived(self, request: str) -> None:
        self.information.pop(request, None)
        self.uploading.discard(request)


def _asked(told: str | OpenRequest, at: datetime) -> Happened:
    """Return the request as if it had been made in this history, at its own moment."""
    if isinstance(told, str):
        return Fact(InformationRequested(told), at)
    return Fact(
        InformationRequested(told.request, told.kind, told.items, told.deadline), told.requested_at
    )
