"""The role table itself: its form, and what it says of each role."""

import pytest
from documented import OPERATIONS

from docket_devstack.tokens import SUBJECTS
from docket_events.roles import ACCOUNT_BOUND, MASKED, ROLES, SIDES
from docket_policies.terms.loader import edition, pack_of_revision, revisions
from ticket_api.auth.roles import reach, read, table
from ticket_api.commands.bodies import TICKET_BODIES


def test_every_route_has_a_row_and_every_row_a_route():
    assert sorted(each.id for each in OPERATIONS) == sorted(table())


def test_a_route_without_a_row_is_open_to_nobody():
    with pytest.raises(LookupError, match="no row"):
        reach("dance", "agent")


def row_of(*more, **cells):
    """Return a row that is right but for the cells named, and the cells more."""
    right = {"customer": "own", **dict.fromkeys(ROLES[1:], "any"), "anybody": "-"}
    return ", ".join(["look", *(right | cells).values(), *more])


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([row_of()] * 2, "two rows for look"),
        ([row_of(customer="all")], "look, customer: all"),
        ([row_of(agent="own")], "look, agent: own"),
        ([row_of(anybody="own")], "look, anybody: own"),
        (["look, own, any"], "look, product_team: None"),
        ([row_of("any")], "look: the columns are customer"),
    ],
)
def test_a_table_that_is_wrong_names_the_row(rows, wrong):
    head = f"operation, {', '.join(ROLES)}, anybody"
    with pytest.raises(ValueError, match=wrong):
        read("\n".join([head, *rows]))


def test_auditors_and_operators_never_write_to_the_log():
    of_no_ticket = {"simulate", "revoke_tokens"}
    posting = {each.id for each in OPERATIONS if each.method not in ("GET", "HEAD")}
    writing = posting - of_no_ticket
    assert writing
    assert not [name for name in writing for role in ("auditor", "operator") if reach(name, role)]


def test_customers_reach_what_is_theirs_and_never_the_reports():
    for each in OPERATIONS:
        if each.about:
            assert reach(each.id, "customer") in ("own", None), each.id
        elif each.path.startswith("/v1/audit"):
            assert reach(each.id, "customer") is None, each.id


def test_only_roles_that_come_with_an_account_reach_what_is_its_own():
    own = {role for row in table().values() for role, cell in row.items() if cell == "own"}

    assert own == ACCOUNT_BOUND == {"customer"}


def test_the_sides_that_a_replay_shows_are_those_that_may_give_every_command():
    """And those to which a pack grants anything: others may erase at most."""
    commands = [operation for operation in table() if operation.replace("_", "-") in TICKET_BODIES]
    granted = {
        actor
        for revision in revisions()
        for verb, capability in edition(pack_of_revision(revision), revision)[
            0
        ].capabilities.items()
        for actor in capability.actors
        if verb != "erase"
    }

    assert {role for role in ROLES if all(reach(each, role) for each in commands)} == {*SIDES}
    assert granted == {*SIDES, "service"}


def test_texts_are_masked_for_those_who_may_take_the_log_away():
    assert {role for role in ROLES if reach("export_log", role)} == MASKED


def test_every_role_has_a_name_to_make_a_token_for():
    assert {*SUBJECTS} == {*ROLES}
