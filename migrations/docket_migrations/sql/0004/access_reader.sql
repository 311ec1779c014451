-- The role that reads who looked at what. ticket-api is a member of it that inherits nothing: it
-- reads only where it says that it does (`set role`).
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'docket_access_reader') then
        begin
            create role docket_access_reader login;
            alter role docket_ticket_api noinherit;
        exception when duplicate_object or unique_violation then
            null;  -- another database of the cluster was faster
        end;
    end if;
    if not pg_catalog.pg_has_role('docket_ticket_api', 'docket_access_reader', 'member') then
        begin
            grant docket_access_reader to docket_ticket_api;
        exception when unique_violation then
            null;
        end;
    end if;
end
$$;
