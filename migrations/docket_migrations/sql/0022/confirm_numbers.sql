-- Go on beyond the greatest number that is known outside the database, and confirm the timeline;
-- return whether numbers were left out: ten thousand, for those that were given out since.
create or replace function docket.confirm_numbers(p_known bigint) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    present constant integer := docket.present_timeline();
    given constant bigint := (select s.last_value from docket.ticket_numbers as s);
    moved constant boolean := given < p_known
        or present <> (select t.timeline from docket.log_timeline as t);
begin
    if moved then
        perform setval('docket.ticket_numbers', greatest(given, p_known) + 10000);
        update docket.log_timeline set timeline = present, confirmed_at = clock_timestamp();
    end if;
    return moved;
end
$$;

revoke all on function docket.confirm_numbers from public;
grant execute on function docket.confirm_numbers to docket_sla_clock;
