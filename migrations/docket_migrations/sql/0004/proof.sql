-- The signed checkpoints of each partition: so many events, the root of the tree over their hashes,
-- the complete subtrees from which it goes on growing, and the note that is kept elsewhere too.
create table docket.log_checkpoints (
    partition smallint not null,
    size bigint not null,
    frontier bytea not null,
    note text not null,
    signed_at timestamptz not null,
    constraint log_checkpoints_pkey primary key (partition, size)
);

-- How far the log has been read again from its beginning, the round under way, and the first thing
-- that was found wrong in the round before it or in this one.
create table docket.log_verifications (
    partition smallint not null,
    position bigint not null,
    rounds bigint not null,
    began_at timestamptz not null,
    verified_at timestamptz,
    fault text,
    fault_position bigint,
    fault_at timestamptz,
    constraint log_verifications_pkey primary key (partition)
) with (fillfactor = 50);

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

create trigger refuse_change before update or delete or truncate on docket.log_checkpoints
    for each statement execute function docket.refuse_change();
alter table docket.log_checkpoints enable always trigger refuse_change;

revoke all on function docket.content_digests(smallint, uuid[]) from public;
grant execute on function docket.content_digests(smallint, uuid[])
    to docket_ticket_api, docket_sla_clock, docket_auditor;
grant select on docket.log_checkpoints, docket.log_verifications
    to docket_ticket_api, docket_sla_clock, docket_notifier, docket_auditor;
grant insert on docket.log_checkpoints to docket_sla_clock;
grant insert, update on docket.log_verifications to docket_sla_clock;
