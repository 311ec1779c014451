"""Each worked case beside the six example terms has the answer that stands there."""

import pytest
from example_packs import NAMES, cases_of, pack_of

from docket_terms.cases import Case, answer, differences
from docket_terms.pack import Pack

PACKS = {name: pack_of(name) for name in NAMES}
CASES = [(PACKS[name], case) for name in NAMES for case in cases_of(name)]


@pytest.mark.parametrize(("pack", "case"), CASES, ids=[case.id for _, case in CASES])
def test_the_answer_is_the_one_beside_the_terms(pack: Pack, case: Case) -> None:
    assert differences(case.expected, answer(pack, case)) == []


@pytest.mark.parametrize("name", NAMES)
def test_each_clause_that_is_a_rule_has_a_case(name: str) -> None:
    shown = {clause for case in cases_of(name) for clause in case.clause.split(", ")}
    rules = {clause.id for clause in PACKS[name].clauses.values() if not clause.note}

    assert rules - shown == set()
