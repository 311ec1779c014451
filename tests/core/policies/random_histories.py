"""Random histories of tickets: what may happen under a pack, and an instant to ask at."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from oracle_rules import RULES_OF_R, Rules, rules_of_i
from oracle_walk import Walk
from random_handing_on import part
from random_steps import possible, take
from random_story import PRIORITIES, Story

from docket_events.recorded import Fact
from docket_policies.terms.loader import policy
from docket_policies.terms.policy import Policy
from histories import I_REVISION
from people import REGULATIONS as R

GAPS = (0, 0, 1, 5, 13, 59, 60, 61, 179, 480, 600, 1_440, 2_880, 4_320)

DAYS = ("2026-04-08", "2026-10-26", "2026-06-10", "2026-12-23")
"""Around Easter, a holiday in the middle of a week, an ordinary week, and the turn of the year."""

PRODUCTS = ("VMmanager 6", "DCImanager 6", "BILLmanager 6", "DNSmanager 6")

Drawn = tuple[tuple[Fact, ...], datetime, Policy, Rules]


@st.composite
def histories(draw: st.DrawFn, pack: str, *, dense: bool = True) -> Drawn:
    """Draw what may happen to a ticket under a pack, and an instant to ask at.

    Where it is `dense` it is full of what the newer readings are about (C-55 to C-65), and some of
    it is recorded later than it happened.
    """
    terms, rules = R, RULES_OF_R
    if pack == "I":
        product = draw(st.sampled_from(PRODUCTS))
        level = draw(st.sampled_from(("Standard", "Standard", "Privilege")))
        terms, rules = policy("I", I_REVISION, product, level), rules_of_i(product, level)
    now = datetime.fromisoformat(draw(st.sampled_from(DAYS))).replace(tzinfo=UTC)
    now += timedelta(minutes=draw(st.integers(0, 1_440)))
    story = Story(draw, Walk(rules, now), now, now)
    _begin(story, rules, dense=dense)
    for _ in range(draw(st.integers(5, 14) if dense else st.integers(1, 12))):
        story.wait(*GAPS)
        if _closed_for_silence(story):
            break
        steps = possible(story, pack, dense=dense)
        if not steps:
            break
        take(story, story.of(*steps), dense=dense)
    story.wait(*GAPS)
    history = _recorded_late(story) if dense else tuple(story.told)
    return history, story.now, terms, rules


def _begin(story: Story, rules: Rules, *, dense: bool) -> None:
    """Tell a ticket of its own, or a part of another one."""
    if story.of(False, False, True):
        part(story, rules, adopting=dense)
    else:
        story.tell("TicketCreated", priority=story.of(*PRIORITIES), split_from=None)
    story.wait(0, 1, 45)
    story.tell("RegistrationNoticeSent")


def _closed_for_silence(story: Story) -> bool:
    """Close a ticket whose user was silent for too long, at the end of that silence (I-3.6)."""
    until = story.walk.silent_until()
    if until is None or until > story.now:
        return False
    story.now = until
    story.tell("TicketAutoClosed")
    return True


def _recorded_late(story: Story) -> tuple[Fact, ...]:
    """Record an event some time after it happened, when later ones stand in the log already."""
    told = list(story.told)
    for _ in range(story.of(0, 0, 0, 1, 2)):
        if len(told) < 4:
            break
        index = story.draw(st.integers(1, len(told) - 2))
        fact, after = told[index], told[index + 1]
        before = told[index - 1]
        if before.occurred_at < fact.occurred_at < after.occurred_at:
            told.insert(story.draw(st.integers(index + 1, len(told) - 1)), told.pop(index))
    return tuple(told)


BOUNDED = settings(
    max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
