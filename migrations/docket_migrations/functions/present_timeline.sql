-- Return the timeline of PostgreSQL: a restore to an earlier point and a failover begin a new one.
create or replace function docket.present_timeline() returns integer
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
    select ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer
$$;

revoke all on function docket.present_timeline from public;
