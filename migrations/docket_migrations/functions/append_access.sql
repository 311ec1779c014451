-- What ticket-api hands over of one access.
create type docket.new_access as (
    access_id uuid,
    role text,
    subject text,
    operation text,
    ticket_id uuid,
    account_id text,
    asked text,
    outcome text,
    reason text,
    trace_id text
);

-- Write accesses behind the others, all or none, under the lock of their chain. docs/hash-chain.md
-- describes every byte that is hashed; a reason is hashed as its salted digest and can be erased.
create function docket.append_access(p_seen docket.new_access[]) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    reached bigint;
    number bigint;
    chained bytea;
    written timestamptz;
    seen docket.new_access;
    salt bytea;
    salts bytea[] := '{}';
    digest bytea;
    digests bytea[] := '{}';
    hashes bytea[] := '{}';
begin
    select h.head_position, h.head_hash, greatest(h.recorded_at, docket.present())
    into strict reached, chained, written
    from docket.access_head as h where h.partition = -1 for update;
    number := reached;
    foreach seen in array p_seen loop
        number := number + 1;
        salt := case when seen.reason is not null then uuid_send(gen_random_uuid()) end;
        digest := sha256(salt || convert_to(seen.reason, 'UTF8'));
        chained := sha256('\x00'::bytea || chained || record_send(row(
            number, seen.access_id, written, convert_to(seen.role, 'UTF8'),
            convert_to(seen.subject, 'UTF8'), convert_to(seen.operation, 'UTF8'), seen.ticket_id,
            convert_to(seen.account_id, 'UTF8'), convert_to(seen.asked, 'UTF8'),
            convert_to(seen.outcome, 'UTF8'), digest, convert_to(seen.trace_id, 'UTF8'))));
        salts := salts || salt;
        digests := digests || digest;
        hashes := hashes || chained;
    end loop;
    insert into docket.access_events (position, access_id, at, role, subject, operation, ticket_id,
        account_id, asked, outcome, reason_digest, trace_id, hash)
    select reached + s.ordinality, s.access_id, written, s.role, s.subject, s.operation, s.ticket_id,
        s.account_id, s.asked, s.outcome, digests[s.ordinality], s.trace_id, hashes[s.ordinality]
    from unnest(p_seen) with ordinality as s;
    insert into docket.access_reasons
    select s.access_id, s.ticket_id, s.reason, salts[s.ordinality], null
    from unnest(p_seen) with ordinality as s where s.reason is not null;
    update docket.access_head as h
    set head_position = number, head_hash = chained, recorded_at = written
    where h.partition = -1 and number > reached;
end
$$;

revoke all on function docket.append_access(docket.new_access[]) from public;
grant execute on function docket.append_access(docket.new_access[]) to docket_ticket_api;
