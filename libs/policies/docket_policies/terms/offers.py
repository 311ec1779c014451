"""The offers of an edition: response times by product and level, and whose hours count.

An edition with one offer has its `targets` and `teams` at the top; one with several has a list of
`offers`, each with its products and level; terms that promise no time to answer have none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast, get_args

from docket_events.ticket import Priority
from docket_policies.calendars.epoch import HOUR
from docket_policies.terms.policy import Target, TeamHours, TeamName
from docket_policies.terms.table import Table
from docket_policies.terms.values import CalendarOf, calendar_named, examples, known, positive


@dataclass(frozen=True, slots=True)
class Offer:
    """The response times for some products (none named: all) at a service level."""

    products: tuple[str, ...]
    service_level: str | None
    targets: Mapping[Priority, Target]
    teams: Mapping[TeamName, TeamHours]


def read_offers(pack: Table, calendar_of: CalendarOf) -> Iterator[Offer]:
    """Return the offers of an edition; raise BadPack with file, key and what to do."""
    rows = list(pack.rows("offers"))
    if pack.value("no_target", str, ""):
        yield Offer((), None, {}, {})
    elif not rows:
        yield _offer(pack, (), None, calendar_of)
    for row in rows:
        products = row.names("products")
        if not products:
            raise row.bad("products", "name the products of the offer")
        yield _offer(row, products, row.value("service_level", str), calendar_of)
        row.done()


def _offer(
    table: Table, products: tuple[str, ...], level: str | None, calendar_of: CalendarOf
) -> Offer:
    targets = {
        known(each, name, get_args(Priority)): _target(each, calendar_of)
        for name, each in table.children("targets")
    }
    missing = [name for name in get_args(Priority) if name not in targets]
    if missing:
        raise table.bad("targets", f"no target for {', '.join(missing)}: every priority needs one")
    teams = {
        known(each, name, get_args(TeamName)): _team(each, calendar_of)
        for name, each in table.maybe_children("teams")
    }
    return Offer(products, level, targets, teams)


def _target(table: Table, calendar_of: CalendarOf) -> Target:
    target = Target(
        budget_s=positive(table, "hours") * HOUR,
        calendar=calendar_named(table, "calendar", calendar_of),
        clause=table.clause(),
        says=table.value("says", str),
        examples=examples(table, "until"),
    )
    table.done()
    return target


def _team(table: Table, calendar_of: CalendarOf) -> TeamHours:
    named = table.names("priorities")
    for priority in named:
        known(table, priority, get_args(Priority))
    priorities = cast("tuple[Priority, ...]", named) or get_args(Priority)
    team = TeamHours(calendar_named(table, "calendar", calendar_of), priorities, table.clause())
    table.done()
    return team
