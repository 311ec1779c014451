"""Reading the clocks of a pack, and laying out their tables of targets."""

from collections.abc import Mapping
from itertools import product
from typing import Any

from docket_policies.calendars.calendar import Calendar
from docket_policies.terms.table import Table
from docket_terms.amounts import Amount, NotEven
from docket_terms.faults import Faults
from docket_terms.pack import Choice, Clock, Fact, Pause, Step, Target
from docket_terms.words import amount, moment, moments, one_of, refuse_unless, where

CHANGES = ("anchored", "restart", "segments", "refused")
MOST_ROWS = 10_000

Calendars = Mapping[str, Calendar | Choice]


def read_clocks(
    pack: Table,
    facts: Mapping[str, Fact],
    calendars: Calendars,
    clauses: Mapping[str, Any],
    faults: Faults,
) -> dict[str, Clock]:
    """Return the clocks of a pack by name, and keep their faults."""
    tables = [*pack.maybe_children("clocks")]
    names = [name for name, _ in tables]
    read = dict[str, Clock]()
    for name, table in tables:
        with faults.kept():
            read[name] = _Reader(table, facts, calendars, clauses).clock(name, names)
    return read


class _Reader:
    def __init__(
        self,
        table: Table,
        facts: Mapping[str, Fact],
        calendars: Calendars,
        clauses: Mapping[str, Any],
    ) -> None:
        self._table, self._facts = table, facts
        self._calendars, self._clauses = calendars, clauses

    def clock(self, name: str, names: list[str]) -> Clock:
        table, facts = self._table, self._facts
        owes = table.value("owes", str)
        clause = self._clause(table)
        starts, stops = moments(table, "starts", facts), moments(table, "stops", facts)
        cancels, restarts = moments(table, "cancels", facts), moments(table, "restarts", facts)
        refuse_unless(bool(starts), table, "starts", "name what starts it, or leave the clock out")
        agrees = table.value("agrees", str, "")
        runs = where(table, table.value("while", dict, {}), facts, "while")
        pauses = tuple(self._pause(row) for row in table.rows("pauses"))
        less = table.value("less", str, "") or None
        if less is not None:
            one_of(table, "less", less, [each for each in names if each != name], "other clock")
        last = one_of(table, "last", table.value("last", str, "in"), ("in", "out"), "word")
        changes = table.value("on_change", dict, {})
        for fact, change in changes.items():
            one_of(table, "on_change", fact, facts, "fact")
            one_of(table, f"on_change.{fact}", str(change), CHANGES, "change")
        targets = tuple(self._target(row) for row in table.rows("targets"))
        refuse_unless(bool(targets), table, "targets", "say what is promised, or none = true")
        steps = tuple(self._step(row) for row in table.rows("steps"))
        depends = self._depends(targets)
        lays = self._laid_out(targets, depends)
        self._refuse_silence(changes, depends)
        self._refuse_dates(targets, pauses, changes, steps, less)
        ends = bool(stops or cancels or restarts or runs or steps)
        refuse_unless(ends, table, "stops", "it can never stop: name what stops or cancels it")
        table.done()
        return Clock(
            name,
            owes,
            clause,
            starts,
            restarts,
            stops,
            cancels,
            moment(table, "agrees", agrees, facts) if agrees else None,
            runs,
            pauses,
            changes,
            less,
            "in" if last == "in" else "out",
            targets,
            steps,
            depends,
            lays,
        )

    def _clause(self, table: Table) -> str:
        return one_of(table, "clause", table.clause(), self._clauses, "clause")

    def _pause(self, row: Table) -> Pause:
        clause = self._clause(row)
        here = where(
            row, {key: row.value(key, object) for key in row if key != "clause"}, self._facts, ""
        )
        refuse_unless(bool(here), row, "", 'write facts with values, as in status = "asked"')
        return Pause(here, clause)

    def _target(self, row: Table) -> Target:
        clause, says = self._clause(row), row.value("says", str, "")
        none, agreed = row.value("none", bool, False), row.value("agreed", bool, False)
        told = {key: row.value(key, object) for key in row if key in self._facts}
        here = where(row, told, self._facts, "")
        if none or agreed:
            row.done()
            return Target(here, None, None, clause, says, agreed)
        text = row.value("amount", str)
        spent = amount(row, "amount", text, row.value("day", str, "hours"))
        name = one_of(row, "in", row.value("in", str), self._calendars, "calendar")
        calendar = self._calendars[name]
        try:
            for each in _calendars_of(calendar):
                spent.seconds_in(each) if not spent.by_date else None
        except NotEven as wrong:
            raise row.bad("amount", str(wrong)) from None
        row.done()
        return Target(here, spent, calendar, clause, says)

    def _step(self, row: Table) -> Step:
        clause, facts = self._clause(row), self._facts
        do = row.value("do", object, [])
        done = tuple(str(each) for each in (do if isinstance(do, list) else [do]))
        share = row.value("share", int, 0) or None
        times = {key: self._amount(row, key) for key in ("at", "after", "every")}
        told = [key for key, value in {**times, "share": share}.items() if value is not None]
        refuse_unless(len(told) == 1, row, "share", "write one of share, at, after and every")
        sets = {name: str(value) for name, value in row.value("set", dict, {}).items()}
        for name, value in sets.items():
            one_of(row, "set", name, facts, "fact")
            one_of(row, f"set.{name}", value, (*facts[name].values, "next"), "value")
        refuse_unless(bool(done or sets), row, "do", "say what it does, or which facts it sets")
        here = where(row, row.value("where", dict, {}), facts, "where")
        to = row.names("to")
        row.done()
        return Step(done, clause, share, to=to, sets=sets, where=here, **times)

    def _amount(self, row: Table, key: str) -> Amount | None:
        text = row.value(key, str, "")
        return amount(row, key, text, row.value("day", str, "hours")) if text else None

    def _depends(self, targets: tuple[Target, ...]) -> tuple[str, ...]:
        named = {name for target in targets for name in target.where}
        named |= {target.calendar.by for target in targets if isinstance(target.calendar, Choice)}
        return tuple(name for name in self._facts if name in named)

    def _laid_out(
        self, targets: tuple[Target, ...], depends: tuple[str, ...]
    ) -> dict[tuple[str, ...], Target]:
        """Return the one row of each combination of the values; raise BadPack for none or two."""
        table, laid = self._table, dict[tuple[str, ...], Target]()
        sides = [self._facts[name].values for name in depends]
        size = 1
        for side in sides:
            size *= len(side)
        refuse_unless(size <= MOST_ROWS, table, "targets", f"{size} combinations: use fewer facts")
        met = set[int]()
        for values in product(*sides):
            here = dict(zip(depends, values, strict=True))
            hits = [
                n
                for n, target in enumerate(targets, 1)
                if all(here[name] in among for name, among in target.where.items())
            ]
            told = ", ".join(f"{name} {value}" for name, value in here.items()) or "every ticket"
            if not hits:
                raise table.bad(
                    "targets", f"no row says what is promised for {told}: add one, or none = true"
                )
            if len(hits) > 1:
                both = " and ".join(f"targets[{n}]" for n in hits)
                raise table.bad("targets", f"{both} both hold for {told}: let one hold alone")
            met.add(hits[0])
            laid[values] = targets[hits[0] - 1]
        return laid

    def _refuse_silence(self, changes: Mapping[str, Any], depends: tuple[str, ...]) -> None:
        for name in depends:
            if self._facts[name].changes and name not in changes:
                words = ", ".join(CHANGES)
                raise self._table.bad(
                    "on_change", f"say what a change of {name} does to the clock: {words}"
                )
        for name in changes:
            one_of(self._table, "on_change", name, depends, "fact of the targets")

    def _refuse_dates(
        self,
        targets: tuple[Target, ...],
        pauses: object,
        changes: Mapping[str, Any],
        steps: tuple[Step, ...],
        less: str | None,
    ) -> None:
        by_date = any(each.amount is not None and each.amount.by_date for each in targets)
        if not by_date:
            return
        why = "a deadline by date is not counted in seconds"
        table = self._table
        refuse_unless(
            not pauses, table, "pauses", f"{why}, so it is not paused: write day = 'hours'"
        )
        refuse_unless(less is None, table, "less", f"{why}, so nothing is taken off")
        fine = "segments" not in changes.values()
        refuse_unless(
            fine, table, "on_change", f"{why}, so it has no segments: anchored or restart"
        )
        shares = all(step.share in (None, 100) for step in steps)
        refuse_unless(shares, table, "steps", f"{why}, so its only share is 100: write at or after")


def _calendars_of(calendar: Calendar | Choice) -> tuple[Calendar, ...]:
    return tuple(calendar.calendars.values()) if isinstance(calendar, Choice) else (calendar,)
