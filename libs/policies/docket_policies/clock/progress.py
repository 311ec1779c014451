"""The progress of a ticket's clock after some events, and the steps that advance it.

`fold` maps events to these steps. Of several states that hold at once the first counts: the ticket
has ended, no term applies, somebody stopped the clock, the user has the ball, something is waited
for.
"""

from dataclasses import replace

from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Happened
from docket_events.ticket import Priority
from docket_policies.calendars.epoch import seconds
from docket_policies.clock.individual import Individual
from docket_policies.clock.silence import Silence
from docket_policies.clock.turn_time import stretches
from docket_policies.clock.turns import Settled, Turn
from docket_policies.clock.wait_log import TeamSpan
from docket_policies.clock.waits import Hold, Waits
from docket_policies.terms.policy import Policy, TeamName, TurnStart


class ClockProgress:
    """The turns of a ticket so far; `turn` is the one that counts, None before the first.

    `closed` is the closing notice in force, `reopened` the one that an accepted objection undid for
    as long as that objection may still be refused; `concluded` is what ended the ticket otherwise.
    `individual` is the agreed deadline that stands (R-3.4), `voided` what voided the term.
    """

    __slots__ = (
        "_policy", "_suspended", "closed", "concluded", "created_at", "final", "forwarded",
        "individual", "priority", "reopened", "revoked", "silence", "team", "teams", "turn",
        "turns", "voided", "waits",
    )  # fmt: skip  # one name a line says no more

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._suspended: Happened | None = None
        self.closed: ClosureNoticeSent | None = None
        self.concluded: Happened | None = None
        self.created_at: int | None = None
        self.final = False
        self.forwarded: Happened | None = None
        self.individual: Individual | None = None
        self.priority: Priority = policy.initial_priority
        self.reopened: tuple[ClosureNoticeSent, Turn | None] | None = None
        self.revoked: Happened | None = None
        self.silence = Silence(policy)
        self.team: TeamName | None = None
        self.teams: list[TeamSpan] = []
        self.turn: Turn | None = None
        self.turns: list[Turn] = []
        self.voided: Happened | None = None
        self.waits = Waits(policy)

    @property
    def timed(self) -> bool:
        """Say whether the terms promise a time to answer at all (C-68)."""
        return self._policy.no_target is None

    @property
    def ended(self) -> bool:
        """Say whether the ticket is closed, revoked, or has ended otherwise."""
        return bool(self.closed or self.revoked or self.concluded)

    @property
    def void_for_good(self) -> bool:
        """Say whether the ticket's term is void, whatever turn counts (R-6.6-d, C-63)."""
        return self.voided is not None and self._policy.readings.void == "ticket"

    @property
    def others_awaited(self) -> bool:
        """Say whether somebody else than the user is awaited (C-64)."""
        elsewhere = self.team is not None or self.forwarded is not None
        return elsewhere or self.waits.others_awaited

    @property
    def user_has_ball(self) -> bool:
        """Say whether the provider has done its duty and the user is to act."""
        return bool(self.waits.information) or self.silence.responded

    def open(self, start: TurnStart, at: int, by: Happened) -> None:
        """Give the ball to the provider: a new turn, if the clock has started before (R-1.14).

        A void term is never revived: the turn is void like those before it (R-6.6-d, C-63).
        """
        self.silence.responded = False
        first = start == "registration"
        if start not in self._policy.turn_starts or (not first and not self.turns):
            return
        if self.voided is not None and self.turns and not self.void_for_good:
            return
        self.begin(start, at, at, by)
        self.settle_if_asked(at)

    def begin(self, start: TurnStart, base: int, at: int, by: Happened) -> Turn:
        """Begin a turn at `at` that counts from `base`; the one before it ends."""
        agreed = self.carried(at)
        if self.turn is not None:
            self.turn.end(at, by)
        self.turn = Turn(len(self.turns) + 1, start, base, by, agreed)
        if start == "information":
            self.turn.answers = self.waits.round
        self.individual = agreed
        self.turns.append(self.turn)
        self.silence.heard()
        self.silence.responded = False
        return self.turn

    def carried(self, at: int) -> Individual | None:
        """Return the individual deadline that stands, with what has flowed of it until `at`."""
        agreed, turn = self.individual, self.turn
        if agreed is None or self._policy.readings.individual == "fixed":
            return agreed
        if turn is not None and turn.individual is agreed:
            return agreed.carried(stretches(turn, self._policy, at), at)
        return replace(agreed, since=at)  # set while the user had the ball: it has not flowed

    def answer(self, by: Happened) -> None:
        """Note the response that ends the provider's duty in this turn (C-04)."""
        self.reopened = None
        if self.turn is not None and self.turn.answered is None:
            self.turn.answered = by
        self.settle(seconds(by.occurred_at), responded=True)
        if self._policy.readings.individual == "lengthened":
            self.individual = None
        self.silence.responded = True
        self.silence.told(by.occurred_at)

    def ask(self, at: int) -> None:
        """Note a request for information: it ends the provider's duty in this turn (C-04, C-55)."""
        self.reopened = None
        self.settle_if_asked(at)

    def settle(self, at: int, *, responded: bool = False) -> None:
        """Keep what the turn was judged by until now: its duty has ended (C-55)."""
        frozen, turn = self._policy.readings.answered == "frozen", self.turn
        if frozen and turn is not None and turn.settled is None:
            turn.settled = Settled(at, len(turn.marks), self.priority, self.team, responded)

    def settle_if_asked(self, at: int) -> None:
        """Settle the turn where a request is open, which ends the duty (C-55)."""
        if self.waits.information and self._policy.readings.info == "restart":
            self.settle(at)

    def suspend(self, by: Happened) -> None:
        """Stop the clock for the user (R-6.6-a)."""
        if "suspended" in self._policy.states and self._suspended is None:
            self._suspended = by

    def resume(self, at: int, by: Happened) -> None:
        """Let the clock run again, counted anew where a term ran (R-6.6-b, C-65)."""
        was_suspended, self._suspended = self._suspended is not None, None
        readings, turn = self._policy.readings, self.turn
        if not was_suspended or readings.suspend != "restart":
            return
        answered = (turn is not None and turn.answered) or self.silence.responded
        if answered and readings.resumed == "as_it_was":
            return
        self.open("resumption", at, by)
        opened = self.turn if self.turn is not turn else None
        if self.individual is not None and opened and readings.individual == "lengthened":
            self.individual = opened.individual = self.individual.anew(at)

    def void(self, by: Happened) -> None:
        """Void the term for good (R-6.6-d)."""
        if "void" in self._policy.states and self.voided is None:
            self.voided = by

    def extend(self, seconds_: int, at: int) -> None:
        """Add to the budget of the turn that waits for the provider (I-3.5-c)."""
        turn, granted = self.turn, "extend-period" in self._policy.capabilities
        if granted and turn is not None and not (turn.answered or turn.settled):
            turn.extensions.append((at, seconds_))

    def give_to(self, team: TeamName | None, at: int) -> None:
        """Let a team have the ticket, None the support desk (C-11, C-32)."""
        if team == self.team:
            return
        if self.team is not None:
            self.teams[-1].to = at
        self.team = team
        if team is not None:
            self.teams.append(TeamSpan(team, at))

    def forward(self, by: Happened) -> None:
        """Stop the response time for as long as the relevant team has the ticket (I-3.4)."""
        if "no_target" in self._policy.states and self.forwarded is None:
            self.forwarded = by

    def advance_to(self, at: int) -> None:
        """Follow what time alone does until `at`: an agreed hour comes (R-6.8-d)."""
        over = self.waits.ended_by(at)
        if over is not None and over.until is not None:
            self.mark(over.until, over.cause)

    def mark(self, at: int, by: Happened) -> None:
        """Note the clock's state from `at` on, which an event or an hour may have changed."""
        if self.silence.since is not None and self.others_awaited:
            self.silence.broken()
        turn = self.turn
        if turn is None or turn.ended_at is not None:
            return
        hold = self._hold() or Hold("running", by, None)
        counted = self.team if self.team in self._policy.teams else None  # whose hours count
        turn.mark(at, hold, self.priority, counted, len(self.waits))

    def _hold(self) -> Hold | None:
        """Return what keeps the clock from running, None when it runs."""
        turn = self.turn
        if self.voided is not None:
            return Hold("void", self.voided, None)
        if self.forwarded is not None:
            return Hold("no_target", self.forwarded, None)
        open_ = turn is not None and turn.answered is None
        if open_ and self.individual and self._policy.readings.individual == "fixed":
            return Hold("individual_deadline", self.individual.cause, None)
        agreed = turn.individual if turn is not None and open_ else None
        if self._suspended is not None:
            return Hold("suspended", self._suspended, None)
        if self.waits.information:
            return Hold("waiting_user", next(iter(self.waits.information.values())), None)
        if turn is not None and turn.answered is not None:
            return Hold("satisfied", turn.answered, None)
        held = self.waits.holding()
        if held is None and agreed is not None:
            return Hold("individual_deadline", agreed.cause, None)
        return held

    def end(self, at: int, by: Happened) -> None:
        """End the turn and every wait: the ticket ends (C-61)."""
        if self.turn is not None:
            self.turn.end(at, by)
        everything = self._policy.readings.ended == "everything"
        self._suspended = None
        self.waits.clear(requests_too=everything)
        if everything:
            self.team = self.forwarded = self.individual = None
            self.teams.clear()
