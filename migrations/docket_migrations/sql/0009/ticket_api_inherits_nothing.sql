-- 0004 lets ticket-api be a member of the role that reads who looked at what, and inherit nothing of
-- it. Where 0004 ran on its first day ticket-api still inherits; since PostgreSQL 16 the grant keeps
-- what held when it was made, so it is made again.
do $$
begin
    if pg_catalog.pg_has_role('docket_ticket_api', 'docket_access_reader', 'usage') then
        alter role docket_ticket_api noinherit;
        revoke docket_access_reader from docket_ticket_api;
        grant docket_access_reader to docket_ticket_api;
    end if;
end
$$;
