"""Random merges and parts: whose clock is adopted, and what is still awaited (C-59, C-60)."""

from datetime import datetime, timedelta
from typing import Any

from oracle_rules import Rules
from random_story import PRIORITIES, Story, interval, new_request, own_clock


def merge(story: Story, *, adopting: bool) -> None:
    """Combine with another ticket; an old log tells creations only.

    What an old log did with open requests is held by the worked scenarios of version 1: here they
    come with a clock that is adopted.
    """
    walk = story.walk
    other = min(story.created + timedelta(minutes=story.of(-600, 0, 30, 2_000)), story.now)
    newest = max(story.created, other)
    waits = walk.started and not walk.answered and not walk.awaits_information
    whose = story.of("own", "other") if waits else story.of("nobody", "other", "other")
    carried: dict[str, Any] = {
        "open_requests": story.open_requests(),
        "third_parties": sorted(walk.parties),
        "cause_unknown": walk.cause_unknown,
        "agreed_for": walk.agreed_for.isoformat() if walk.agreed_for else None,
    }
    if story.of(False, False, True):
        carried["open_requests"].append(new_request(story, story.before(0, 30, 600)))
    adopting = adopting or bool(carried["open_requests"])
    if whose == "other" and adopting:
        carried["adopted"] = _other_clock(story, newest, carried)
    elif adopting:
        carried["adopted"] = own_clock(story, newest) if whose == "own" else {}
    story.tell(
        "TicketsMerged",
        created_at=[story.created.isoformat(), other.isoformat()],
        priority=story.of(*PRIORITIES),
        answered=whose == "nobody",
        **carried,
    )


def _other_clock(story: Story, newest: datetime, carried: dict[str, Any]) -> dict[str, Any]:
    """Tell a clock of another ticket; what it still waits for stands beside it."""
    base = story.before(0, 30, 600, 3_000, since=newest)
    adopted: dict[str, Any] = {"base": base.isoformat()}
    waits: list[dict[str, str]] = []
    for kind in story.of((), ("third_party",), ("cause_unknown", "third_party"), ("operation",)):
        from_ = story.before(1, 60, 400, 2_000, since=base)
        to = story.of(None, min(story.now, from_ + timedelta(minutes=story.of(30, 500))))
        waits.append({"kind": kind, **interval(from_, to)})
        if to is None:
            _still(story, kind, carried)
    if story.of(False, False, True):
        from_ = story.before(0, 200, 1_000, since=base)
        adopted["team"] = [interval(from_, story.of(None, story.now))]
    if story.of(False, False, True):
        adopted["individual"] = _other_deadline(story, base, waits)
    return {**adopted, "waits": waits, "void": story.of(*[False] * 9, True)}


def _still(story: Story, kind: str, carried: dict[str, Any]) -> None:
    if kind == "third_party":
        carried["third_parties"] = [*carried["third_parties"], story.named(request=False)]
    elif kind == "cause_unknown":
        carried["cause_unknown"] = True
    else:
        hour = story.now + timedelta(minutes=story.of(30, 900))
        carried["agreed_for"] = carried["agreed_for"] or hour.isoformat()


def _other_deadline(
    story: Story, base: datetime, waits: list[dict[str, str]]
) -> dict[str, str | int]:
    """Tell a deadline that the waits since its setting have lengthened by their union."""
    set_at = story.before(0, 100, 900, since=base)
    held, minute = 0, set_at
    while minute < story.now:
        held += any(
            datetime.fromisoformat(wait["from"]) <= minute
            and ("to" not in wait or minute < datetime.fromisoformat(wait["to"]))
            for wait in waits
        )
        minute += timedelta(minutes=1)
    deadline = set_at + timedelta(minutes=story.of(60, 600, 4_000))
    return {"set": set_at.isoformat(), "deadline": deadline.isoformat(), "held_s": 60 * held}


def part(story: Story, rules: Rules, *, adopting: bool) -> None:
    """Tell a part of another ticket, made now."""
    priority = story.of(*PRIORITIES)
    story.tell("TicketCreated", priority=priority, split_from="T0")
    base = story.before(0, 7, 600, 3_000)
    carried: dict[str, Any] = {}
    if adopting:
        carried["third_parties"] = story.of([], [], ["v1"])
        if story.of(False, False, True):
            carried["open_requests"] = [new_request(story, base)]
        if not rules.anew and story.of(False, True, True):
            carried["adopted"] = _clock_of_a_parent(story, base, carried)
    story.tell(
        "SplitChildCreated",
        parent="T0",
        parent_created_at=base.isoformat(),
        parent_base=base.isoformat(),
        priority=priority,
        **carried,
    )


def _clock_of_a_parent(story: Story, base: datetime, carried: dict[str, Any]) -> dict[str, Any]:
    """Tell what a part of pack I keeps; a forwarded ticket awaits no information (I-3.4)."""
    adopted: dict[str, Any] = {"base": base.isoformat()}
    if carried.get("open_requests"):
        from_ = story.before(0, 90, 500, since=base)
        carried["open_requests"] = [new_request(story, from_)]
        adopted["waits"] = [{"kind": "information", **interval(from_, None)}]
    elif story.of(False, False, True):
        adopted["forwarded"] = True
    if story.of(False, True):
        from_ = story.before(0, 120, 2_000, since=base)
        adopted["team"] = [interval(from_, story.of(None, None, story.now))]
    return {**adopted, "extensions_s": 60 * story.of(0, 0, 240, 480)}
