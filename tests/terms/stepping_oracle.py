"""The meaning of a pack by stepping through the time minute by minute: slow, and plainly right.

It knows the data of a pack and none of the code that counts it. Every instant is a whole minute.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from stepping_cycle import OracleCycle
from stepping_time import MINUTE, by_date, date_of, seconds_of

from docket_terms.moments import Event, Moment
from docket_terms.pack import Clock, Pack, Step

FAR = 2**60


class Oracle:
    """A ticket under a pack, stepped through until an instant."""

    def __init__(self, pack: Pack, given: Mapping[str, str]) -> None:
        self.pack = pack
        self.facts = {
            name: given.get(name) or fact.initial or "" for name, fact in pack.facts.items()
        }
        self.open: dict[str, dict[str, int | None]] = {
            n: {} for n, f in pack.facts.items() if f.wait
        }
        self.cycles: dict[str, list[OracleCycle]] = {name: [] for name in pack.clocks}
        self.steps: list[tuple[int, str, Step]] = []

    def run(self, events: Sequence[Event], until: int) -> None:
        waiting = list(events)
        for at in range(events[0].at, until + 1, MINUTE):
            while waiting and waiting[0].at == at:
                self._settle(at, outs_only=True)
                self._event(at, waiting.pop(0))
            self._settle(at, outs_only=False)
            if at < until:
                self._pass(at)

    def _pass(self, at: int) -> None:
        for clock in self.pack.clocks.values():
            cycle = self._last(clock)
            if cycle is not None and cycle.end is None:
                cycle.minutes.append((cycle.facts, cycle.paused))
                cycle.spent += MINUTE * cycle.counts(cycle.facts, cycle.paused, at)

    def _settle(self, at: int, *, outs_only: bool) -> None:
        while self._one(at, outs_only=outs_only):
            pass

    def _one(self, at: int, *, outs_only: bool) -> bool:
        for name, keys in self.open.items():
            for key, end in list(keys.items()):
                if end is not None and end <= at:
                    del keys[key]
                    self._happen(at, None, {} if keys else {name: "no"})
                    return True
        for clock in self.pack.clocks.values():
            cycles = self.cycles[clock.name]
            if not cycles or cycles[-1].end is not None or cycles[-1].done >= len(clock.steps):
                continue
            cycle, step = cycles[-1], clock.steps[cycles[-1].done]
            if (clock.last == "in" and outs_only) or not self._reached(clock, cycle, step, at):
                continue
            cycle.stepped_at, cycle.spent_when_stepped = at, cycle.spent
            cycle.done += step.every is None
            if all(self.facts[name] in values for name, values in step.where.items()):
                self.steps.append((at, clock.name, step))
                changes = {name: self._named(name, v) for name, v in step.sets.items()}
                self._happen(at, None, {n: v for n, v in changes.items() if self._may(n, v)})
            return True
        return False

    def _named(self, name: str, value: str) -> str:
        values = self.pack.facts[name].values
        here = values.index(self.facts[name])
        return values[min(here + 1, len(values) - 1)] if value == "next" else value

    def _may(self, name: str, value: str) -> bool:
        return self.facts[name] != value and self.facts[name] not in self.pack.facts[name].final

    def _reached(self, clock: Clock, cycle: OracleCycle, step: Step, at: int) -> bool:
        amount = cycle.row(cycle.facts).amount
        if amount is None:
            return False
        last = cycle.start if cycle.stepped_at is None else cycle.stepped_at
        if step.share == 100 and by_date(amount):
            calendar = cycle.calendar(cycle.facts)
            return date_of(amount, calendar, cycle.start) <= at
        told = step.at or step.after or step.every
        calendar = cycle.calendar(cycle.facts)
        if told is not None and by_date(told):
            return date_of(told, calendar, cycle.start if step.at else last) <= at
        if step.share is not None:
            needed = -(-cycle.budget() * step.share // 100)
        else:
            assert told is not None
            before = 0 if step.at else cycle.spent_when_stepped
            needed = before + seconds_of(told, calendar)
        return cycle.spent >= needed

    def _event(self, at: int, event: Event) -> None:
        changes = dict[str, str]()
        for fact in self.pack.facts.values():
            value: str | None = None
            if fact.wait is not None:
                keys = self.open[fact.name]
                key = str(event.data.get(fact.wait.key or "", ""))
                if self._is(fact.wait.opens, event):
                    told = event.data.get(fact.wait.until or "")
                    ends = datetime.fromisoformat(told) if told else None
                    keys[key] = int(ends.timestamp()) if ends else None
                elif any(self._is(each, event) for each in fact.wait.closes):
                    keys.pop(key, None)
                value = "yes" if keys else "no"
            else:
                for moment, told in fact.sets:
                    if self._is(moment, event):
                        value = str(event.data[told[1:]]) if told[0] == "@" else told
                        break
            if value is not None and self._may(fact.name, value):
                changes[fact.name] = value
        self._happen(at, event, changes)

    def _is(self, moment: Moment, event: Event | None, changes: Mapping[str, str] = {}) -> bool:
        if moment.type is None:
            return changes.get(moment.name or "") == moment.value
        if event is None or event.type != moment.type:
            return False
        told = event.data.get(moment.name or "")
        return moment.name is None or (told not in (None, False) and moment.value in (None, told))

    def _happen(self, at: int, event: Event | None, changes: Mapping[str, str]) -> None:
        stopped, again = set[str](), set[str]()
        for clock in self.pack.clocks.values():
            cycle = self._last(clock)
            if cycle is None or cycle.end is not None:
                continue
            if any(self._is(each, event, changes) for each in clock.restarts):
                cycle.end, cycle.outcome = at, "met"
                again.add(clock.name)
            elif any(self._is(each, event, changes) for each in clock.stops):
                cycle.end, cycle.outcome = at, "met"
            elif any(self._is(each, event, changes) for each in clock.cancels):
                cycle.end, cycle.outcome = at, "cancelled"
            if cycle.end is not None:
                stopped.add(clock.name)
        self.facts.update(changes)
        for clock in self.pack.clocks.values():
            cycle = self._last(clock)
            runs = all(self.facts[name] in values for name, values in clock.runs_while.items())
            if cycle is not None and cycle.end is None:
                if not runs:
                    cycle.end, cycle.outcome = at, "cancelled"
                elif any(clock.on_change.get(name) == "restart" for name in changes):
                    cycle.end, cycle.outcome = at, "replaced"
                    self._start(clock, at)
                else:
                    self._see(clock, cycle)
                continue
            starts = any(self._is(each, event, changes) for each in clock.starts)
            if runs and (clock.name in again or (starts and clock.name not in stopped)):
                self._start(clock, at)
                if clock.name not in again and any(
                    self._is(each, event, changes) for each in clock.stops
                ):
                    begun = self.cycles[clock.name][-1]
                    begun.end, begun.outcome = at, "met"

    def _last(self, clock: Clock) -> OracleCycle | None:
        return self.cycles[clock.name][-1] if self.cycles[clock.name] else None

    def _start(self, clock: Clock, at: int) -> None:
        cycle = OracleCycle(clock, at)
        if clock.less is not None and self.cycles[clock.less]:
            cycle.less = self.cycles[clock.less][-1].consumed(at)
        self._see(clock, cycle)
        self.cycles[clock.name].append(cycle)

    def _see(self, clock: Clock, cycle: OracleCycle) -> None:
        before = cycle.facts
        cycle.facts = dict(self.facts)
        pause = None
        for each in clock.pauses:
            if all(self.facts[name] in values for name, values in each.where.items()):
                pause = each
                break
        cycle.paused, cycle.resumes = pause is not None, None
        keys = self.open.get(next(iter(pause.where)), {}) if pause and len(pause.where) == 1 else {}
        ends = [end for end in keys.values() if end is not None]
        if ends and len(ends) == len(keys):
            cycle.resumes = max(ends)
        if before != cycle.facts:
            cycle.spent = cycle.consumed(FAR)
            if cycle.stepped_at is not None:
                cycle.spent_when_stepped = cycle.consumed(cycle.stepped_at)
