"""The update with a planned correction is out: what a linked ticket is told of it (I-3.9.1-c)."""

import pytest

from docket_events.desk import DefectLinked, UpdateReleased
from docket_events.recorded import Event
from docket_events.ticket import TicketRevoked
from docket_lifecycle.commands.releases import ReleaseUpdate
from docket_lifecycle.rules.releases import release_update
from people import CREATED, UNDER_I
from sentences import given

OUT = ReleaseUpdate("VM-4711", "2026.06.1")
LINKED = DefectLinked("VM-4711")


@pytest.mark.parametrize("first", [CREATED, UNDER_I], ids=["R", "I"])
@pytest.mark.parametrize("later", [(), (TicketRevoked("ann"),)], ids=["open", "ended"])
def test_I_3_9_1_c_a_linked_ticket_is_told_once_in_every_phase(
    first: Event, later: tuple[Event, ...]
) -> None:
    linked = given(first, LINKED, *later)

    (told,) = release_update(linked.ticket, OUT)
    after = given(first, LINKED, *later, told)

    assert told == UpdateReleased("VM-4711", "2026.06.1")
    assert after.ticket.work.released == ("VM-4711",)
    assert release_update(after.ticket, OUT) == ()
    assert release_update(after.ticket, ReleaseUpdate("VM-4711", "2026.07.1")) == ()


def test_a_ticket_about_another_defect_is_not_told() -> None:
    assert release_update(given(CREATED, DefectLinked("VM-1")).ticket, OUT) == ()
    assert release_update(given(CREATED).ticket, OUT) == ()


def test_each_of_several_defects_comes_out_by_itself() -> None:
    both = given(CREATED, LINKED, DefectLinked("VM-1"), UpdateReleased("VM-1"))

    assert release_update(both.ticket, ReleaseUpdate("VM-1")) == ()
    assert release_update(both.ticket, OUT) == (UpdateReleased("VM-4711", "2026.06.1"),)
