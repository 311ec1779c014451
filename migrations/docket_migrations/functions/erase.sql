-- An event that says that content is erased is the erasing: body and salt, name and digest go in the
-- transaction that writes it, and in no other way. docket.append_batch calls this for such an event.
create function docket.erase(p_partition smallint, event_body bytea, at timestamptz) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    erased constant uuid[] := array(
        select named::uuid
        from jsonb_array_elements_text(convert_from(event_body, 'UTF8')::jsonb -> 'content_ids')
            as named);
begin
    update docket.contents set body = null, salt = null, erased_at = at
    where partition = p_partition and content_id = any (erased) and erased_at is null;
    update docket.attachments set name = null, sha256 = null, erased_at = at
    where partition = p_partition and attachment_id = any (erased) and erased_at is null;
end
$$;
