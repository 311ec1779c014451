"""What the terms do not take, and what to do instead."""

from collections.abc import Callable, Sequence

from docket_terms.amounts import ALWAYS
from docket_terms.cycles import Cycle
from docket_terms.facts import KnownFacts
from docket_terms.moments import Event, is_event
from docket_terms.pack import Clock, Pack, Refusal


def refusal_of(
    pack: Pack,
    facts: KnownFacts,
    before: Sequence[Event],
    running: Callable[[str], Cycle | None],
    event: Event,
) -> Refusal | None:
    """Return the first rule that refuses an event, None where it is taken.

    The facts of an opening are those that it tells; those of any other event are of before it.
    """
    for rule in pack.refusals:
        if rule.on == event.type and _holds(rule, facts, before, event):
            return rule
    for clock in pack.clocks.values():
        if running(clock.name) is not None and (name := _fixed(pack, clock, facts, event)):
            says = f"{name} is fixed while {clock.name} runs"
            return Refusal(event.type, f"{name}_is_fixed", clock.clause, says)
    return None


def _holds(rule: Refusal, facts: KnownFacts, before: Sequence[Event], event: Event) -> bool:
    if rule.by and event.by not in rule.by:
        return False
    if not facts.holds(rule.where):
        return False
    if not rule.since:
        return True
    since = [each.at for each in before if any(is_event(moment, each) for moment in rule.since)]
    if not since:
        return False
    if rule.after is not None and event.at > since[-1] + rule.after.seconds_in(ALWAYS):
        return True
    return rule.before is not None and event.at < since[-1] + rule.before.seconds_in(ALWAYS)


def _fixed(pack: Pack, clock: Clock, facts: KnownFacts, event: Event) -> str | None:
    """Return a fact that the event would change and that the clock holds fixed."""
    for name, change in clock.on_change.items():
        if change == "refused":
            for moment, _ in pack.facts[name].sets:
                if is_event(moment, event):
                    return name
    return None
