"""Who stopped the clock and what it gained, and breaches with their excuses beside them."""

from collections.abc import Sequence

from chronicle import utc
from docket_audit.breaches import Breach, breaches, figures
from docket_audit.pauses import pauses, sums
from docket_audit.point import Point
from docket_audit.replay import Replay, replay
from docket_events.clock import BreachWithdrawn, ResponseOverdue
from docket_events.desk import BreachExcused, CommentAdded
from docket_events.recorded import Actor, Event
from docket_events.ticket import (
    IndividualDeadlineSet,
    InformationProvided,
    InformationRequested,
    ProductTeamEscalated,
    TicketSuspended,
    UserCommented,
)
from docket_events.waits import CauseEstablished, CauseUnknownDeclared, OperationScheduled
from late_evidence import CLOCK, EXCUSED, LATE_ANSWER, NOW, Written, high, history_of
from people import ANN, BEN, text

HOUR = 3600
PRESENT = Point()
DUE = utc("2026-06-09T16:00:00")


def seen(story: Sequence[Written], point: Point = PRESENT) -> Replay:
    history = history_of(story)
    return replay(history[0].ticket_id, history, point, utc(NOW))


def now(at: str, event: Event, actor: Actor = BEN) -> Written:
    return Written(at, at, event, actor)


def test_C_16_a_pause_says_who_why_how_long_and_what_it_gained() -> None:
    story = [
        *high(),
        now("2026-06-08T17:00:00", CauseUnknownDeclared("solution_did_not_work")),
        now("2026-06-08T20:00:00", UserCommented(), ANN),
        now("2026-06-09T10:00:00", CauseEstablished()),
    ]

    (pause,) = pauses(seen(story))

    assert (pause.state, pause.clause, pause.reason) == (
        "cause_unknown",
        "R-6.8-c",
        "solution_did_not_work",
    )
    assert (pause.by, pause.team) == (BEN, "desk")
    assert (pause.from_, pause.to) == (utc("2026-06-08T17:00:00"), utc("2026-06-09T10:00:00"))
    assert pause.held_s == 17 * HOUR
    assert pause.gained_s == 2 * HOUR  # 17-18 on Monday, 9-10 on Tuesday
    assert (pause.forgiven_s, pause.user_messages) == (0, 1)


def test_C_02_what_a_new_turn_forgave_is_told_beside_what_the_pause_gained() -> None:
    story = [
        *high(),
        now("2026-06-08T11:00:00", InformationRequested("q1", deadline=utc("2026-06-11T11:00:00"))),
        now("2026-06-08T12:00:00", InformationProvided("q1"), ANN),
    ]

    (pause,) = pauses(seen(story))

    assert (pause.gained_s, pause.forgiven_s) == (1 * HOUR, 2 * HOUR)
    assert pause.expected_until == utc("2026-06-11T11:00:00")
    assert pause.user_messages == 0  # the answer ends the pause and is not within it


def test_a_pause_that_lasts_has_no_end_and_counts_until_the_point() -> None:
    story = [*high(), now("2026-06-08T10:00:00", TicketSuspended("ann"), ANN)]

    (pause,) = pauses(seen(story, Point(utc("2026-06-08T12:00:00"))))

    assert (pause.to, pause.held_s, pause.gained_s) == (None, 2 * HOUR, 2 * HOUR)
    assert (pause.state, pause.clause) == ("suspended", "R-6.6-a")


def test_R_6_8_d_an_agreed_hour_is_what_was_expected() -> None:
    agreed = utc("2026-06-10T02:00:00")
    story = [*high(), now("2026-06-08T10:00:00", OperationScheduled(agreed))]

    (pause,) = pauses(seen(story))

    assert (pause.to, pause.expected_until) == (agreed, agreed)


def test_pauses_add_up_by_agent_and_by_team() -> None:
    story = [
        *high(),
        now("2026-06-08T10:00:00", CauseUnknownDeclared()),
        now("2026-06-08T11:00:00", CauseEstablished()),
        now("2026-06-08T11:00:00", ProductTeamEscalated("kernel")),
        now("2026-06-08T12:00:00", TicketSuspended("ann"), ANN),
    ]
    found = pauses(seen(story, Point(utc("2026-06-08T15:00:00"))))

    by_agent = {each.who: (each.pauses, each.open, each.gained_s) for each in sums(found, "agent")}
    by_team = {each.who: (each.pauses, each.held_s) for each in sums(found, "team")}

    assert by_agent == {"customer:ann": (1, 1, 3 * HOUR), "agent:ben": (1, 0, 1 * HOUR)}
    assert by_team == {"product_team": (1, 3 * HOUR), "desk": (1, 1 * HOUR)}
    assert [each.who for each in sums(found, "agent")] == ["customer:ann", "agent:ben"]


OVERDUE = now("2026-06-09T16:00:01", ResponseOverdue(1, DUE, "R-6.7-HIGH"), CLOCK)


def only(story: Sequence[Written], point: Point = PRESENT) -> Breach:
    (breach,) = breaches(seen(story, point))
    return breach


def test_R_3_4_an_agreed_deadline_excuses_a_breach_and_both_figures_stay() -> None:
    agreed = IndividualDeadlineSet(utc("2026-06-20T12:00:00"), text("the user agreed by phone"))
    story = [
        *high(),
        OVERDUE,
        now("2026-06-10T09:00:00", CommentAdded("agent")),
        now("2026-06-10T10:00:00", agreed),
        now("2026-06-10T10:00:01", BreachWithdrawn(1, DUE, "R-3.4"), CLOCK),
    ]

    breach = only(story)

    assert breach.told is not None
    assert (breach.told.version, breach.told_due_at, breach.stands) == (4, DUE, False)
    assert breach.excuse is not None
    assert breach.excuse.event.type == "IndividualDeadlineSet"
    assert (breach.excuse.reason, breach.excuse.approver) == (None, BEN), "no text is shown"
    assert breach.withdrawn is not None
    assert breach.withdrawn.version == 7
    told = figures([breach])
    assert (told.told, told.standing, told.excused, told.untold) == (1, 0, 1, 0)


def test_a_breach_without_excuse_stands() -> None:
    breach = only([*high(), OVERDUE])

    assert (breach.stands, breach.excuse, breach.withdrawn) == (True, None, None)
    assert breach.breached_at == DUE


def test_C_09_an_answer_that_was_told_late_excuses_the_breach() -> None:
    breach = only(LATE_ANSWER.story)

    assert breach.excuse is not None
    assert (breach.excuse.event.type, breach.excuse.event.version) == ("ResponseSent", 5)
    believed = only(LATE_ANSWER.story, Point(None, utc("2026-06-09T17:00:00")))
    assert (believed.stands, believed.excuse) == (True, None)


def test_R_7_2_c_an_excuse_takes_no_breach_out_and_both_figures_stay() -> None:
    breach = only(EXCUSED.story)

    assert (breach.stands, breach.breached_at, breach.withdrawn) == (False, DUE, None)
    assert breach.excuse is not None
    assert breach.excuse.event.type == "BreachExcused"
    assert (breach.excuse.reason, breach.excuse.clause) == ("force_majeure", "R-7.2-c")
    assert breach.excuse.approver == Actor("agent", "olga")
    assert breach.excuse.event.actor == BEN
    told = figures([breach])
    assert (told.breaches, told.told, told.standing, told.excused) == (1, 1, 0, 1)
    before = only(EXCUSED.story, Point(None, utc("2026-06-11T00:00:00")))
    assert (before.stands, before.excuse) == (True, None)


def test_R_7_2_a_breach_that_nobody_told_is_excused_too() -> None:
    excused = BreachExcused(1, "user_breach", "R-7.2-a", "olga", DUE)

    breach = only([*high(), now("2026-06-10T09:00:00", excused)])

    assert (breach.told, breach.stands) == (None, False)
    assert breach.excuse is not None
    told = figures([breach])
    assert (told.breaches, told.standing, told.excused, told.untold) == (1, 0, 1, 1)


def test_C_09_what_undoes_an_excused_breach_is_its_excuse_from_then_on() -> None:
    agreed = IndividualDeadlineSet(utc("2026-06-20T12:00:00"), "agreed by phone")
    excused = BreachExcused(1, "user_breach", "R-7.2-a", "olga", DUE)

    breach = only(
        [*high(), OVERDUE, now("2026-06-10T09:00:00", excused), now("2026-06-10T10:00:00", agreed)]
    )

    assert (breach.stands, breach.breached_at) == (False, None)
    assert breach.excuse is not None
    assert breach.excuse.event.type == "IndividualDeadlineSet"


def test_a_breach_that_nobody_has_told_yet_is_a_breach() -> None:
    breach = only(high())

    assert (breach.told, breach.stands) == (None, True)
    assert figures([breach]).untold == 1


def test_a_turn_in_time_is_no_breach() -> None:
    assert breaches(seen(high(), Point(utc("2026-06-09T16:00:00")))) == ()


def test_R_1_14_a_clock_that_has_not_started_has_no_pauses() -> None:
    assert pauses(seen(high()[:2])) == ()
