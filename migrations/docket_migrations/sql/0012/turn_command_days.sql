-- Make the days of keys that come next, and drop those that ended more than p_days ago. What was
-- recorded before there were days goes with the first of them; imports are kept for good.
-- left_over counts the days that could not be dropped now.
create function docket.turn_command_days(p_days integer, out dropped integer, out left_over integer)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '50ms'  -- who waits for a table stands before all who append
as $$
declare
    today constant date := (docket.present() at time zone 'UTC')::date;
    expired text[];
    name text;
begin
    if p_days is null or p_days < 1 then
        raise exception 'keys last a day or more, not %', p_days
            using errcode = 'invalid_parameter_value';
    end if;
    for ahead in 0..2 loop
        perform docket.make_command_day(today + ahead);
    end loop;

    expired := array(
        select c.relname
        from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
        where i.inhparent = 'docket.commands'::regclass and c.relname ~ '^commands_[0-9]{8}$'
            and to_date(substr(c.relname, 10), 'YYYYMMDD') < today - p_days
        order by 1);
    dropped := 0;
    left_over := cardinality(expired);
    if left_over = 0 then
        return;
    end if;

    -- the digest of docket_events.ids.digest_of('import', source, case)
    insert into docket.commands
    select k.partition,
        sha256(int4send(6) || 'import'::bytea
            || int4send(octet_length(named.source)) || named.source
            || int4send(octet_length(named.at_source)) || named.at_source),
        k.request_hash, k.ticket_id, k.status, k.version, 'infinity'
    from docket.commands_before_0012 as k
    cross join lateral (select
        convert_to(substr(k.scope, 8), 'UTF8') as source,
        convert_to(k.key, 'UTF8') as at_source) as named
    where k.scope like 'import:%'
    on conflict do nothing;

    begin
        lock table docket.commands, docket.commands_before_0012 in access exclusive mode;
        truncate docket.commands_before_0012;
        foreach name in array expired loop
            execute format('drop table if exists docket.%I', name);
            dropped := dropped + 1;
        end loop;
        left_over := 0;
    exception when lock_not_available then  -- somebody reads them for long; the next round tries again
        dropped := 0;
    end;
end
$$;

revoke all on function docket.turn_command_days from public;
grant execute on function docket.turn_command_days to docket_sla_clock;
