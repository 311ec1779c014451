"""What each command comes to in each phase, under each pack, by the table of `every_command`."""

import pytest

from docket_lifecycle.state.ticket import Status
from docket_policies.terms.policy import Policy
from every_command import BEGIN, CELLS, NOW, OK, ROWS, TABLE, WAYS, Row
from people import ANN, H_SPHERE, INFRASTRUCTURE, ISPMANAGER, OLGA, REGULATIONS
from sentences import given


@pytest.mark.parametrize(
    ("row", "phase", "expected"), CELLS, ids=[f"{c[0].pack} {c[0].verb} {c[1]}" for c in CELLS]
)
def test_a_command_in_a_phase(row: Row, phase: Status, expected: str) -> None:
    before = row.in_phase(phase)
    assert before.ticket.status is phase

    came = before.when(row.command, at=NOW, by=row.by)

    if expected == OK:
        assert isinstance(came.answer, tuple), came.answer
        assert len(came.answer) == 1
        came.then(*came.answer)
    else:
        came.then_refused(*expected.split())


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.pack} {row.verb}")
def test_what_belongs_to_one_side_is_refused_to_the_other_in_every_phase(row: Row) -> None:
    by = ANN if row.by == OLGA else OLGA

    for phase in WAYS[row.pack]:
        before = row.in_phase(phase)
        clause = before.terms.capabilities[row.verb].clause
        before.when(row.command, at=NOW, by=by).then_refused("actor_not_entitled", clause)


@pytest.mark.parametrize(
    "terms", [REGULATIONS, INFRASTRUCTURE, H_SPHERE, ISPMANAGER], ids=lambda terms: terms.letter
)
def test_C_35_the_table_has_every_command_that_the_pack_grants_and_no_other(
    terms: Policy,
) -> None:
    elsewhere = {"create", "split", "merge"}
    rows = {verb for letter, verb in ROWS if letter == terms.letter}

    assert rows == set(terms.capabilities) - elsewhere


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.pack} {row.verb}")
def test_C_35_what_the_other_pack_alone_grants_is_refused_with_a_clause(row: Row) -> None:
    other = INFRASTRUCTURE if row.pack == "R" else REGULATIONS
    if row.verb in other.capabilities:
        assert (other.letter, row.verb) in ROWS
    else:
        given(*BEGIN[other.letter]).when(row.command, at=NOW, by=row.by).then_refused(
            "not_in_pack", other.absence(row.verb)
        )
