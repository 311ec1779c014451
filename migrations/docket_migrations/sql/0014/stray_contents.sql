-- The contents that no event of their ticket names, a hundred at most. Nothing but an append writes
-- contents, and it writes the event with them.
create function docket.stray_contents(p_partition smallint)
returns table (content_id uuid, ticket_id uuid)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select c.content_id, c.ticket_id from docket.contents as c
    where c.partition = p_partition and not exists (
        select from docket.events as e
        where e.partition = p_partition and e.ticket_id = c.ticket_id
            and position(convert_to(c.content_id::text, 'UTF8') in e.body) > 0)
    limit 100
$$;

revoke all on function docket.stray_contents(smallint) from public;
grant execute on function docket.stray_contents(smallint)
    to docket_ticket_api, docket_sla_clock, docket_auditor;
