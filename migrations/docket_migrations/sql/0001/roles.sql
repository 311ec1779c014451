-- The owner of the log, who cannot log in, and one role a service. Roles belong to the cluster:
-- another database of it may have made them before us or may be making them right now.
do $$
declare
    role record;
begin
    for role in
        select * from (values
            ('docket_owner', 'nologin'),
            ('docket_ticket_api', 'login'),
            ('docket_sla_clock', 'login'),
            ('docket_notifier', 'login'),
            ('docket_auditor', 'login')
        ) as wanted (name, may_log_in)
        where not exists (select from pg_catalog.pg_roles where rolname = wanted.name)
    loop
        begin
            execute format('create role %I %s', role.name, role.may_log_in);
        exception when duplicate_object or unique_violation then
            null;  -- another database of the cluster was faster
        end;
    end loop;
    if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        execute format('grant docket_owner to %I', current_user);
    end if;
end
$$;

create schema docket authorization docket_owner;
