-- Make the partition of a day's keys, if it is not there. Attaching a table waits for nobody who
-- appends, which creating it as a partition does.
create function docket.make_command_day(p_day date) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    name constant text := 'commands_' || to_char(p_day, 'YYYYMMDD');
begin
    if to_regclass('docket.' || name) is not null then
        return;
    end if;
    lock table docket.commands in share update exclusive mode;  -- of two who make it one is second
    if to_regclass('docket.' || name) is not null then
        return;
    end if;
    execute format('create table docket.%I (like docket.commands including indexes)', name);
    execute format(
        'create trigger refuse_change before update or delete or truncate on docket.%I'
        ' for each statement execute function docket.refuse_change()', name);
    execute format('alter table docket.%I enable always trigger refuse_change', name);
    execute format('alter table docket.commands attach partition docket.%I'
        ' for values from (%L) to (%L)', name, p_day, p_day + 1);
end
$$;

revoke all on function docket.make_command_day from public;
