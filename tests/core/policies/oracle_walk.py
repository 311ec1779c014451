"""A ticket on its way through time: who has the ball, what is awaited, and the turns so far."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from oracle_rules import Rules
from oracle_turns import NOBODY_KNOWS, Ahead, Individual, Judged, Stretch, Turn

DAY = timedelta(days=1)


@dataclass
class Request:
    """A request for information; `arrived_at` is when its answer had arrived whole (C-05, C-56)."""

    last_instant: datetime | None
    uploading: bool = False
    arrived_at: datetime | None = None


@dataclass(frozen=True)
class Ending:
    state: str
    at: datetime


@dataclass(frozen=True)
class Reopened:
    """What an objection reopened: so many turns, and how they had ended (C-22)."""

    turns: int
    ending: Ending


@dataclass
class Walk:
    """All that is known of a ticket at `now`.

    `round` are the requests answered since information began to be awaited; `silent_since` is the
    vendor's message that waits for a word of the user (C-64).
    """

    rules: Rules
    now: datetime
    created: datetime | None = None
    priority: str = "Low"
    started: bool = False
    forwarded: bool = False
    team: str | None = None
    void: bool = False
    suspended: bool = False
    requests: dict[str, Request] = field(default_factory=dict)
    round: set[str] = field(default_factory=set)
    parties: set[str] = field(default_factory=set)
    cause_unknown: bool = False
    agreed_for: datetime | None = None
    individual: Individual | None = None
    turns: list[Turn] = field(default_factory=list)
    ending: Ending | None = None
    reopened: Reopened | None = None
    silent_since: datetime | None = None

    @property
    def turn(self) -> Turn | None:
        return self.turns[-1] if self.turns else None

    @property
    def answered(self) -> bool:
        return self.turn is not None and self.turn.answered_at is not None

    @property
    def awaits_information(self) -> bool:
        return any(request.arrived_at is None for request in self.requests.values())

    @property
    def awaits_others(self) -> bool:
        """Say whether something else than a word of the user is awaited (C-64)."""
        uploads = any(request.uploading for request in self.requests.values())
        others = self.team or self.forwarded or self.parties or self.cause_unknown
        return bool(others or self.agreed_for or uploads)

    def state(self) -> str:
        over = (
            ("no_target", self.forwarded),
            ("not_started", not self.started),
            ("void", self.void),
            ("suspended", self.suspended),
            ("waiting_user", self.awaits_information),
            ("satisfied", self.answered),
            ("waiting_third_party", self.rules.pauses and self.parties),
            ("cause_unknown", self.rules.pauses and self.cause_unknown),
            ("scheduled_operation", self.rules.pauses and self.agreed_for),
            ("individual_deadline", self.individual),
        )
        if self.ending is not None:
            return self.ending.state
        return next((state for state, holds in over if holds), "running")

    @property
    def runs(self) -> bool:
        return self.state() in ("running", "individual_deadline")

    def judged(self) -> Judged:
        """Say by what a turn is judged that ends now."""
        ahead = NOBODY_KNOWS
        if self.runs:
            ahead = Ahead(self.now, self.team)
        elif self.state() == "scheduled_operation":
            ahead = Ahead(self.agreed_for, self.team)
        return Judged(self.priority, self.individual, ahead)

    def judged_by_a_request(self) -> Judged:
        """Say by what a turn is judged that a request ends: nobody knows when it would go on."""
        return Judged(self.priority, self.individual, NOBODY_KNOWS, self.now)

    def go(self, to: datetime) -> None:
        """Let time pass; an agreed hour on the way ends by itself (C-17)."""
        if self.agreed_for is not None and self.agreed_for <= to:
            self._pass(max(self.now, self.agreed_for))
            self.agreed_for = None
        self._pass(to)

    def _pass(self, to: datetime) -> None:
        if self.turn is not None and self.turn.ended_at is None and to > self.now:
            self.turn.stretches.append(Stretch(self.now, to, self.runs, self.team))
        if self.individual is not None and self.state() == "individual_deadline":
            self.individual.flow(self.now, to)
        self.now = to

    def open_turn(self, turn: Turn | None = None) -> None:
        """Open a turn; while information is awaited it is frozen at once (C-55)."""
        turn = turn or Turn()
        self.started = True
        self.turns.append(turn)
        if self.awaits_information:
            turn.end(self.now, self.judged_by_a_request())

    def end(self, ending: Ending) -> None:
        """End the ticket, and with it all that it waited for (C-61)."""
        if self.turn is not None:
            self.turn.end(ending.at, self.judged())
        self.ending, self.reopened, self.individual = ending, None, None
        self.requests, self.round, self.parties = {}, set(), set()
        self.team, self.agreed_for = None, None
        self.cause_unknown = self.suspended = self.forwarded = False

    def wrote_to_user(self) -> None:
        """Let the silence of the user begin, unless something else is awaited (C-64)."""
        with_user = self.answered or self.awaits_information
        if with_user and not self.awaits_others and self.ending is None:
            self.silent_since = self.now

    def silent_until(self) -> datetime | None:
        """Return the exclusive end of the silence that the terms bear, None where none is armed."""
        if self.silent_since is None or self.rules.silent_days is None:
            return None
        day = self.silent_since.replace(hour=0, minute=0, second=0)
        return day + (self.rules.silent_days + 1) * DAY
