"""The rejection of an insufficient answer, and the turn that it had opened (C-05, C-56)."""

from docket_events.recorded import Happened
from docket_events.ticket import InformationRejected
from docket_policies.clock.progress import ClockProgress
from docket_policies.clock.turn_time import breach_stands
from docket_policies.terms.policy import Policy


def take_rejection(
    progress: ClockProgress,
    policy: Policy,
    at: int,
    happened: Happened,
    event: InformationRejected,
) -> None:
    """Give the ball back to the user at `at` (seconds since 1970): the request is open again."""
    if progress.waits.was_answered(event.request):
        _take_back(progress, policy, event.request, at, happened)
    progress.waits.take(event, happened)
    progress.settle_if_asked(at)
    progress.silence.told(happened.occurred_at)


def _take_back(
    progress: ClockProgress, policy: Policy, request: str, at: int, by: Happened
) -> None:
    """Void the turn that the answer opened, if the provider has not acted in it.

    A turn whose deadline had passed stands with its breach, and so does one that another answer
    opened.
    """
    turn = progress.turn
    if turn is None or turn.start != "information" or turn.answered or progress.waits.information:
        return
    apart = policy.readings.rejected == "vendor_time_apart"
    if (apart and request not in turn.answers) or breach_stands(turn, policy, at):
        return
    progress.individual = progress.carried(at)  # it flowed while the provider had the answer
    turn.end(at, by)
    turn.void = True
    progress.turn = next((each for each in reversed(progress.turns) if not each.void), None)
    if progress.turn is not None:
        progress.turn.reopen()
