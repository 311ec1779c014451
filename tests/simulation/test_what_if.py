"""What if: other terms over real histories, against the count by hand of both sides."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

import pytest

from docket_devstack.workspace import PROJECT
from docket_events.recorded import Fact
from docket_import.cases import cases_of, survey
from docket_import.mapping import history_of
from docket_import.rules import ImportRules
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_policies.clock.response_clock import response_clock
from docket_policies.eligibility.question import Unanswerable
from docket_policies.terms.loader import policy, policy_of
from docket_policies.terms.policy import Policy
from docket_simulation.what_if.supposition import Supposition
from docket_simulation.what_if.tally import Tally, judge

SAMPLE = PROJECT / "data/uci-incidents/events.sample.jsonl"
WHOLE = PROJECT.parent / "shared/data/uci-incidents/events.jsonl.gz"
END = datetime(2026, 1, 1, tzinfo=UTC)


def tickets(path: Path, most: int | None = None) -> Iterator[tuple[Ticket, Sequence[Fact]]]:
    for case in islice(cases_of(survey(path)), most):
        history = history_of(case, ImportRules("uci-498"))
        ticket = fold(UUID(int=1), history)
        assert ticket is not None
        yield ticket, history


def breached(history: Sequence[Fact], terms: Policy) -> set[tuple[datetime, str]]:
    """Return the turns that were late, straight from the clock."""
    turns = response_clock(history, terms, END).turns
    return {
        (turn.started_at, turn.start)
        for turn in turns
        if not turn.void and turn.breached_at is not None
    }


def resuming(ticket: Ticket) -> Policy:
    """Return pack R with the other reading of C-02, made here and not by the code under test."""
    terms = policy_of(ticket)
    return replace(terms, readings=replace(terms.readings, info="resume"))


def around_the_clock(ticket: Ticket) -> Policy:
    """Return pack R with the targets of pack I's first offer at the level Privilege."""
    terms = policy_of(ticket)
    other = policy("I", "I-2025-09-08", "VMmanager 6", "Privilege")
    return replace(terms, targets={**terms.targets, **other.targets})


@pytest.mark.parametrize(
    ("supposition", "by_hand"),
    [
        (Supposition(readings={"info": "resume"}), resuming),
        (Supposition(targets="I-2025-09-08", level="Privilege"), around_the_clock),
    ],
    ids=lambda case: getattr(case, "label", ""),
)
@pytest.mark.parametrize(
    "path",
    [SAMPLE, *([pytest.param(WHOLE, marks=pytest.mark.full)] if WHOLE.exists() else [])],
    ids=lambda path: path.name,
)
def test_C_02_the_counts_equal_a_direct_computation(
    path: Path, supposition: Supposition, by_hand: object
) -> None:
    tally, breaches, appeared, vanished, changed = Tally(), 0, 0, 0, 0
    for ticket, history in tickets(path):
        tally.add(judge(ticket.number, ticket, history, supposition, END))
        assert callable(by_hand)
        was, would = breached(history, policy_of(ticket)), breached(history, by_hand(ticket))
        breaches += len(was)
        appeared += len(would - was)
        vanished += len(was - would)
        changed += was != would

    assert tally.breaches == breaches
    assert sum(tally.appeared.values()) == appeared
    assert sum(tally.vanished.values()) == vanished
    assert tally.supposed_breaches == breaches + appeared - vanished
    assert tally.changed == changed
    assert changed, "a supposition that changes nothing shows nothing"


def test_every_change_says_why() -> None:
    supposition = Supposition(targets="I-2025-09-08", level="Privilege")
    tally = Tally(most=5)
    for ticket, history in tickets(SAMPLE, 60):
        tally.add(judge(ticket.number, ticket, history, supposition, END))

    assert len(tally.appearing) == 5
    for change in tally.appearing:
        assert change.breach.breached_at >= change.breach.due_at
        assert change.breach.clause.startswith("I-")
        assert "would be late" in change.why
        assert "is due" in change.why or "no deadline" in change.why


def test_a_calendar_that_never_closes_makes_breaches_and_undoes_none() -> None:
    tally = Tally()
    for ticket, history in tickets(SAMPLE, 100):
        tally.add(judge(ticket.number, ticket, history, Supposition(calendar="ALWAYS"), END))

    assert sum(tally.appeared.values()) > 0
    assert not tally.vanished


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "nothing_supposed"),
        ({"calendar": "NEVER"}, "unknown_calendar"),
        ({"revision": "R-1999"}, "unknown_pack"),
        ({"targets": "X"}, "unknown_pack"),
        ({"level": "Privilege", "calendar": "ALWAYS"}, "unknown_offer"),
    ],
)
def test_a_supposition_that_makes_no_sense_is_refused(said: dict[str, str], code: str) -> None:
    with pytest.raises(Unanswerable) as refused:
        Supposition(**said)  # type: ignore[arg-type]  # the fields are strings

    assert refused.value.code == code


def test_an_unknown_reading_is_refused_by_name() -> None:
    with pytest.raises(Unanswerable, match="no reading 'speed'"):
        Supposition(readings={"speed": "fast"})
    with pytest.raises(Unanswerable, match="info is read as"):
        Supposition(readings={"info": "sometimes"})


def test_where_nothing_was_judged_it_says_so() -> None:
    assert Tally().sum == "no ticket was created in that time: nothing was judged"
