-- An event that says that content is erased is the erasing: body and salt, name and digest go in the
-- transaction that writes it, and in no other way. docket.append_batch calls this for such an event.
--
-- It erases what belongs to its ticket, or was handed over to it when tickets were divided or merged;
-- an event about files erases no text. Why its texts were shown to somebody goes with a text.
create or replace function docket.erase(
    p_partition smallint, p_ticket uuid, p_type text, event_body bytea, at timestamptz
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    erased constant uuid[] := array(
        select named::uuid
        from jsonb_array_elements_text(convert_from(event_body, 'UTF8')::jsonb -> 'content_ids')
            as named);
    foreign_id uuid;
begin
    select named.content_id into foreign_id
    from (
        select c.content_id, c.ticket_id, p_type = 'AttachmentErased' and c.kind <> 'attachment'
            as is_text
        from docket.contents as c
        where c.partition = p_partition and c.content_id = any (erased)
        union all
        select a.attachment_id, a.ticket_id, false from docket.attachments as a
        where a.partition = p_partition and a.attachment_id = any (erased)
    ) as named
    where named.is_text or named.ticket_id <> p_ticket and not exists (
        select from docket.events as e
        where e.partition = p_partition and e.ticket_id = p_ticket
            and e.type in ('SplitChildCreated', 'TicketsMerged')
            and strpos(convert_from(e.body, 'UTF8'), named.content_id::text) > 0)
    limit 1;
    if found then
        raise exception '% of ticket % may not erase %', p_type, p_ticket, foreign_id
            using errcode = 'DK001';
    end if;
    update docket.contents set body = null, salt = null, erased_at = at
    where partition = p_partition and content_id = any (erased) and erased_at is null;
    update docket.attachments set name = null, sha256 = null, erased_at = at
    where partition = p_partition and attachment_id = any (erased) and erased_at is null;
    if p_type = 'ContentErased' then
        perform docket.erase_access_reasons(p_ticket, at);
    end if;
end
$$;
