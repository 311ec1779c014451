"""Changes of the evidence, drawn at random: each makes one and tells what it was, or NoChange."""

from collections.abc import Awaitable, Callable

from culprit import COLUMNS, HEADS, KEYS, Culprit, NoChange

from docket_proof.access import ACCESS
from docket_proof.chain import genesis, link
from docket_runtime.proof import stored_log

Crime = Callable[[Culprit], Awaitable[str]]


async def change_a_value(culprit: Culprit) -> str:
    table = culprit.random.choice([*KEYS])
    column, kind, nullable = culprit.random.choice(culprit.columns[table])
    (row,) = await culprit.a_row(table)
    where, arguments = culprit.where(table, row)
    value = culprit.value(kind, row[column], nullable=nullable)
    await culprit.execute(
        f"update docket.{table} set {column} = {value}"
        f" where {where} and {column} is distinct from {value}",
        *arguments,
    )
    return f"{table}.{column} of {row[KEYS[table][-1]]} becomes {value}"


async def delete(culprit: Culprit) -> str:
    table = culprit.random.choice([*KEYS])
    (row,) = await culprit.a_row(table)
    where, arguments = culprit.where(table, row)
    await culprit.execute(f"delete from docket.{table} where {where}", *arguments)
    return f"{table}: {row[KEYS[table][-1]]} is deleted"


async def swap_values(culprit: Culprit) -> str:
    table = culprit.random.choice(
        [name for name in KEYS if name not in ("log_meta", "access_head")]
    )
    one, other = await culprit.a_row(table, 2)
    free = [each for each, *_ in culprit.columns[table] if each not in KEYS[table]]
    column = culprit.random.choice(free)
    if one[column] == other[column]:
        raise NoChange
    for row, value in ((one, other[column]), (other, one[column])):
        where, arguments = culprit.where(table, row)
        await culprit.execute(
            f"update docket.{table} set {column} = ${len(arguments) + 1} where {where}",
            *arguments,
            value,
        )
    return f"{table}.{column} is swapped"


async def swap_places(culprit: Culprit) -> str:
    table = culprit.random.choice([*HEADS])
    one, other = await culprit.a_row(table, 2)
    for before, after in (
        (one["position"], 10**6),
        (other["position"], one["position"]),
        (10**6, other["position"]),
    ):
        await culprit.execute(
            f"update docket.{table} set position = $1 where position = $2", after, before
        )
    return f"{table}: two rows change places"


NEW = {
    "events": {"position": "(select max(position) from docket.events) + 1", "version": "900"},
    "contents": {},
    "access_events": {"position": "(select max(position) from docket.access_events) + 1"},
    "access_reasons": {},
    "log_checkpoints": {"size": "size + 1"},
    "log_partitions": {"partition": "partition + 1"},
    "log_meta": {},
}


async def insert(culprit: Culprit) -> str:
    table = culprit.random.choice([*NEW])
    (row,) = await culprit.a_row(table)
    rows = await culprit.superuser.fetch(COLUMNS)
    fresh = {
        column: NEW[table].get(column, "gen_random_uuid()" if column.endswith("_id") else column)
        for name, column, *_ in rows
        if name == table
    }
    if "ticket_id" in fresh and culprit.random.random() < 0.8:
        fresh["ticket_id"] = "ticket_id"
    where, arguments = culprit.where(table, row)
    await culprit.execute(
        f"insert into docket.{table} ({', '.join(fresh)}) select {', '.join(fresh.values())}"
        f" from docket.{table} where {where}",
        *arguments,
    )
    if table in HEADS and culprit.random.random() < 0.5:
        await mend_head(culprit, table)
    return f"{table}: a row is put in"


async def cut_the_end(culprit: Culprit) -> str:
    table = culprit.random.choice([*HEADS])
    last = await culprit.superuser.fetchval(f"select max(position) from docket.{table}")
    kept = culprit.random.randrange(1, last)
    await culprit.execute(f"delete from docket.{table} where position > $1", kept)
    if culprit.random.random() < 0.7:
        await mend_head(culprit, table)
        await culprit.superuser.execute(
            "delete from docket.log_checkpoints where (partition = -1) = $1 and size > $2",
            table == "access_events",
            kept,
        )
    return f"{table}: the end is cut off behind {kept}"


async def compute_the_chain_anew(culprit: Culprit) -> str:
    table, chain = culprit.random.choice((("events", 0), ("access_events", ACCESS)))
    meta = await stored_log.read_meta(culprit.superuser)
    rows = await stored_log.read_rows(culprit.superuser, chain, 0, 10**6)
    changed = culprit.random.randrange(len(rows))
    name = "actor_id" if table == "events" else "subject"
    hashed = genesis(meta.log_id, chain)
    for n, row in enumerate(rows):
        new = row._replace(**{name: "nobody"}) if n == changed else row  # type: ignore[attr-defined]  # both are tuples with names
        hashed = link(hashed, new)
        await culprit.execute(
            f"update docket.{table} set {name} = $1, hash = $2 where position = $3",
            getattr(new, name),
            hashed,
            row.position,
        )
    await mend_head(culprit, table)
    return f"{table}: the chain from {changed + 1} on is computed anew"


async def mend_head(culprit: Culprit, table: str) -> None:
    instant = "recorded_at" if table == "events" else "at"
    await culprit.superuser.execute(
        f"update docket.{HEADS[table]} set (head_position, head_hash, recorded_at) ="
        f" (select position, hash, {instant} from docket.{table} order by position desc limit 1)"
    )


async def change_bytes(culprit: Culprit) -> str:
    parts = culprit.evidence.parts()
    part, other = culprit.random.sample(parts, 2)
    body = part.read_bytes()
    place = culprit.random.randrange(len(body))
    flipped = bytes((body[place] ^ 1 << culprit.random.randrange(8),))
    kind, changed = culprit.random.choice(
        (
            ("flipped", body[:place] + flipped + body[place + 1 :]),
            ("cut", body[:place]),
            ("longer", body + b"x"),
            ("another's", other.read_bytes()),
            ("gone", None),
        )
    )
    if changed == body:
        raise NoChange
    if changed is None:
        part.unlink()
    else:
        part.write_bytes(changed)
    return f"the bytes of a file are {kind}"


async def change_the_copy(culprit: Culprit) -> str:
    copy, random = culprit.evidence.copy, culprit.random
    text = copy.read_bytes()
    lines = text.splitlines(keepends=True)
    n, place = random.randrange(len(lines)), random.randrange(len(text))
    flipped = bytes((text[place] ^ 1 << random.randrange(8),))
    swapped = [*lines]
    m = random.randrange(len(lines))
    swapped[n], swapped[m] = lines[m], lines[n]
    kind, changed = random.choice(
        (
            ("a bit is flipped", text[:place] + flipped + text[place + 1 :]),
            ("a byte is put in", text[:place] + b"\r" + text[place:]),
            ("its end is cut off", text[:place]),
            ("lines are missing at its end", b"".join(lines[:n])),
            ("a line is missing", b"".join(lines[:n] + lines[n + 1 :])),
            ("lines are swapped", b"".join(swapped)),
            ("it is not there", None),
        )
    )
    if changed is None:
        copy.unlink()
    elif changed == text or (kind == "lines are swapped" and _in_order(swapped, lines)):
        raise NoChange
    else:
        copy.write_bytes(changed)
    return f"the copy: {kind}, line {n}, byte {place}"


def _in_order(swapped: list[bytes], lines: list[bytes]) -> bool:
    """Return whether the checkpoints of each chain are still in the order of their signing."""
    return all(
        [line for line in swapped if chain in line] == [line for line in lines if chain in line]
        for chain in (b"/access\\n", b"/0\\n")
    )


CRIMES: tuple[Crime, ...] = (
    *[change_a_value] * 10,
    *[delete] * 3,
    *[swap_values] * 3,
    swap_places,
    *[insert] * 2,
    *[cut_the_end] * 2,
    compute_the_chain_anew,
    *[change_bytes] * 2,
    *[change_the_copy] * 2,
)
