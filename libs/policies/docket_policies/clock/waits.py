"""The waits of a ticket: for information, a third party, a cause, an agreed hour (R-6.8).

Every wait is kept; one for which the policy has no state holds no clock.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, assert_never

from docket_events.combining import OpenRequest, SplitChildCreated, TicketsMerged, WaitKind
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
from docket_policies.calendars.epoch import moment, seconds
from docket_policies.calendars.time_arithmetic import hours_later
from docket_policies.clock.answers import Answers
from docket_policies.clock.wait_log import WaitLog
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
    """The waits open at one instant.

    `information` holds the requests without a whole answer, `answers` what came to them, `round`
    those of the present or last wait for the user, `log` all waits, ended ones too.
    """

    __slots__ = (
        "_asked", "_cause", "_known", "_operation", "_third", "_window", "answers", "information",
        "log", "round",
    )  # fmt: skip  # one name a line says no more

    def __init__(self, policy: Policy) -> None:
        self._known = policy.states
        self._window = policy.information_window
        self._asked: dict[str, Happened] = {}
        self._third: dict[str, Happened] = {}
        self._cause: Happened | None = None
        self._operation: tuple[int, Happened] | None = None
        self.answers = Answers(policy.readings)
        self.information: dict[str, Happened] = {}
        self.log = WaitLog()
        self.round: frozenset[str] = frozenset()

    def __len__(self) -> int:
        known = self._known
        return (
            len(self.information)
            + ("waiting_third_party" in known) * len(self._third)
            + ("cause_unknown" in known and self._cause is not None)
            + ("scheduled_operation" in known and self._operation is not None)
        )

    @property
    def third_parties(self) -> frozenset[str]:
        """Return the ids of the open waits for a third party."""
        return frozenset(self._third)

    @property
    def cause_unknown(self) -> bool:
        """Say whether the cause is declared unknown."""
        return self._cause is not None

    @property
    def agreed_for(self) -> datetime | None:
        """Return the hour agreed for an operation that lies ahead."""
        return None if self._operation is None else moment(self._operation[0])

    @property
    def others_awaited(self) -> bool:
        """Say whether something else is awaited than an answer of the user (C-64)."""
        return bool(self._third or self._cause or self._operation or self.answers.uploading)

    def take(self, event: WaitEvent, happened: Happened) -> None:
        """Open or end the waits that the event opens or ends."""
        at, log = seconds(happened.occurred_at), self.log
        match event:
            case InformationRequested(request=request):
                if "waiting_user" in self._known:
                    self._asked[request] = happened
                    self._wait_for(request)
                    log.begin("information", request, at)
            case InformationProvided(request=request, upload_pending=pending):
                if request in self.information and self.answers.begins(request, pending):
                    return
                self._arrived(request, at)
            case UploadCompleted(request=request):
                self._arrived(request, at)
            case InformationRejected(request=request, deadline=deadline):
                self.answers.rejected(request, at, deadline)
                if request in self._asked:
                    self._wait_for(request)
                    log.begin_again("information", request)
            case ThirdPartyWaitStarted(id=wait):
                if wait not in self._third:
                    self._third[wait] = happened
                    log.begin("third_party", wait, at)
            case ThirdPartyResponseReceived(id=wait):
                self._third.pop(wait, None)
                log.end("third_party", wait, at)
            case CauseUnknownDeclared():
                if self._cause is None:
                    self._cause = happened
                    log.begin("cause_unknown", "", at)
            case CauseEstablished():
                self._cause = None
                log.end("cause_unknown", "", at)
            case OperationScheduled(agreed_for=agreed_for):
                if self._operation is None:
                    log.begin("operation", "", at)
                self._operation = seconds(agreed_for), happened
            case OperationCancelled():
                self._operation = None
                log.end("operation", "", at)
            case _:
                assert_never(event)

    def take_over(self, event: SplitChildCreated | TicketsMerged, happened: Happened) -> None:
        """Add the waits of other tickets, a request from when it was made there (C-05, C-08)."""
        if "waiting_user" in self._known:
            for told in event.open_requests:
                asked = _asked(told, happened.occurred_at)
                request = told if isinstance(told, str) else told.request
                self._asked.setdefault(request, asked)
                if request not in self.information:
                    self._wait_for(request)
        for wait in event.third_parties:
            self._third.setdefault(wait, happened)
        if event.cause_unknown:
            self._cause = self._cause or happened
        if event.agreed_for is not None and event.agreed_for > happened.occurred_at:
            self._operation = seconds(event.agreed_for), happened
        self.log_open(seconds(happened.occurred_at))

    def log_open(self, at: int) -> None:
        """Note that every open wait begins at an instant, if the log does not have it yet (C-59).

        So what was taken over is handed on again.
        """
        open_: list[tuple[WaitKind, str]] = [("information", key) for key in self.information]
        open_ += [("third_party", key) for key in self._third]
        open_ += [("cause_unknown", "")] * (self._cause is not None)
        open_ += [("operation", "")] * (self._operation is not None)
        for kind, key in open_:
            if not self.log.has_open(kind, key):
                self.log.begin(kind, key, at)

    def unanswered(self) -> Iterator[tuple[str, datetime | None]]:
        """Return the requests without an answer: id, and the last instant at which it is valid."""
        for request in self.information:
            if request not in self.answers.uploading:
                yield request, self.valid_until(request)

    def valid_until(self, request: str) -> datetime | None:
        """Return the last valid instant of an answer, None where none runs (R-6.9-b, C-56)."""
        asked = self._asked.get(request)
        if asked is None or not isinstance(asked.event, InformationRequested):
            return None
        first, window = asked.event.deadline, self._window
        if first is None and window is not None:
            first = hours_later(asked.occurred_at, window.hours)
        return None if first is None else self.answers.lengthened(request, first)

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
        self.log.end("operation", "", until)
        return Hold("scheduled_operation", cause, until)

    def holding(self) -> Hold | None:
        """Return what pauses the clock: of several waits the one whose end is unknown."""
        known = self._known
        if self._third and "waiting_third_party" in known:
            return Hold("waiting_third_party", next(iter(self._third.values())), None)
        if self._cause is not None and "cause_unknown" in known:
            return Hold("cause_unknown", self._cause, None)
        if self._operation is not None and "scheduled_operation" in known:
            return Hold("scheduled_operation", self._operation[1], self._operation[0])
        return None

    def clear(self, *, requests_too: bool) -> None:
        """End every wait: the ticket is closed. `requests_too` forgets what was asked (C-61)."""
        self.information.clear()
        self.answers.uploading.clear()
        self._third.clear()
        self._cause = self._operation = None
        self.log.clear()
        if requests_too:
            self._asked.clear()

    def _wait_for(self, request: str) -> None:
        self.round = (self.round if self.information else frozenset()) | {request}
        self.information[request] = self._asked[request]

    def _arrived(self, request: str, at: int) -> None:
        if self.information.pop(request, None) is not None:
            self.log.end("information", request, at)
            self.answers.arrived(request, at)
        self.answers.uploading.discard(request)


def _asked(told: str | OpenRequest, at: datetime) -> Happened:
    """Return the request as if it had been made in this history, at its own moment."""
    if isinstance(told, str):
        return Fact(InformationRequested(told), at)
    return Fact(
        InformationRequested(told.request, told.kind, told.items, told.deadline), told.requested_at
    )
