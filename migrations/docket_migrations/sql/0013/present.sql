-- The present of the log: the database's clock, or the warped one that a connection names in
-- `docket.clock` as warp:<virtual>@<real>x<factor>, in a database that was made for development.
create or replace function docket.present() returns timestamptz
language plpgsql volatile parallel safe
as $$
declare
    setting constant text := coalesce(current_setting('docket.clock', true), '');
    warp text[];
begin
    if setting in ('', 'system') then
        return clock_timestamp();
    end if;
    if not (select m.development from docket.log_meta as m) then
        raise exception 'docket.clock is "%", and this database was not made for development', setting
            using errcode = 'insufficient_privilege';
    end if;
    warp := regexp_match(setting, '^warp:([^@]+)@([^x]+)x([0-9]+(?:\.[0-9]+)?)$');
    if warp is null then
        raise exception 'docket.clock is neither "system" nor "warp:<virtual>@<real>x<factor>"'
            using errcode = 'invalid_parameter_value';
    end if;
    -- seconds, never days: a day of an interval would have the length of the session's time zone
    return warp[1]::timestamptz + make_interval(
        secs => extract(epoch from clock_timestamp() - warp[2]::timestamptz) * warp[3]::float8);
end
$$;
