"""A random history as far as it has been told, and what a ticket hands on in it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from oracle_events import happen
from oracle_walk import Walk

from docket_events.recorded import Fact
from histories import happened

PRIORITIES = ("Emergency", "High", "Medium", "Low")


@dataclass
class Story:
    """What is told is walked at once, so that what may happen next depends on how things stand.

    `agreed` is when the individual deadline was set, and what it was set to.
    """

    draw: st.DrawFn
    walk: Walk
    created: datetime
    now: datetime
    told: list[Fact] = field(default_factory=list)
    asked: int = 0
    objected: bool = False
    agreed: tuple[datetime, datetime] | None = None

    def tell(self, kind: str, **data: object) -> None:
        fact = happened(self.now.isoformat(), kind, **data)
        self.told.append(fact)
        happen(self.walk, fact)

    def of(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def wait(self, *minutes: int) -> None:
        self.now += timedelta(minutes=self.of(*minutes))

    def before(self, *minutes: int, since: datetime | None = None) -> datetime:
        """Name an instant some minutes ago, but not before another one."""
        then = self.now - timedelta(minutes=self.of(*minutes))
        return then if since is None else max(since, then)

    def named(self, request: bool = True) -> str:
        """Name a new request or a new wait."""
        self.asked += 1
        return f"{'q' if request else 'v'}{self.asked}"

    def requests(self, *, arrived: bool, uploading: bool = False) -> list[str]:
        return [
            name
            for name, request in self.walk.requests.items()
            if (request.arrived_at is not None) == arrived and request.uploading == uploading
        ]

    def open_requests(self) -> list[dict[str, Any]]:
        """Tell the requests that are open, as a merge does."""
        return [
            _open(name, request.last_instant, self.now)
            for name, request in self.walk.requests.items()
            if request.arrived_at is None
        ]


def _open(name: str, last: datetime | None, now: datetime) -> dict[str, Any]:
    if last is None:
        return {"request": name, "requested_at": now.isoformat()}
    asked = last - timedelta(hours=72)
    return {
        "request": name,
        "requested_at": min(asked, now).isoformat(),
        "deadline": last.isoformat(),
    }


def new_request(story: Story, at: datetime) -> dict[str, Any]:
    return _open(story.named(), at + timedelta(hours=72), at)


def interval(from_: datetime, to: datetime | None) -> dict[str, str]:
    ended = {} if to is None else {"to": to.isoformat()}
    return {"from": from_.isoformat(), **ended}


def own_clock(story: Story, newest: datetime) -> dict[str, Any]:
    """Tell the ticket's own clock as what is adopted: its waits, its team, its deadline."""
    walk = story.walk
    turn = walk.turn
    assert turn is not None
    stretches = turn.stretches
    base = max(newest, stretches[0].from_ if stretches and not turn.first else newest)
    waits, team = [], []
    for stretch in stretches:
        if stretch.to <= base:
            continue
        told = interval(max(base, stretch.from_), stretch.to)
        if not stretch.runs:
            waits.append({"kind": "third_party", **told})
        if stretch.team:
            team.append(told)
    if walk.parties or walk.cause_unknown or walk.agreed_for:
        waits.append({"kind": _open_kind(walk), **interval(story.now, None)})
    if walk.team:
        team.append(interval(story.now, None))
    adopted: dict[str, Any] = {"base": base.isoformat(), "waits": waits, "team": team}
    if walk.void:
        adopted["void"] = True
    if walk.individual is not None and story.agreed is not None:
        adopted["individual"] = _own_deadline(story)
    return adopted


def _open_kind(walk: Walk) -> str:
    if walk.parties:
        return "third_party"
    return "cause_unknown" if walk.cause_unknown else "operation"


def _own_deadline(story: Story) -> dict[str, Any]:
    individual = story.walk.individual
    assert individual is not None
    assert story.agreed is not None
    set_at, deadline = story.agreed
    due = individual.passed_at or story.now + individual.left
    return {
        "set": set_at.isoformat(),
        "deadline": deadline.isoformat(),
        "held_s": int((due - deadline).total_seconds()),
    }
