-- What the store has of files: for those who check and may not read names. `sha256` and `size` are
-- those that the content binds, null once it is erased; `fits` tells whether the row says the same as
-- the content, null where there is no row. Only for contents whose digest was found right.
create function docket.file_digests(p_partition smallint, p_ids uuid[])
returns table (
    attachment_id uuid,
    sha256 bytea,
    size bigint,
    fits boolean,
    complete boolean,
    parts uuid[]
)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select c.content_id, decode(given ->> 'sha256', 'hex'), (given ->> 'size')::bigint,
        case when a.attachment_id is null then null
            when given is null then
                a.ticket_id = c.ticket_id and a.name is null and a.sha256 is null
                and coalesce(a.erased_at = c.erased_at, false)
            else
                a.ticket_id = c.ticket_id and a.erased_at is null and a.removed_at is null
                and coalesce(given = jsonb_build_object('name', a.name, 'media_type', a.media_type,
                    'size', a.size, 'sha256', encode(a.sha256, 'hex')), false)
                and a.received <= a.size and (a.completed_at is null or a.received = a.size)
        end,
        a.completed_at is not null, a.parts
    from docket.contents as c
    left join docket.attachments as a
        on a.partition = c.partition and a.attachment_id = c.content_id
    cross join lateral (select convert_from(c.body, 'UTF8')::jsonb as given) as file
    where c.partition = p_partition and c.content_id = any (p_ids)
$$;

revoke all on function docket.file_digests(smallint, uuid[]) from public;
grant execute on function docket.file_digests(smallint, uuid[])
    to docket_ticket_api, docket_sla_clock, docket_auditor;
