"""The progress of a ticket's clock after some events, and the steps that advance it.

`fold` maps events to these steps. Of several states that hold at once the first counts: the ticket
has ended, no term applies, somebody stopped the clock, the user has the ball, something is waited
for.
"""

from datetime import datetime

from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Happened
from docket_events.ticket import Priority
from docket_policies.calendars.epoch import seconds
from docket_policies.clock.turns import Mark, Turn
from docket_policies.clock.waits import Hold, Waits
from docket_policies.terms.policy import Policy, TeamName, TurnStart


class ClockProgress:
    """The turns of a ticket so far; `turn` is the one that counts, None before the first.

    `closed` is the closing notice in force, `reopened` the one that an accepted objection undid for
    as long as that objection may still be refused; `concluded` is what ended the ticket otherwise.
    `silent_since` is the provider's last response for as long as the user has not written since.
    """

    __slots__ = (
        "_individual", "_policy", "_suspended", "_voided", "closed", "concluded", "created_at",
        "final", "forwarded", "priority", "reopened", "revoked", "silent_since", "team", "turn",
        "turns", "waits",
    )  # fmt: skip  # one name a line says no more

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._individual: tuple[int, Happened] | None = None
        self._suspended: Happened | None = None
        self._voided: Happened | None = None
        self.closed: ClosureNoticeSent | None = None
        self.concluded: Happened | None = None
        self.created_at: int | None = None
        self.final = False
        self.forwarded: Happened | None = None
        self.priority: Priority = policy.initial_priority
        self.reopened: tuple[ClosureNoticeSent, Turn | None] | None = None
        self.revoked: Happened | None = None
        self.silent_since: datetime | None = None
        self.team: TeamName | None = None
        self.turn: Turn | None = None
        self.turns: list[Turn] = []
        self.waits = Waits(policy)

    @property
    def timed(self) -> bool:
        """Say whether the terms promise a time to answer at all (C-68)."""
        return self._policy.no_target is None

    @property
    def ended(self) -> bool:
        """Say whether the ticket is closed, revoked, or has ended otherwise."""
        return bool(self.closed or self.revoked or self.concluded)

    def open(self, start: TurnStart, at: int, by: Happened) -> None:
        """Give the ball to the provider: a new turn, if the clock has started before (R-1.14).

        A void term is never revived (R-6.6-d).
        """
        first = start == "registration"
        if start not in self._policy.turn_starts or (not first and not self.turns):
            return
        if self._voided is not None and self.turns:
            return
        self._begin(start, at, at, by)

    def rebase(self, start: TurnStart, base: int, at: int, by: Happened) -> None:
        """Count anew from `base`, which may lie before `at`, the instant of the event (R-6.3-b).

        Where the base is this ticket's own creation, this ticket is the most recent one: what
        paused its first turn is kept, and a later turn goes on unchanged (C-08).
        """
        if start not in self._policy.turn_starts or self._voided is not None:
            return
        own = self.turn if base == self.created_at and self.turn is not None else None
        kept: list[Mark] = []
        if own is not None and own.answered is None:
            if own.start != "registration":
                return
            kept = own.marks
        turn = self._begin(start, base, at, by)
        if base < at:
            turn.marks = [Mark(base, "running", self.priority, None, 0, None, by)]
            turn.marks += [mark for mark in kept if mark.at >= base]

    def _begin(self, start: TurnStart, base: int, at: int, by: Happened) -> Turn:
        if self.turn is not None:
            self.turn.end(at, by)
        individual = self._individual[0] if self._individual else None
        self.turn = Turn(len(self.turns) + 1, start, base, by, individual)
        self.turns.append(self.turn)
        self.silent_since = None
        return self.turn

    def answer(self, by: Happened) -> None:
        """Note the response that ends the provider's duty in this turn (C-04)."""
        self.reopened = None
        self.silent_since = by.occurred_at
        if self.turn is not None and self.turn.answered is None:
            self.turn.answered = by

    def comment(self, by: str | None, happened: Happened) -> None:
        """Note a message that changes no turn: a user who writes is not silent (C-33)."""
        if by != "agent":
            self.silent_since = None
        elif self.silent_since is not None or self.forwarded is not None:
            self.silent_since = happened.occurred_at

    def take_back(self, start: TurnStart, at: int, by: Happened) -> None:
        """Void the turn that this cause opened, if the provider has not acted in it (C-05)."""
        turn = self.turn
        if turn is None or turn.start != start or turn.answered or self.waits.information:
            return
        turn.end(at, by)
        turn.void = True
        self.turn = next((t for t in reversed(self.turns) if not t.void), None)
        if self.turn is not None:
            self.turn.reopen()

    def suspend(self, by: Happened) -> None:
        """Stop the clock for the user (R-6.6-a)."""
        if "suspended" in self._policy.states and self._suspended is None:
            self._suspended = by

    def resume(self) -> bool:
        """Let the clock run again; return whether it was stopped."""
        was_suspended, self._suspended = self._suspended is not None, None
        return was_suspended

    def void(self, by: Happened) -> None:
        """Void the term for good (R-6.6-d)."""
        if "void" in self._policy.states and self._voided is None:
            self._voided = by

    def agree(self, deadline: int, by: Happened) -> None:
        """Replace the budget by an agreed deadline (R-3.4)."""
        if "individual_deadline" in self._policy.states:
            self._individual = deadline, by
            if self.turn is not None:
                self.turn.individual = deadline

    def extend(self, seconds_: int, at: int) -> None:
        """Add to the budget of the turn that waits for the provider (I-3.5-c)."""
        granted = "extend-period" in self._policy.capabilities
        if granted and self.turn is not None and self.turn.answered is None:
            self.turn.extensions.append((at, seconds_))

    def give_to(self, team: TeamName | None) -> None:
        """Let a team have the ticket, whose hours count if the terms name it (C-11, C-32)."""
        if team is None or team in self._policy.teams:
            self.team = team

    def forward(self, by: Happened) -> None:
        """Stop the response time for as long as the relevant team has the ticket (I-3.4)."""
        if "no_target" in self._policy.states and self.forwarded is None:
            self.forwarded = by

    def conclude(self, at: int, by: Happened) -> None:
        """End the ticket without a closing notice: rejected, silent too long, or merged (C-23)."""
        self.concluded = by
        self._end(at, by)

    def revoke(self, at: int, by: Happened) -> None:
        """End the ticket for the user (R-6.6-a)."""
        self.revoked = by
        self._end(at, by)

    def close(self, notice: ClosureNoticeSent, by: Happened) -> None:
        """Close the ticket when its notice was sent (R-6.10-c); every wait ends with it."""
        self.closed, self.reopened = notice, None
        self._end(seconds(notice.sent_at), by)

    def object(self, at: int, by: Happened) -> None:
        """Open the closed ticket again with a full turn (C-22)."""
        if self.closed is None:
            return
        self.reopened = self.closed, self.turn
        self.closed, self.final = None, False
        self.open("objection", at, by)

    def refuse_objection(self, at: int, by: Happened) -> None:
        """Restore the closing that the objection undid (C-22)."""
        if self.reopened is None:
            return
        self.closed, before = self.reopened
        self.reopened = None
        self._end(at, by)
        if self.turn is not before and self.turn is not None:
            self.turn.void = True
        self.turn = before

    def advance_to(self, at: int) -> None:
        """Follow what time alone does until `at`: an agreed hour comes (R-6.8-d)."""
        over = self.waits.ended_by(at)
        if over is not None and over.until is not None:
            self.mark(over.until, over.cause)

    def mark(self, at: int, by: Happened) -> None:
        """Note the clock's state from `at` on, which an event or an hour may have changed."""
        turn = self.turn
        if turn is None or turn.ended_at is not None:
            return
        hold = self._hold() or Hold("running", by, None)
        turn.mark(at, hold, self.priority, self.team, len(self.waits))

    def _hold(self) -> Hold | None:
        """Return what keeps the clock from running, None when it runs."""
        turn = self.turn
        if self._voided is not None:
            return Hold("void", self._voided, None)
        if self.forwarded is not None:
            return Hold("no_target", self.forwarded, None)
        if self._individual is not None and (turn is None or turn.answered is None):
            return Hold("individual_deadline", self._individual[1], None)
        if self._suspended is not None:
            return Hold("suspended", self._suspended, None)
        if self.waits.information:
            return Hold("waiting_user", next(iter(self.waits.information.values())), None)
        if turn is not None and turn.answered is not None:
            return Hold("satisfied", turn.answered, None)
        return self.waits.holding()

    def _end(self, at: int, by: Happened) -> None:
        if self.turn is not None:
            self.turn.end(at, by)
        self._suspended = None
        self.waits.clear()
