-- Files that people send, one row a file: what was announced, and how much of it has arrived. The
-- bytes lie in the file store, in parts named in their order; what a row says is durable, what the
-- store has beside it is nobody's (decision 0012).
create table docket.attachments (
    partition smallint not null,
    attachment_id uuid not null,
    ticket_id uuid not null,
    by_kind text not null,
    by_id text not null,
    request_hash bytea not null,
    name text,
    media_type text not null,
    size bigint not null,
    sha256 bytea,
    parts uuid[] not null,
    received bigint not null,
    announced_at timestamptz not null,
    touched_at timestamptz not null,
    completed_at timestamptz,
    settled boolean not null,
    erased_at timestamptz,
    removed_at timestamptz,
    constraint attachments_pkey primary key (partition, attachment_id)
);

create index attachments_ticket_idx on docket.attachments (partition, ticket_id);
-- what still has to go on, and what is erased and not yet gone from the file store
create index attachments_open_idx on docket.attachments (touched_at)
    where erased_at is null and not settled;
create index attachments_erased_idx on docket.attachments (erased_at)
    where erased_at is not null and removed_at is null;

-- An event that says that content is erased is the erasing: body and salt, name and digest go in the
-- transaction that writes it, and in no other way.
create function docket.erase() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    erased constant uuid[] := array(
        select named::uuid
        from jsonb_array_elements_text(convert_from(new.body, 'UTF8')::jsonb -> 'content_ids')
            as named);
begin
    update docket.contents set body = null, salt = null, erased_at = new.recorded_at
    where partition = new.partition and content_id = any (erased) and erased_at is null;
    update docket.attachments set name = null, sha256 = null, erased_at = new.recorded_at
    where partition = new.partition and attachment_id = any (erased) and erased_at is null;
    return null;
end
$$;

create trigger erase after insert on docket.events
    for each row when (new.type in ('AttachmentErased', 'ContentErased'))
    execute function docket.erase();
alter table docket.events enable always trigger erase;

revoke all on function docket.erase() from public;
grant select, insert, update, delete on docket.attachments to docket_ticket_api;
