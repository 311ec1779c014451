"""The page of a pack: what it promises, in words that its customers could read, as Markdown."""

from collections.abc import Iterator

from docket_policies.calendars.calendar import Calendar
from docket_policies.calendars.calendar_format import WEEKDAYS
from docket_terms.pack import Account, Choice, Clock, Pack, Step, Target, Where

_CHANGES = {
    "anchored": "the new time counts from the beginning",
    "restart": "the time begins anew",
    "segments": "what was spent stays spent, and the rest counts by the new target",
    "refused": "it cannot be changed while this runs",
}


def page_of(pack: Pack) -> str:
    """Return the page of a pack."""
    return "\n".join(_lines(pack)) + "\n"


def _lines(pack: Pack) -> Iterator[str]:
    yield f"# {pack.title}"
    yield ""
    yield f"Edition {pack.edition} of {pack.name}."
    yield ""
    for clock in pack.clocks.values():
        yield from _clock(clock)
    if pack.refusals:
        yield from ("## What is not taken", "")
        for rule in pack.refusals:
            where = f" ({_where(rule.where)})" if rule.where else ""
            instead = f" Instead: {rule.instead}." if rule.instead else ""
            yield f"- {rule.on}{where}: {rule.says}{instead} [{rule.clause}]"
        yield ""
    for account in pack.accounts.values():
        yield from _account(account)
    yield from ("## Hours", "")
    for name, calendar in pack.calendars.items():
        if isinstance(calendar, Choice):
            chosen = ", ".join(f"{v}: {c.name}" for v, c in calendar.calendars.items())
            yield f"- **{name}** depends on {calendar.by}: {chosen}."
        elif name != "ALWAYS":
            yield f"- **{name}**: {hours_of(calendar)} [{calendar.clause}]"
    yield from ("- **ALWAYS**: every hour of every day.", "", "## Clauses", "")
    for clause in pack.clauses.values():
        yield f"- **{clause.id}** {clause.says}"


def _clock(clock: Clock) -> Iterator[str]:
    yield f"## {clock.name.replace('_', ' ').capitalize()}"
    yield ""
    yield f"Owed by the {clock.owes}. It starts with {_moments(clock.starts)} [{clock.clause}]."
    for word, told in (("is met by", clock.stops), ("ends without an answer with", clock.cancels)):
        if told:
            yield f"It {word} {_moments(told)}."
    if clock.restarts:
        yield f"It is met and begins again with {_moments(clock.restarts)}."
    for pause in clock.pauses:
        yield f"It stands still while {_where(pause.where)} [{pause.clause}]."
    for fact, change in clock.on_change.items():
        yield f"When {fact} changes, {_CHANGES[change]}."
    yield ""
    yield "| when | promised | counted in | clause |"
    yield "|---|---|---|---|"
    for target in clock.targets:
        cells = (_where(target.where) or "always", promised(target), _in(target), target.clause)
        yield f"| {' | '.join(cells)} |"
    yield ""
    for step in clock.steps:
        yield f"- {_step(step)} [{step.clause}]"
    if clock.steps:
        yield ""


def promised(target: Target) -> str:
    """Return in words what a row promises."""
    if target.agreed:
        return "as agreed"
    if target.amount is None:
        return "no promise"
    days = {"close": "until closing", "end": "until midnight", "same time": "at the same time"}
    how = f", {days[target.amount.day]}" if target.amount.by_date else ""
    return f"{target.amount}{how}"


def hours_of(calendar: Calendar) -> str:
    """Return the hours of a calendar in words."""
    days = dict[str, list[str]]()
    for day, windows in zip(WEEKDAYS, calendar.hours, strict=True):
        told = ", ".join(f"{_time(start)} to {_time(end)}" for start, end in windows)
        if told:
            days.setdefault(told, []).append(day)
    open_ = "; ".join(f"{', '.join(names)} {told}" for told, names in days.items())
    holidays = f", without {len(calendar.holidays)} holidays" if calendar.holidays else ""
    return f"{open_} ({calendar.timezone}){holidays}"


def _account(account: Account) -> Iterator[str]:
    yield from (f"## {account.name.capitalize()} of a {account.period}", "")
    counted = ", ".join(name.replace("_", " ") for name in account.counts)
    yield f"{account.share:g} % in time, counted over {counted} [{account.clause}]."
    if account.few_below:
        yield (
            f"With fewer than {account.few_below} tickets"
            f" as many as {account.few_failures} may be late."
        )
    if account.credit:
        yield (
            f"Otherwise each failure gives {account.credit.each:g} % of the fee"
            f" of the {account.period}, at most {account.credit.cap:g} %."
        )
    yield ""


def _step(step: Step) -> str:
    when = f"at {step.share} %" if step.share else ""
    when = when or (f"{step.at} behind the beginning" if step.at else "")
    when = when or (f"{step.after} later" if step.after else f"then every {step.every}")
    does = " and ".join(step.do)
    to = f" to {', '.join(step.to)}" if step.to else ""
    sets = ", ".join(f"{name} becomes {value}" for name, value in step.sets.items())
    where = f" (while {_where(step.where)})" if step.where else ""
    return f"{when[0].upper()}{when[1:]}: {does}{to}{'; ' if sets and does else ''}{sets}{where}"


def _where(where: Where) -> str:
    return ", ".join(f"{name} {' or '.join(sorted(values))}" for name, values in where.items())


def _moments(moments: tuple[object, ...]) -> str:
    return " or ".join(f"`{moment}`" for moment in moments)


def _in(target: Target) -> str:
    if isinstance(target.calendar, Choice):
        return f"hours by {target.calendar.by}"
    return "" if target.calendar is None else target.calendar.name


def _time(second: int) -> str:
    return f"{second // 3_600:02}:{second % 3_600 // 60:02}"
