"""How two editions differ: in words, and in the answers to the worked cases of both."""

from collections.abc import Iterator, Sequence

from docket_terms.cases import BadCase, Case, answer
from docket_terms.pack import Clock, Pack
from docket_terms.page import promised


def changes(old: Pack, new: Pack) -> Iterator[str]:
    """Yield in words what is other in the new edition."""
    for what, before, after in (
        ("clause", old.clauses, new.clauses),
        ("fact", old.facts, new.facts),
        ("calendar", old.calendars, new.calendars),
        ("clock", old.clocks, new.clocks),
        ("account", old.accounts, new.accounts),
    ):
        for name in before:
            if name not in after:
                yield f"{what} {name} is gone"
        for name in after:
            if name not in before:
                yield f"{what} {name} is new"
    for name, clause in new.clauses.items():
        if name in old.clauses and old.clauses[name].says != clause.says:
            yield f"clause {name} says: {clause.says}"
    for name, fact in new.facts.items():
        if name in old.facts and old.facts[name] != fact:
            yield f"fact {name}: {', '.join(fact.values)}"
    for name, clock in new.clocks.items():
        if name in old.clocks:
            yield from _clock(name, old.clocks[name], clock)
    if old.refusals != new.refusals:
        yield f"{len(new.refusals)} refusals, {len(old.refusals)} before"
    for name, account in new.accounts.items():
        if name in old.accounts and old.accounts[name] != account:
            yield f"account {name} counts otherwise"


def other_answers(old: Pack, new: Pack, cases: Sequence[Case]) -> Iterator[tuple[Case, str, str]]:
    """Yield the cases that the two editions answer otherwise, with both answers."""
    for case in cases:
        before, after = _answered(old, case), _answered(new, case)
        if before != after:
            yield case, before, after


def _answered(pack: Pack, case: Case) -> str:
    try:
        got = answer(pack, case)
    except (BadCase, KeyError) as wrong:
        return f"no answer: {wrong}"
    return ", ".join(f"{name} {got.get(name)}" for name in case.expected)


def _clock(name: str, old: Clock, new: Clock) -> Iterator[str]:
    for word in ("owes", "starts", "stops", "restarts", "cancels", "pauses", "on_change", "last"):
        before, after = getattr(old, word), getattr(new, word)
        if before != after:
            yield f"clock {name}: {word} is {_told(after)}, was {_told(before)}"
    if old.facts != new.facts:
        yield f"clock {name}: its targets depend on {', '.join(new.facts) or 'nothing'}"
        return
    for values, target in new.table.items():
        before = old.table.get(values)
        here = ", ".join(values) or "always"
        if before is None:
            yield f"clock {name}: {here}: {promised(target)}"
        elif promised(before) != promised(target) or _calendar(before) != _calendar(target):
            yield (
                f"clock {name}: {here}: {promised(target)} in {_calendar(target)},"
                f" was {promised(before)} in {_calendar(before)}"
            )


def _calendar(target: object) -> str:
    calendar = getattr(target, "calendar", None)
    return getattr(calendar, "name", None) or getattr(calendar, "by", None) or "no hours"


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value) or "nothing"
    return str(value) if value else "nothing"
