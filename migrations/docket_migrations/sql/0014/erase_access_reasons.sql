-- Why texts of a ticket were shown was typed by a person, and goes when they go: called by the append
-- of the event that erases, whose recorded_at is `at`. No service may call it.
create function docket.erase_access_reasons(p_ticket uuid, at timestamptz) returns void
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
    update docket.access_reasons set reason = null, salt = null, erased_at = at
    where ticket_id = p_ticket and erased_at is null
$$;

revoke all on function docket.erase_access_reasons(uuid, timestamptz) from public;
