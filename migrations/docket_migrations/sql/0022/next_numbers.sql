-- Return the first of a hundred numbers of tickets (decision 0042); raise "cannot connect now" on a
-- timeline that nobody has confirmed: what was given out before it may not be known here any more.
create or replace function docket.next_numbers() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if docket.present_timeline() <> (select t.timeline from docket.log_timeline as t) then
        raise exception 'the database was restored or has failed over: numbers of tickets are given'
            ' when sla-clock has held the log against its copy' using errcode = 'cannot_connect_now';
    end if;
    return nextval('docket.ticket_numbers');
end
$$;

revoke all on function docket.next_numbers from public;
grant execute on function docket.next_numbers to docket_ticket_api;
