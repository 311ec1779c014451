"""Another reading of an unclear clause is another value in the data, and another answer."""

from dataclasses import replace

import pytest
from worked_scenarios import ANSWERED_ON_WEDNESDAY, SCENARIOS, governing, history

from docket_events.combining import SplitChildCreated, TicketsMerged
from docket_events.recorded import Fact
from docket_policies.clock.response_clock import response_clock
from docket_policies.deadlines.timers import objections_until, timers
from docket_policies.terms.policy import Policy
from histories import answer, at, happened, written

OTHER_READINGS: dict[tuple[str, str], dict[str, str]] = {
    ("R-003", "C-09 restart"): {"priority": "restart"},
    ("R-011", "C-01 first message"): {"start": "first_message"},
    ("R-013", "C-18 any channel"): {"channel": "any"},
    ("R-015", "C-02 resume"): {"info": "resume"},
    ("R-016", "C-05 counted from the message"): {"upload": "message"},
    ("R-022", "C-07 resume"): {"suspend": "resume"},
    ("R-025", "C-03 wall"): {"pause": "wall_time"},
    ("R-030", "C-09 stopwatch"): {"priority": "stopwatch"},
    ("R-030", "C-09 restart"): {"priority": "restart"},
    ("R-033", "C-11 escalation does not touch"): {"pt": "ignore"},
    ("R-037a", "C-08 the parts keep"): {"split": "parent"},
    ("R-038", "C-08 timed from the merge"): {"merge": "merge"},
    ("R-038", "C-08 timed from the earliest"): {"merge": "earliest_source"},
    ("I-015", "C-02 resume"): {"info": "resume"},
    ("R-033", "C-11 all 8 hours recounted"): {"pt": "recount"},
    ("R-045", "C-06 every message restarts"): {"comment": "restart"},
    ("R-101", "C-55 rejudged"): {"answered": "rejudged"},
    ("R-102", "C-55 rejudged"): {"answered": "rejudged"},
    ("R-103", "C-55 rejudged"): {"answered": "rejudged"},
    ("R-108", "C-56 literal"): {"rejected": "literal"},
    ("R-119", "C-58 fixed"): {"individual": "fixed", "answered": "rejudged"},
    ("R-120", "C-58 fixed"): {"individual": "fixed"},
    ("R-136", "C-61 the escalation goes on"): {"ended": "waits"},
    ("R-152", "C-65 a turn opens"): {"resumed": "new_turn"},
    ("R-047", "C-20 exact 120 hours"): {"days": "from_moment"},
    ("R-047", "C-20 five business days"): {"days": "business_days"},
}


def reading(terms: Policy, **other: str) -> Policy:
    return replace(terms, readings=replace(terms.readings, **other))  # type: ignore[arg-type]  # names are checked by the loader


@pytest.mark.parametrize(
    ("scenario_id", "start", "other"),
    [(scenario_id, start, other) for (scenario_id, start), other in OTHER_READINGS.items()],
)
def test_another_reading_is_another_value_in_the_data(
    scenario_id: str, start: str, other: dict[str, str]
) -> None:
    scenario = SCENARIOS[scenario_id]
    (expected,) = (a for a in scenario["alternatives"] if a["reading"].startswith(start))
    told, terms = history(scenario_id), reading(governing(scenario), **other)
    if "deadline" in expected:
        clock = response_clock(told, terms, at(expected["at"]))
        assert (written(clock.deadline), clock.overdue) == (
            expected["deadline"],
            expected["overdue"],
        )
    elif scenario_id == "R-025":
        assert (
            written(response_clock(told, terms, at("2026-06-15T11:00:00Z")).deadline)
            == (expected["value"])
        )
    else:
        ends = objections_until(terms, at("2026-06-09T18:03:00Z"))
        last_valid = "exact" in expected["reading"]
        instant = at(expected["value"])
        assert ends is not None
        assert (ends - instant).total_seconds() == (1 if last_valid else 0)


NEW = [key for key in OTHER_READINGS if key[1].split()[0] >= "C-55"]


@pytest.mark.parametrize(("scenario_id", "start"), NEW)
def test_C_55_a_ticket_from_before_is_read_as_it_was_read_then(
    scenario_id: str, start: str
) -> None:
    scenario = SCENARIOS[scenario_id]
    (expected,) = (a for a in scenario["alternatives"] if a["reading"].startswith(start))
    first = governing(scenario).as_read(1)
    clock = response_clock(history(scenario_id), first, at(expected["at"]))
    assert (written(clock.deadline), clock.overdue) == (expected["deadline"], expected["overdue"])


@pytest.mark.parametrize("scenario_id", ["R-127", "I-104"])
def test_C_59_an_event_that_does_not_say_what_is_adopted_is_read_as_before(
    scenario_id: str,
) -> None:
    (expected,) = SCENARIOS[scenario_id]["alternatives"]
    told = [
        Fact(replace(fact.event, adopted=None), fact.occurred_at)
        if isinstance(fact.event, TicketsMerged | SplitChildCreated)
        else fact
        for fact in history(scenario_id)
    ]
    clock = response_clock(told, governing(SCENARIOS[scenario_id]), at(expected["at"]))
    assert (written(clock.deadline), clock.overdue) == (expected["deadline"], expected["overdue"])


def test_C_31_processing_on_business_days_only_is_another_calendar() -> None:
    (other,) = SCENARIOS["I-002"]["alternatives"]
    terms = governing(SCENARIOS["I-002"])
    business = terms.business
    hours = tuple(((6 * 3600, 18 * 3600),) if day else () for day in business.hours)
    calendar = replace(business, hours=hours)
    high = replace(terms.targets["High"], calendar=calendar)
    clock = response_clock(
        history("I-002"),
        replace(terms, targets={**terms.targets, "High": high}),
        at(other["at"]),
    )
    assert written(clock.deadline) == other["deadline"]


def test_C_30_an_emergency_in_the_hours_of_the_product_is_another_calendar() -> None:
    (other,) = SCENARIOS["I-003"]["alternatives"]
    terms = governing(SCENARIOS["I-003"])
    emergency = replace(terms.targets["Emergency"], calendar=terms.targets["High"].calendar)
    clock = response_clock(
        history("I-003"),
        replace(terms, targets={**terms.targets, "Emergency": emergency}),
        at(other["at"]),
    )
    assert written(clock.deadline) == other["deadline"]


def test_C_34_the_seven_days_may_be_read_to_go_on_after_forwarding() -> None:
    (other,) = SCENARIOS["I-010"]["alternatives"]
    terms = reading(governing(SCENARIOS["I-010"]), forward="ends_response", silence="any")
    (timer,) = timers(history("I-010"), terms)
    assert written(timer.fires_at) == other["value"]


def test_C_33_the_seven_days_may_be_read_as_hours() -> None:
    (other,) = SCENARIOS["I-012"]["alternatives"]
    terms = reading(governing(SCENARIOS["I-012"]), days="from_moment")
    (timer,) = timers(ANSWERED_ON_WEDNESDAY, terms)
    assert written(timer.fires_at) == other["value"]


def test_C_08_a_part_under_pack_i_may_be_read_to_be_counted_from_the_split() -> None:
    (other,) = SCENARIOS["I-017a"]["alternatives"]
    part = happened(
        "2026-06-13T08:00:00Z",
        "SplitChildCreated",
        parent="T1",
        parent_created_at="2026-06-12T20:00:00Z",
        parent_base="2026-06-12T20:00:00Z",
        priority="High",
    )
    terms = governing(SCENARIOS["I-017a"])
    (check,) = SCENARIOS["I-017a"]["checks"]
    kept = answer(response_clock((part,), terms, part.occurred_at))
    assert {name: kept[name] for name in check["expect"]} == check["expect"]
    anew = response_clock((part,), reading(terms, split="newest_part"), part.occurred_at)
    assert written(anew.deadline) == other["value"]
