-- Write what was not there before: a quarter of a megabyte to a new file, or a page to the old one
-- while somebody reads the table, as a backup does. Raise where the disk is full.
create or replace function docket.probe_write() returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    begin
        lock table docket.write_probe in access exclusive mode nowait;
    exception when lock_not_available then
        insert into docket.write_probe values (repeat('x', 8000));
        return;
    end;
    truncate docket.write_probe;
    insert into docket.write_probe values (repeat('x', 262144));
end
$$;

revoke all on function docket.probe_write from public;
grant execute on function docket.probe_write
    to docket_ticket_api, docket_sla_clock, docket_notifier;
