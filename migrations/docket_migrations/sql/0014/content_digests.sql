drop function docket.content_digests(smallint, uuid[]);

-- What the store has of contents, as digests: for those who check and may not read. `brought` tells
-- whether an event of the ticket named the content when it was written, `erased_by_event` whether an
-- event of any ticket erased it when it went, for parts of a divided ticket share contents. `whole`
-- tells whether body, salt and instant are all as of one that is there, or all as of one that is gone.
create function docket.content_digests(p_partition smallint, p_ids uuid[])
returns table (
    content_id uuid,
    kind text,
    digest text,
    erased boolean,
    whole boolean,
    brought boolean,
    erased_by_event boolean
)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select kept.content_id, kept.kind, encode(sha256(kept.salt || kept.body), 'hex'),
        kept.body is null,
        (kept.body is null) = (kept.salt is null)
            and (kept.body is null) = (kept.erased_at is not null),
        exists (
            select from docket.events as e
            where e.partition = p_partition and e.ticket_id = kept.ticket_id
                and e.recorded_at = kept.created_at and position(kept.named in e.body) > 0
                and e.type not in ('AttachmentErased', 'ContentErased')),
        exists (
            select from docket.events as e
            where e.partition = p_partition and e.recorded_at = kept.erased_at
                and position(kept.named in e.body) > 0
                and e.type in ('AttachmentErased', 'ContentErased'))
    from (
        select c.*, convert_to(c.content_id::text, 'UTF8') as named from docket.contents as c
        where c.partition = p_partition and c.content_id = any (p_ids)
    ) as kept
$$;

revoke all on function docket.content_digests(smallint, uuid[]) from public;
grant execute on function docket.content_digests(smallint, uuid[])
    to docket_ticket_api, docket_sla_clock, docket_auditor;
