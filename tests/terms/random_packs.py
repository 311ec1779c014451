"""Packs and histories drawn at random: each pack loads, each instant is a whole minute."""

from random import Random
from typing import Any

from docket_policies.calendars.epoch import moment
from docket_terms.moments import Event

MONDAY = 1_772_438_400  # 2026-03-02T08:00:00Z; daylight time begins within the next four weeks
MINUTE = 60

SEVERITIES = ("low", "high", "urgent")
STATUSES = ("open", "asked", "solved")
TYPES = ("Opened", "Answered", "Asked", "Replied", "Solved", "Raised", "VendorAsked", "VendorDone")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")
CHANGES = ("anchored", "restart", "segments")


def a_pack(random: Random) -> str:
    """Return the text of a pack with one to three clocks."""
    number = random.choice((1, 1, 2, 3))
    names = [f"clock_{n}" for n in range(number)]
    parts = [_HEAD, _calendar("desk", random), _calendar("night", random), _CHOICE]
    parts += [_clock(name, names[:n], random) for n, name in enumerate(names)]
    return "\n".join(parts)


def a_history(random: Random) -> list[Event]:
    """Return events of a ticket in order, all within some days."""
    at = MONDAY + MINUTE * random.randrange(6 * 24 * 60)
    events = [Event(at, "Opened", {"severity": random.choice(SEVERITIES)})]
    for _ in range(random.randrange(9)):
        at += MINUTE * random.choice((0, 1, random.randrange(120), random.randrange(1_500)))
        events.append(Event(at, *_event(random, at)))
    return events


def _event(random: Random, at: int) -> tuple[str, dict[str, Any]]:
    type_ = random.choice(TYPES[1:])
    match type_:
        case "Raised":
            return type_, {"to": random.choice(SEVERITIES)}
        case "VendorAsked":
            ends = moment(at + MINUTE * random.randrange(1, 900)).isoformat()
            known = {"until": ends} if random.random() < 0.5 else {}
            return type_, {"id": random.choice("ab"), **known}
        case "VendorDone":
            return type_, {"id": random.choice("ab")}
        case _:
            return type_, {}


_HEAD = """
pack = "random"
edition = "1"
title = "Terms drawn at random"
effective_from = 2026-01-01T00:00:00Z
[clauses]
X-1 = "The only clause."
[facts.severity]
values = ["low", "high", "urgent"]
initial = "low"
set = { Raised = "@to" }
[facts.status]
values = ["open", "asked", "solved"]
initial = "open"
set = { Asked = "asked", Replied = "open", Solved = "solved" }
[facts.vendor]
open = "VendorAsked"
close = ["VendorDone"]
key = "id"
until = "until"
"""

_CHOICE = """
[calendars.by_severity]
by = "severity"
low = "desk"
high = "night"
urgent = "ALWAYS"
"""


def _calendar(name: str, random: Random) -> str:
    opens = random.choice((0, 6, 8, 9))
    closes = random.choice((17, 18, 24))
    days = ["mon", "tue", "wed", "thu", "fri", *(["sun"] if random.random() < 0.3 else [])]
    hours = ", ".join(f'{day} = [["{opens:02}:00", "{closes:02}:30"]]' for day in days)
    hours = hours.replace("24:30", "24:00")
    holiday = "holidays = [2026-03-04]" if random.random() < 0.5 else ""
    zone = random.choice(ZONES)
    return (
        f'[calendars.{name}]\nclause = "X-1"\ntimezone = "{zone}"\nhours = {{ {hours} }}\n{holiday}'
    )


def _clock(name: str, others: list[str], random: Random) -> str:
    dates = random.random() < 0.2
    starts = ["Opened", *random.sample(("Replied", "Asked", "status=asked"), random.randrange(2))]
    lines = [f"[clocks.{name}]", 'owes = "provider"', 'clause = "X-1"', f"starts = {starts!r}"]
    lines.append(f"stops = {random.sample(('Answered', 'Solved', 'status=solved'), 1)!r}")
    if random.random() < 0.4:
        lines.append(f"restarts = {random.sample(('Answered', 'Replied'), 1)!r}")
    if random.random() < 0.3:
        lines.append("cancels = ['Solved']")
    if random.random() < 0.2:
        lines.append('while = { status = ["open", "asked"] }')
    less = others and not dates and random.random() < 0.3
    if less:
        lines.append(f'less = "{others[-1]}"')
    if not dates:
        pauses = ('{ status = "asked", clause = "X-1" }', '{ vendor = "yes", clause = "X-1" }')
        lines.append(f"pauses = [{', '.join(random.sample(pauses, random.randrange(3)))}]")
    lines.append(f'last = "{random.choice(("in", "out"))}"')
    lines.append(
        f'on_change = {{ severity = "{random.choice(CHANGES[:2] if dates else CHANGES)}" }}'
    )
    rows = [_target(severity, dates, random) for severity in SEVERITIES]
    lines.append(f"targets = [{', '.join(rows)}]")
    lines.append(f"steps = [{', '.join(_steps(dates, bool(less), random))}]")
    return "\n".join(lines).replace("'", '"')


def _target(severity: str, dates: bool, random: Random) -> str:
    if severity == "low" and random.random() < 0.15:
        return f'{{ severity = "{severity}", none = true, clause = "X-1" }}'
    calendar = random.choice(("ALWAYS", "desk", "night", "by_severity"))
    if dates:
        calendar = random.choice(("desk", "night"))
        unit = random.choice(("1 days", "2 days", "1 weeks"))
        day = random.choice(("close", "end", "same time"))
        spent = f'amount = "{unit}", day = "{day}"'
    else:
        spent = f'amount = "{random.choice(("30 min", "2 h", "9 h", "1 days", "20 h"))}"'
    return f'{{ severity = "{severity}", {spent}, in = "{calendar}", clause = "X-1" }}'


def _steps(dates: bool, less: bool, random: Random) -> list[str]:
    shares = [100] if dates or less else [50, 100]
    steps = [
        f'{{ share = {share}, do = ["notice"], clause = "X-1" }}'
        for share in shares
        if random.random() < 0.6
    ]
    if random.random() < 0.3:
        steps.append(
            '{ after = "2 h", do = ["solve"], set = { status = "solved" }, clause = "X-1" }'
        )
    if random.random() < 0.3:
        steps.append('{ after = "1 h", set = { severity = "next" }, clause = "X-1" }')
    if random.random() < 0.2:
        steps.append('{ every = "4 h", do = ["remind"], clause = "X-1" }')
    return steps
