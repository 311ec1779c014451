"""What the terms cost: working time at growing spans beside its peers, and the clock's fold.

Everyone gets the same questions in the same run, and every answer is compared with ours before
anything is measured. Nothing here needs a server.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, islice
from time import perf_counter
from typing import TypeVar

from benchmarks.figures import Effort, Figure, Subject, against, by_turns, interleave
from benchmarks.histories import POLICY, history
from benchmarks.peers import DURATION, OURS, adders, business_hours, measurers, utc
from benchmarks.servers import Servers
from docket_policies.calendars.time_arithmetic import between
from docket_policies.clock.response_clock import response_clock

SPANS = {"1 day": 1, "1 year": 365, "10 years": 3_652}
SHORTEST, GOAL_AT, LONGEST = SPANS
FASTER, FLAT = 100.0, 0.5

STARTS = 30
FIRST_START, APART = utc(2017, 1, 2, 0, 7), timedelta(days=29, hours=5, minutes=19)
LEAST_S = 0.2  # a round lasts so long at least, by asking the same questions again

EVENTS = (10, 100, 1_000)

Asked = TypeVar("Asked")


def run(_: Servers, effort: Effort) -> Subject:
    """Measure questions a second about working time, and events a second of the clock's fold."""
    return Subject("terms", (*_working_time(effort), _laying_out(effort), *_folds(effort)))


def _working_time(effort: Effort) -> Sequence[Figure]:
    calendar = business_hours()
    spans = {name: _cases(timedelta(days=days), effort) for name, days in SPANS.items()}
    amounts = {
        name: [(start, between(calendar, start, end)) for start, end in cases]
        for name, cases in spans.items()
    }
    no_adding = Figure(f"add: {DURATION}", "", (), note="no answer: it measures, and cannot add")
    return (
        *_compared("add", adders(calendar), amounts, effort),
        no_adding,
        *_compared("between", measurers(calendar), spans, effort),
    )


def _cases(span: timedelta, effort: Effort) -> Sequence[tuple[datetime, datetime]]:
    """Return questions whose starts fall on days, nights, weekends and holidays as they come.

    They are the same for every span: those whose first day has working time, so that there is
    something to add.
    """
    calendar, day = business_hours(), timedelta(days=1)
    starts = (FIRST_START + n * APART for n in count())
    begun = (start for start in starts if between(calendar, start, start + day))
    return [(start, start + span) for start in islice(begun, effort.of(STARTS))]


def _compared(
    question: str,
    contenders: Mapping[str, Callable[[datetime, Asked], Hashable]],
    spans: Mapping[str, Sequence[tuple[datetime, Asked]]],
    effort: Effort,
) -> Sequence[Figure]:
    """Return a figure for each span and contender; ours carries the goals."""
    for cases in spans.values():
        _agree(contenders, cases)
    rounds = interleave(
        {
            _row(question, span, name): _asking(ask, cases, effort)
            for span, cases in spans.items()
            for name, ask in contenders.items()
        },
        effort.rounds,
    )

    def figure(span: str, name: str) -> Figure:
        row = _row(question, span, name)
        return Figure(row, "questions/s", rounds[row])

    figures: list[Figure] = []
    for span in spans:
        peers = {name: figure(span, name) for name in contenders if name != OURS}
        faster = max(peers, key=lambda name: peers[name].value)
        goal = FASTER if span == GOAL_AT else None
        figures += (*peers.values(), _held(figure(span, OURS), faster, peers[faster], goal))
    shortest = figure(SHORTEST, OURS)
    return *figures, _held(figure(LONGEST, OURS), f"{OURS}, {SHORTEST}", shortest, FLAT)


def _row(question: str, span: str, name: str) -> str:
    return f"{question}, {span}: {name}"


def _held(ours: Figure, name: str, floor: Figure, goal: float | None) -> Figure:
    return replace(ours, floor=name, ratio=by_turns(ours.rounds, floor.rounds), goal=goal)


def _agree(
    contenders: Mapping[str, Callable[[datetime, Asked], Hashable]],
    cases: Sequence[tuple[datetime, Asked]],
) -> None:
    """Raise AssertionError where two contenders answer differently."""
    for start, asked in cases:
        answers = {name: ask(start, asked) for name, ask in contenders.items()}
        assert len(set(answers.values())) == 1, f"{start} and {asked}: {answers}"


def _asking(
    ask: Callable[[datetime, Asked], object],
    cases: Sequence[tuple[datetime, Asked]],
    effort: Effort,
) -> Callable[[], float]:
    def work() -> object:
        return [ask(start, asked) for start, asked in cases]

    return lambda: _a_second(work, len(cases), effort)


def _a_second(work: Callable[[], object], size: int, effort: Effort) -> float:
    """Do the work until the round has lasted; return how much of its size was done a second."""
    done, began, least = 0, perf_counter(), LEAST_S * effort.scale
    while (taken := perf_counter() - began) < least or not done:
        work()
        done += size
    return done / taken


def _laying_out(effort: Effort) -> Figure:
    """Measure what the first question costs that reaches over ten years, once a process."""
    start, end = _cases(timedelta(days=SPANS[LONGEST]), effort)[0]
    rounds = []
    for _ in range(effort.rounds):
        fresh = replace(business_hours())
        began = perf_counter()
        between(fresh, start, end)
        rounds.append((perf_counter() - began) * 1000)
    return Figure(f"between, {LONGEST}: {OURS}, first question", "ms", tuple(rounds))


def _folds(effort: Effort) -> Sequence[Figure]:
    """Measure events a second of response clocks; that of the shortest history is the ground."""

    def folding(events: int) -> Callable[[], float]:
        told = history(events)
        at = told[-1].occurred_at + timedelta(hours=1)
        return lambda: _a_second(lambda: response_clock(told, POLICY, at), events, effort)

    names = {events: f"clock of {events:,} events" for events in EVENTS}
    rounds = interleave({names[n]: folding(n) for n in EVENTS}, effort.rounds)
    return against(names[EVENTS[0]], rounds, "events/s", {})
