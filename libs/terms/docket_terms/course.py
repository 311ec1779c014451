"""The course of one ticket under a pack: its events in order, and the steps that come due between.

The order at one event is a decision (0050): what ends a clock is judged with the facts of before;
then the facts change; then a clock that goes on is changed by them; then clocks start. An event
that both starts and stops a clock that does not run meets it at once. A step acts at its instant:
before an event of the same instant where that is no more the debtor's (`last = "out"`), after it
otherwise.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from docket_events.instants import read_instant
from docket_policies.calendars.epoch import seconds
from docket_terms.cycles import Cycle, Stretch
from docket_terms.facts import KnownFacts
from docket_terms.moments import Event, Moment, is_event
from docket_terms.pack import Clock, Pack, Refusal, Step
from docket_terms.refusals import refusal_of
from docket_terms.steps import next_step

MOST_STEPS = 10_000
"""More steps than any terms mean: a pack whose clocks start one another for ever."""


class Taken(NamedTuple):
    """A step that came due, of which clock, at which instant."""

    at: int
    clock: str
    step: Step


class StepDue(NamedTuple):
    """A step of a cycle that acts at an instant."""

    at: int
    cycle: Cycle
    step: Step


class WaitDue(NamedTuple):
    """A key of a wait that ends by itself at an instant."""

    at: int
    wait: str
    key: str


class Endless(ValueError):
    """The clocks of a pack start one another without end."""


class Course:
    """A ticket from its opening on. Instants are seconds since 1970."""

    def __init__(self, pack: Pack, given: Mapping[str, str] | None = None) -> None:
        self.pack = pack
        self.facts = KnownFacts(pack, given or {})
        self.cycles: dict[str, list[Cycle]] = {name: [] for name in pack.clocks}
        self.steps: list[Taken] = []
        self.events: list[Event] = []
        self.refused: list[tuple[Event, Refusal]] = []
        self.history: list[tuple[int, str, str]] = []

    def take(self, events: Iterable[Event]) -> None:
        """Let events happen, in the order in which they are given.

        An event that the terms refuse changes nothing and is kept in `refused`. Raise NotGiven or
        Endless.
        """
        for event in events:
            self.advance(event.at, before=True)
            if not self.events and not self.facts.values:
                self.facts.open_with(event)
            refusal = refusal_of(self.pack, self.facts, self.events, self.running, event)
            if refusal is not None:
                self.refused.append((event, refusal))
                continue
            self._happen(event.at, event, self.facts.changes_by(event))
            self.events.append(event)

    def advance(self, at: int, *, before: bool = False) -> None:
        """Let the steps and the ends of waits happen that are due by an instant, in their order.

        `before` leaves to an event of that very instant what is still the debtor's.
        """
        while (due := self._next(at, before=before)) is not None:
            if len(self.steps) > MOST_STEPS:
                raise Endless(f"more than {MOST_STEPS} steps of {self.pack.name} came due")
            if isinstance(due, StepDue):
                self._step(due)
            else:
                self._happen(due.at, None, self.facts.close(due.wait, due.key))

    def running(self, name: str) -> Cycle | None:
        """Return the cycle of a clock that has no end yet."""
        cycles = self.cycles[name]
        return cycles[-1] if cycles and cycles[-1].end is None else None

    def _next(self, at: int, *, before: bool) -> StepDue | WaitDue | None:
        dues: list[StepDue | WaitDue] = [WaitDue(*each) for each in self.facts.expired(at)]
        for clock in self.pack.clocks.values():
            cycle = self.running(clock.name)
            found = None if cycle is None else next_step(cycle)
            if cycle is not None and found is not None:
                still = before and clock.last == "in"
                if found[0] < at or (found[0] == at and not still):
                    dues.append(StepDue(found[0], cycle, found[1]))
        return min(dues, key=lambda due: due.at, default=None)

    def _step(self, due: StepDue) -> None:
        at, cycle, step = due
        cycle.stepped_at = at
        if step.every is None:
            cycle.steps_done += 1
        if not self.facts.holds(step.where):
            return
        self.steps.append(Taken(at, cycle.clock.name, step))
        facts = self.pack.facts
        changes = {
            name: self._value(name, value)
            for name, value in step.sets.items()
            if self.facts.may(facts[name], self._value(name, value))
        }
        if changes:
            self._happen(at, None, changes)

    def _value(self, name: str, value: str) -> str:
        if value != "next":
            return value
        values = self.pack.facts[name].values
        return values[min(values.index(self.facts.values[name]) + 1, len(values) - 1)]

    def _happen(self, at: int, event: Event | None, changes: Mapping[str, str]) -> None:
        def happened(moments: Iterable[Moment]) -> bool:
            return any(
                event is not None and is_event(each, event)
                if each.type is not None
                else changes.get(each.name or "") == each.value
                for each in moments
            )

        again, ended = set[str](), set[str]()
        for clock in self.pack.clocks.values():
            cycle = self.running(clock.name)
            if cycle is None:
                continue
            if happened(clock.restarts):
                again.add(clock.name)
            if clock.name in again or happened(clock.stops):
                cycle.end, cycle.outcome = at, "met"
                ended.add(clock.name)
            elif happened(clock.cancels):
                cycle.end, cycle.outcome = at, "cancelled"
                ended.add(clock.name)
        self.facts.values.update(changes)
        self.history += [(at, name, value) for name, value in changes.items()]
        for clock in self.pack.clocks.values():
            cycle = self.running(clock.name)
            if cycle is not None:
                self._change(cycle, at, changes, event)
            elif self.facts.holds(clock.runs_while):
                fresh = clock.name not in ended and happened(clock.starts)
                if clock.name in again or fresh:
                    self._start(clock, at)
                if fresh and happened(clock.stops):
                    begun = self.cycles[clock.name][-1]
                    begun.end, begun.outcome = at, "met"

    def _start(self, clock: Clock, at: int) -> None:
        less = 0
        if clock.less is not None and self.cycles[clock.less]:
            less = self.cycles[clock.less][-1].consumed(at)
        self.cycles[clock.name].append(Cycle(clock, at, [self._stretch(clock, at)], less))

    def _change(
        self, cycle: Cycle, at: int, changes: Mapping[str, str], event: Event | None
    ) -> None:
        clock = cycle.clock
        if not self.facts.holds(clock.runs_while):
            cycle.end, cycle.outcome = at, "cancelled"
            return
        if event is not None and clock.agrees is not None and is_event(clock.agrees, event):
            cycle.agreed = _deadline(clock.agrees, event)
            cycle.changed_at = at
        if not (changes.keys() & clock.watched):
            waits = {name for pause in clock.pauses for name in pause.where}
            if any(self.pack.facts[name].wait for name in waits):
                cycle.stretches[-1].resumes = self._stretch(clock, at).resumes
            return
        if any(clock.on_change.get(name) == "restart" for name in changes):
            cycle.end, cycle.outcome = at, "replaced"
            self._start(clock, at)
            return
        cycle.stretches.append(self._stretch(clock, at))
        if changes.keys() & set(clock.facts):
            cycle.changed_at = at

    def _stretch(self, clock: Clock, at: int) -> Stretch:
        pause = next((each for each in clock.pauses if self.facts.holds(each.where)), None)
        facts = {name: self.facts.values[name] for name in clock.watched}
        if pause is None:
            return Stretch(at, facts)
        paused = pause.where
        waits = [name for name in paused if self.pack.facts[name].wait is not None]
        resumes = self.facts.resumes(waits[0]) if len(waits) == len(paused) == 1 else None
        cause = ", ".join(f"{name} is {self.facts.values[name]}" for name in paused)
        return Stretch(at, facts, cause, pause.clause, resumes)


def _deadline(moment: Moment, event: Event) -> int:
    return seconds(read_instant(str(event.data[moment.name or ""])))
