-- What a dump of the database does not keep, or the cluster has: so every upgrade looks after it, and
-- changes nothing that is there already. Where the migrating role may not do one of these, the rest is
-- done and a warning says so.
do $$
declare
    most constant integer := current_setting('max_connections')::integer;
    bound record;
    writing record;
begin
    -- a service needs no table, no function and no large object of its own: they would fill the disk
    execute format('revoke temporary on database %I from public', current_database());
    for writing in
        select p.oid::regprocedure as it from pg_catalog.pg_proc as p
        where p.pronamespace = 'pg_catalog'::regnamespace
            and (p.proname ~ '^lo_?(creat|create|from_bytea|import|open|put|truncate|truncate64|write)$'
                or p.proname = 'pg_logical_emit_message')
            and pg_catalog.has_function_privilege('docket_auditor', p.oid, 'execute')
    loop
        execute format('revoke execute on function %s from public', writing.it);
    end loop;

    -- No service takes all connections, and nothing that it forgot runs for ever. A session may set its
    -- own timeouts, an operator all of these: `alter role ... connection limit` and `... set`.
    for bound in
        select r.rolname, wanted.percent, r.rolconnlimit, coalesce(r.rolconfig, '{}') as config
        from (values ('docket_ticket_api', 60), ('docket_sla_clock', 30), ('docket_notifier', 30),
            ('docket_auditor', 10), ('docket_access_reader', 10)) as wanted (name, percent)
        join pg_catalog.pg_roles as r on r.rolname = wanted.name
    loop
        begin
            if bound.rolconnlimit = -1 then
                execute format('alter role %I connection limit %s', bound.rolname,
                    greatest(10, most * bound.percent / 100));
            end if;
            if not exists (select from unnest(bound.config) as c where c like 'statement_timeout=%') then
                execute format('alter role %I set statement_timeout = %L', bound.rolname, '15min');
            end if;
            if not exists (
                select from unnest(bound.config) as c
                where c like 'idle_in_transaction_session_timeout=%')
            then
                execute format('alter role %I set idle_in_transaction_session_timeout = %L',
                    bound.rolname, '1min');
            end if;
        exception
            when insufficient_privilege then
                raise warning 'the role % keeps its bounds: %', bound.rolname, sqlerrm;
            when internal_error then
                null;  -- another database of the cluster was faster
        end;
    end loop;
end
$$;
