-- What the store has of contents, as digests: for those who check and may not read. `erased_by_event`
-- tells whether an event of the ticket says so. A file's digest is its own affair and null here.
create function docket.content_digests(p_partition smallint, p_ids uuid[])
returns table (content_id uuid, digest text, erased boolean, erased_by_event boolean)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select kept.content_id, encode(sha256(kept.salt || kept.body), 'hex'), kept.body is null,
        kept.body is null and exists (
            select from docket.events as e
            where e.partition = p_partition and e.ticket_id = kept.ticket_id
                and e.type in ('AttachmentErased', 'ContentErased')
                and convert_from(e.body, 'UTF8')::jsonb -> 'content_ids' ? kept.content_id::text)
    from (
        select c.content_id, c.ticket_id, c.body, c.salt from docket.contents as c
        where c.partition = p_partition and c.content_id = any (p_ids)
    ) as kept
    union all
    select a.attachment_id, null, false, false from docket.attachments as a
    where a.partition = p_partition and a.attachment_id = any (p_ids)
$$;
