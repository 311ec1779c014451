"""The queries of a selection; their parameters are put together in `selection`."""

from docket_runtime.proof.chain_queries import columns

_CONDITIONS = """
    (${0}::text is null or t.account_id = ${0}) and (${1}::text is null or t.product = ${1})
    and (not ${2} or exists (
        select from docket.events as late where late.partition = t.partition
            and late.ticket_id = t.ticket_id and late.type = 'ResponseOverdue'))
    and (${3}::uuid[] is null or t.ticket_id = any (${3}))
    and case ${4}::text
        when 'created' then t.created_at >= {since} and t.created_at < {before}
        when 'closed' then t.closed_at >= {since} and t.closed_at < {before}
        when 'active' then exists (
            select from docket.events as did where did.partition = t.partition
                and did.ticket_id = t.ticket_id
                and did.occurred_at >= {since} and did.occurred_at < {before})
        else true end
"""


def _of_ticket(first: int) -> str:
    """Return the condition on a ticket, with its parameters from `first` on."""
    since = f"coalesce(${first + 5}::timestamptz, '-infinity')"
    before = f"coalesce(${first + 6}::timestamptz, 'infinity')"
    return _CONDITIONS.format(*range(first, first + 7), since=since, before=before)


_IN_TIME = """
    ($4::timestamptz is null or e.occurred_at >= $4)
    and ($5::timestamptz is null or e.occurred_at < $5)
"""
_SELECTED = f"""
    from docket.events as e
    where e.partition = $1 and e.position > $2 and e.position <= $3 and {_IN_TIME}
        and ($6 or exists (
            select from docket.tickets as t
            where t.partition = e.partition and t.ticket_id = e.ticket_id
                and {_of_ticket(7)})
        or $14 and e.occurred_at >= coalesce($12, '-infinity')
            and e.occurred_at < coalesce($13, 'infinity') and not exists (
                select from docket.tickets as t
                where t.partition = e.partition and t.ticket_id = e.ticket_id))
"""  # noqa: S608 - made of constants of this module
EVENTS = f"select {columns('e')} {_SELECTED} order by e.position"
ANY_EVENT = f"select exists (select {_SELECTED})"
ERASED = """
    select e.ticket_id, e.body from docket.events as e
    where e.partition = $1 and e.position <= $2 and e.type = 'ContentErased'
        and convert_from(e.body, 'UTF8') like '%"versions"%'
"""
TICKETS = f"""
    select t.* from docket.tickets as t
    where t.partition = $1 and t.ticket_id > $2 and ($4::timestamptz is null or t.updated_at >= $4)
        and ($5::timestamptz is null or t.created_at < $5) and {_of_ticket(6)}
    order by t.ticket_id limit $3
"""  # noqa: S608 - made of constants of this module
EVENTS_OF_TICKETS = f"""
    select {columns("e")} from unnest($2::uuid[]) as wanted (ticket_id)
    cross join lateral (
        select * from docket.events as o
        where o.partition = $1 and o.ticket_id = wanted.ticket_id order by o.version
    ) as e
    where e.position <= $3 and {_IN_TIME}
    order by e.ticket_id, e.version
"""  # noqa: S608 - made of constants of this module
