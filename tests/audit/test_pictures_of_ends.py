"""What the console draws and says of a ticket that has ended: nothing is owed any more (R-6.3)."""

import pytest

from chronicle import utc
from docket_audit.point import Point
from docket_audit.replay import Replay, replay
from docket_audit.timeline import stays, timeline
from docket_audit.why import why
from docket_events.combining import MergedInto
from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Event
from docket_events.ticket import ClosureDecided, ResponseSent, TicketRevoked
from late_evidence import NOTICE_ID, NOW, Written, high, history_of

TUESDAY = "2026-06-09T10:00:00"
ENDS: dict[str, tuple[Event, ...]] = {
    "a merge": (MergedInto("01978a6e-6c00-7000-8def-0123456789ac"),),
    "a revocation": (TicketRevoked("ann"),),
    "a closing": (
        ClosureDecided("resolved", "R-6.10-a"),
        ClosureNoticeSent(utc(TUESDAY), NOTICE_ID, utc("2026-06-15T00:00:00")),
    ),
}


def seen(*later: tuple[str, Event]) -> Replay:
    history = history_of([*high(), *(Written(at, at, event) for at, event in later)])
    return replay(history[0].ticket_id, history, Point(), utc(NOW))


@pytest.mark.parametrize("end", ENDS)
def test_a_deadline_that_an_end_took_away_is_neither_drawn_nor_counted_down(end: str) -> None:
    view = seen(*((TUESDAY, event) for event in ENDS[end]))

    picture, said = timeline(view, view.sight.counted, Point()), why(view)["sum"]
    assert 'class="deadline"' not in picture
    assert " left" not in said
    assert "overdue" not in said
    *_, last = stays(view.sight.counted, view.sight.at)
    assert last.side is None
    assert (len([each for each in why(view)["deadlines"] if each["deadline"] == "objection"])) == (
        end == "a closing"
    )


def test_a_merge_is_the_clause_by_which_nothing_is_owed() -> None:
    assert "(R-6.3-a)" in why(seen((TUESDAY, *ENDS["a merge"])))["sum"]


def test_a_deadline_that_was_kept_or_missed_before_the_end_stays_drawn() -> None:
    kept = seen((TUESDAY, ResponseSent()), ("2026-06-09T12:00:00", TicketRevoked("ann")))
    missed = seen(("2026-06-10T12:00:00", *ENDS["a merge"]))

    assert 'class="deadline"' in timeline(kept, kept.sight.counted, Point())
    assert 'class="deadline"' in timeline(missed, missed.sight.counted, Point())
    assert 'class="breach"' in timeline(missed, missed.sight.counted, Point())
