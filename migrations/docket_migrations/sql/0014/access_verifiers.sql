-- Who signs and who verifies reads the access events, and like ticket-api only where it says that it
-- does (`set role docket_access_reader`). Another database of the cluster may be doing this right now.
do $$
declare
    verifier text;
begin
    foreach verifier in array array['docket_sla_clock', 'docket_auditor'] loop
        if not pg_catalog.pg_has_role(verifier, 'docket_access_reader', 'member') then
            begin
                execute format('alter role %I noinherit', verifier);
                execute format('grant docket_access_reader to %I', verifier);
            exception when unique_violation or internal_error then
                null;  -- it was faster
            end;
        end if;
    end loop;
end
$$;
