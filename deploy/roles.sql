-- The roles of Docket, for those whose DBA makes them. `docket migrate` makes the same by itself where
-- it may create roles; a test compares the two. Run it as a superuser, as often as you like:
--
--     psql -X -v ON_ERROR_STOP=1 -f roles.sql postgres
--     createdb --owner docket_migrator docket
--     docket migrate --database-url postgresql://docket_migrator@/docket?host=/run/postgresql
--
-- How each role proves who it is stays yours: nobody has a password here. On one machine `peer` needs
-- none (the services run as users of these names), elsewhere `\password docket_ticket_api`, or
-- certificates. The migrating role must own the database, or may create schemas in it and tables in
-- its schema `public`.
do $$
declare
    most constant integer := current_setting('max_connections')::integer;
    wanted record;
    member text;
begin
    -- The owner of the log never logs in. Whoever may become docket_access_reader inherits nothing of
    -- it, and becomes it where it says so: that is settled before it is granted, for since PostgreSQL
    -- 16 a grant keeps what held when it was made.
    for wanted in
        select * from (values
            ('docket_owner', 'nologin', null),
            ('docket_migrator', 'login', null),
            ('docket_ticket_api', 'login noinherit', 60),
            ('docket_sla_clock', 'login noinherit', 30),
            ('docket_notifier', 'login', 30),
            ('docket_auditor', 'login noinherit', 10),
            ('docket_access_reader', 'login', 10)
        ) as r (name, may, percent)
        where not exists (select from pg_catalog.pg_roles where rolname = r.name)
    loop
        execute format('create role %I %s', wanted.name, wanted.may);
        if wanted.percent is not null then
            execute format('alter role %I connection limit %s', wanted.name,
                greatest(10, most * wanted.percent / 100));
            execute format('alter role %I set statement_timeout = %L', wanted.name, '15min');
            execute format('alter role %I set idle_in_transaction_session_timeout = %L',
                wanted.name, '1min');
        end if;
    end loop;
    foreach member in array array['docket_ticket_api', 'docket_sla_clock', 'docket_auditor'] loop
        if not pg_catalog.pg_has_role(member, 'docket_access_reader', 'member') then
            execute format('grant docket_access_reader to %I', member);
        end if;
    end loop;

    -- The first migration, which never changes, grants docket_owner to the role that runs it, whether
    -- it has it already or not; so that role needs the admin option once. Afterwards it can be taken:
    --     revoke admin option for docket_owner from docket_migrator cascade;
    if not pg_catalog.pg_has_role('docket_migrator', 'docket_owner', 'member') then
        grant docket_owner to docket_migrator with admin option;
    end if;
end
$$;
