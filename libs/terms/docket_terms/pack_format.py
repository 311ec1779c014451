"""Reading a pack from the text of its file, with every mistake named by file and key."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from docket_policies.calendars.calendar import Calendar
from docket_policies.terms.pack_format import parse
from docket_policies.terms.table import BadPack, Table
from docket_terms.clock_format import read_clocks
from docket_terms.fact_format import read_calendars, read_facts
from docket_terms.faults import Faults
from docket_terms.pack import Account, Clause, Clock, Credit, Fact, Pack, Refusal
from docket_terms.words import amount, moments, one_of, refuse_unless, where

PERIODS = ("month", "quarter", "year")


def read_pack(text: str, file: str) -> Pack:
    """Build a pack from the text of its file; raise BadPack for the first mistake."""
    pack, faults = review(text, file)
    if pack is None:
        raise faults[0]
    return pack


def review(text: str, file: str) -> tuple[Pack | None, Sequence[BadPack]]:
    """Return a pack, or None and its mistakes.

    They are found stage by stage, all of a stage at once: the file, then clauses and facts, then
    calendars, then clocks and refusals, then accounts and what nothing rests on. What a later stage
    says would only follow from the mistakes before.
    """
    faults = Faults()
    try:
        table = parse(text, file)
    except BadPack as fault:
        return None, [fault]
    return _stages(table, faults), faults


def _stages(table: Table, faults: Faults) -> Pack | None:
    head = dict[str, str]()
    for key in ("pack", "edition", "title"):
        with faults.kept():
            head[key] = table.value(key, str)
    with faults.kept():
        table.instant("effective_from")
    clauses = dict[str, Clause]()
    with faults.kept():
        clauses = _clauses(table)
    facts = read_facts(table, faults)
    if faults:
        return None
    calendars = read_calendars(table, facts, clauses, faults)
    if faults:
        return None
    clocks = read_clocks(table, facts, calendars, clauses, faults)
    refusals = list[Refusal]()
    for row in table.rows("refusals"):
        with faults.kept():
            refusals.append(_refusal(row, facts, clauses))
    if faults:
        return None
    accounts = dict[str, Account]()
    for name, child in table.maybe_children("accounts"):
        with faults.kept():
            accounts[name] = _account(name, child, clocks, clauses)
    with faults.kept():
        table.done()
    if faults:
        return None
    read = Pack(
        head["pack"],
        head["edition"],
        head["title"],
        clauses,
        facts,
        calendars,
        clocks,
        tuple(refusals),
        accounts,
    )
    _find_loose_clauses(table, read, faults)
    return None if faults else read


def cited(pack: Pack) -> frozenset[str]:
    """Return the clauses on which a rule of the pack rests."""
    clocks, calendars = pack.clocks.values(), pack.calendars.values()
    return frozenset(
        (
            *(clock.clause for clock in clocks),
            *(target.clause for clock in clocks for target in clock.targets),
            *(pause.clause for clock in clocks for pause in clock.pauses),
            *(step.clause for clock in clocks for step in clock.steps),
            *(refusal.clause for refusal in pack.refusals),
            *(account.clause for account in pack.accounts.values()),
            *(each.clause or "" for each in calendars if isinstance(each, Calendar)),
        )
    )


def _clauses(table: Table) -> dict[str, Clause]:
    read = dict[str, Clause]()
    notes = table.names("notes")
    told: Mapping[str, Any] = table.value("clauses", dict)
    for name, says in told.items():
        refuse_unless(
            isinstance(says, str) and bool(says), table, f"clauses.{name}", "say it in a sentence"
        )
        read[name] = Clause(name, says, name in notes)
    for name in notes:
        one_of(table, "notes", name, read, "clause")
    return read


def _find_loose_clauses(table: Table, pack: Pack, faults: Faults) -> None:
    rests = cited(pack)
    for clause in pack.clauses.values():
        key = f"clauses.{clause.id}"
        if clause.id not in rests and not clause.note:
            remedy = "no rule rests on it: write the rule, or list it under notes"
            faults.append(table.bad(key, remedy))
        if clause.id in rests and clause.note:
            faults.append(table.bad("notes", f"a rule rests on {clause.id}: it is no note"))


def _refusal(row: Table, facts: Mapping[str, Fact], clauses: Mapping[str, Clause]) -> Refusal:
    clause = one_of(row, "clause", row.clause(), clauses, "clause")
    since = moments(row, "since", facts)
    times = {
        key: amount(row, key, text) if (text := row.value(key, str, "")) else None
        for key in ("after", "before")
    }
    timed = any(times.values())
    refuse_unless(
        bool(since) == timed, row, "since", "since goes with after or before, both or none"
    )
    refusal = Refusal(
        row.value("on", str),
        row.value("code", str),
        clause,
        row.value("says", str),
        frozenset(row.names("by")),
        where(row, row.value("where", dict, {}), facts, "where"),
        since,
        instead=row.value("instead", str, "") or None,
        **times,
    )
    row.done()
    return refusal


def _account(
    name: str, table: Table, clocks: Mapping[str, Clock], clauses: Mapping[str, Clause]
) -> Account:
    clause = one_of(table, "clause", table.clause(), clauses, "clause")
    period = one_of(table, "period", table.value("period", str), PERIODS, "period")
    counts = table.names("counts")
    refuse_unless(bool(counts), table, "counts", "name the clocks whose verdicts are counted")
    for each in counts:
        one_of(table, "counts", each, clocks, "clock")
    share = _percent(table, "share")
    zone = table.value("timezone", str, "UTC")
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError):
        raise table.bad("timezone", f"{zone!r} is unknown: name one like 'UTC'") from None
    few, credit = table.maybe("few"), table.maybe("credit")
    account = Account(
        name,
        period,  # type: ignore[arg-type]  # one of PERIODS
        zone,
        counts,
        share,
        clause,
        few.value("below", int) if few else 0,
        few.value("failures", int) if few else 0,
        Credit(_percent(credit, "each"), _percent(credit, "cap")) if credit else None,
    )
    for child in (few, credit, table):
        if child is not None:
            child.done()
    return account


def _percent(table: Table, key: str) -> float:
    value = table.value(key, object)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 100:
        raise table.bad(key, f"{value!r} is wrong: write percent, as in 95")
    return float(value)
