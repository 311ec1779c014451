"""The states of the response clock, and what follows from each: the one table of them.

A new state is added here; the sets below are made of the table, and a test holds both together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ClockState = Literal[
    "not_started",
    "running",
    "waiting_user",
    "suspended",
    "waiting_third_party",
    "cause_unknown",
    "scheduled_operation",
    "satisfied",
    "individual_deadline",
    "void",
    "no_target",
    "closed",
    "revoked",
]


@dataclass(frozen=True, slots=True)
class StateFacts:
    """What follows from a state.

    `wait`: something is waited for that lies outside the provider's hands. `term`: there is a term
    that counts. `over`: nothing is owed any more. `owes`: the provider owes an answer, so a breach
    is watched for. `silence`: the user's silence counts (I-3.6). `pauses`: an auditor's report of
    pauses lists it. `due`: time alone brings the due date nearer. `colour` None is drawn quietly.
    """

    held_by: str
    colour: str | None = None
    wait: bool = False
    term: bool = True
    over: bool = False
    owes: bool = False
    silence: bool = False
    pauses: bool = False
    due: bool = False


CLOCK_STATES: Mapping[ClockState, StateFacts] = {
    "not_started": StateFacts("nobody yet", silence=True),
    "running": StateFacts("the provider", "#2f855a", owes=True, due=True),
    "waiting_user": StateFacts("the user", "#d69e2e", wait=True, silence=True, pauses=True),
    "suspended": StateFacts("the user, who suspended it", "#805ad5", pauses=True),
    "waiting_third_party": StateFacts(
        "a third party", "#dd6b20", wait=True, owes=True, pauses=True
    ),
    "cause_unknown": StateFacts(
        "nobody: the cause is unknown", "#b7791f", wait=True, owes=True, pauses=True
    ),
    "scheduled_operation": StateFacts(
        "both, until the agreed hour", "#3182ce", wait=True, owes=True, pauses=True, due=True
    ),
    "satisfied": StateFacts("the user, who was answered", "#cbd5e0", over=True, silence=True),
    "individual_deadline": StateFacts(
        "the provider, until the agreed deadline", "#319795", owes=True, due=True
    ),
    "void": StateFacts("nobody: the term is void", term=False),
    "no_target": StateFacts("a team or a desk without a term", term=False, pauses=True),
    "closed": StateFacts("nobody: it is closed", over=True),
    "revoked": StateFacts("nobody: it was revoked", term=False, over=True),
}
"""Every state with what follows from it, in the order in which they are listed."""

WAITS = frozenset(state for state, facts in CLOCK_STATES.items() if facts.wait)
WITHOUT_TERM = frozenset(state for state, facts in CLOCK_STATES.items() if not facts.term)
OVER = frozenset(state for state, facts in CLOCK_STATES.items() if facts.over)
PROVIDER_OWES = frozenset(state for state, facts in CLOCK_STATES.items() if facts.owes)
SILENCE_COUNTS = frozenset(state for state, facts in CLOCK_STATES.items() if facts.silence)
PAUSES = frozenset(state for state, facts in CLOCK_STATES.items() if facts.pauses)
DUE_BY_TIME = tuple(state for state, facts in CLOCK_STATES.items() if facts.due)
HELD_BY: Mapping[ClockState, str] = {s: facts.held_by for s, facts in CLOCK_STATES.items()}
COLOURS: Mapping[ClockState, str] = {
    state: facts.colour for state, facts in CLOCK_STATES.items() if facts.colour is not None
}
