"""The picture of a ticket's life: how long it is, what its colours mean, what it does not claim."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest

from chronicle import utc
from docket_audit.owed import due_of, holder
from docket_audit.point import Point
from docket_audit.replay import Replay, replay
from docket_audit.timeline import life, timeline
from docket_audit.timeline_key import KEYS, legend
from docket_audit.why import why
from docket_events.combining import MergedInto
from docket_events.recorded import Recorded
from docket_events.ticket import TicketRevoked, TicketSuspended
from late_evidence import NOW, TICKETS, Written, high, history_of, instant
from people import ANN

LATER = utc("2027-01-01T00:00:00")
MERGED = [*high(), Written("2026-06-08T12:00:00", "2026-06-08T12:00:00", MergedInto("T1"))]
REVOKED = [
    *high(),
    Written("2026-06-08T12:00:00", "2026-06-08T12:00:00", TicketRevoked("ann"), ANN),
]
SUSPENDED = [
    *high(),
    Written("2026-06-08T12:00:00", "2026-06-08T12:00:00", TicketSuspended("ann"), ANN),
]
STORIES = [MERGED, REVOKED, SUSPENDED, *(told.story for told in TICKETS.values())]
MARK = re.compile(r'<(?:rect|line) class="([^"]+)"[^>]* (?:fill|stroke)="(#\w+)"')


PRESENT = Point()


def seen(story: Sequence[Written], point: Point = PRESENT) -> tuple[Replay, Sequence[Recorded]]:
    history = history_of(story)
    return replay(history[0].ticket_id, history, point, LATER), history


@pytest.mark.parametrize("story", [MERGED, REVOKED])
def test_an_ended_ticket_is_drawn_as_long_as_it_lived(story: Sequence[Written]) -> None:
    first, last = utc("2026-06-08T09:00:00"), utc("2026-06-08T12:00:00")
    lived = life(*seen(story), Point())

    assert (lived.first, lived.last) == (first, last + (last - first) * 0.05)
    assert 'class="now"' not in timeline(*seen(story), Point())


@pytest.mark.parametrize("point", [Point(LATER - timedelta(days=9)), Point(None, LATER)])
def test_a_later_instant_that_was_asked_for_is_in_the_picture(point: Point) -> None:
    view, history = seen(MERGED, point)

    assert life(view, history, point).last >= view.sight.at
    assert 'class="now"' in timeline(view, history, point)


def test_what_is_under_way_is_drawn_up_to_the_present() -> None:
    view, history = seen(SUSPENDED)

    assert life(view, history, Point()).last > LATER


@pytest.mark.parametrize("story", STORIES)
def test_each_colour_has_one_meaning_and_each_mark_a_key(story: Sequence[Written]) -> None:
    view, history = seen(story)
    drawn = timeline(view, history, Point())
    marks = {colour for kind, colour in MARK.findall(drawn) if kind != "midnight"}

    assert len({key.colour for key in KEYS}) == len(KEYS)
    assert {key.colour for key in legend(drawn)} == marks


@pytest.mark.parametrize("story", [MERGED, REVOKED])
def test_R_6_3_what_ended_is_with_nobody_and_owes_nothing(story: Sequence[Written]) -> None:
    view, history = seen(story)
    drawn = timeline(view, history, Point())

    assert holder(view.ticket) is None
    assert [due_of(turn, view.clock) for turn in view.clock.turns] == [None]
    assert 'class="deadline"' not in drawn
    assert 'class="objection"' not in drawn
    assert why(view)["sum"].endswith(
        "merged: no answer is owed any more (R-6.3-a)"
        if story is MERGED
        else "revoked: no answer is owed any more (R-6.6-a)"
    )


def test_an_answer_in_time_keeps_its_due_time_after_the_end() -> None:
    story = [
        *TICKETS["late_answer"].story,
        Written("2026-06-10T10:00:00", "2026-06-10T10:00:00", TicketRevoked("ann"), ANN),
    ]
    view, history = seen(story)

    assert [due_of(turn, view.clock) for turn in view.clock.turns] == [utc("2026-06-09T16:00:00")]
    assert 'class="deadline"' in timeline(view, history, Point())


def test_R_6_6_a_what_the_user_suspended_is_with_the_user_in_both_lanes() -> None:
    view, history = seen(SUSPENDED)
    drawn = timeline(view, history, Point())

    assert holder(view.ticket) == "user"
    assert drawn.count("with the user") == 1
    assert "suspended, held by the user" in drawn


def test_every_date_on_the_axis_has_its_year() -> None:
    view, history = seen(TICKETS["late_answer"].story, Point(instant(f"{NOW}Z")))
    labels = re.findall(r'fill="#718096">([^<]+)<', timeline(view, history, Point()))

    assert len(labels) > 3
    assert all("2026" in label for label in labels)


def test_C_55_while_information_is_owed_no_lane_names_a_due_time() -> None:
    view, history = seen(TICKETS["late_information"].story, Point(4))

    assert view.clock.deadline is None
    assert [due_of(turn, view.clock) for turn in view.clock.turns] == [None]
    assert 'class="deadline"' not in timeline(view, history, Point(4))
