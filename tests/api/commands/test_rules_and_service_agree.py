"""The service makes of any commands what the rules make of them; in the end its log is whole."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from same_ticket import SameTicket, UnderI, UnderR
from timed_api import TimedApi, timed_api

from surroundings import Database

SHORT, LONG = 25, 300
"""How many tickets are lived, under each pack."""


def agree(api: TimedApi, machine: type[SameTicket], tickets: int) -> None:
    of_this_service = type(machine.__name__, (machine,), {"api": api})
    run_state_machine_as_test(
        of_this_service,
        settings=settings(
            max_examples=tickets,
            stateful_step_count=30,
            deadline=None,
            phases=set(Phase) - {Phase.explain},  # explaining takes longer than a test may
            suppress_health_check=[HealthCheck.too_slow],  # the machines of a busy day are slow
        ),
    )
    assert_the_log_is_whole(api)


def assert_the_log_is_whole(api: TimedApi) -> None:
    """Verify the chain and the contents, and count the events behind the read model."""
    assert api.faults() == []
    wrong = api.rows(
        "select t.ticket_id from docket.tickets as t where t.version <> (select count(*)"
        " from docket.events as e where (e.partition, e.ticket_id) = (t.partition, t.ticket_id))"
    )
    assert wrong == []


@pytest.mark.parametrize("machine", [UnderR, UnderI])
def test_the_rules_and_the_service_agree(api: TimedApi, machine: type[SameTicket]) -> None:
    agree(api, machine, SHORT)


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("machine", [UnderR, UnderI])
def test_the_rules_and_the_service_agree_on_many_tickets(
    api: TimedApi, machine: type[SameTicket]
) -> None:
    agree(api, machine, LONG)


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("machine", [UnderR, UnderI])
def test_the_rules_and_the_running_service_agree(
    database: Database, tmp_path: Path, machine: type[SameTicket]
) -> None:
    with timed_api(database, tmp_path, socket=True) as api:
        agree(api, machine, LONG // 2)
