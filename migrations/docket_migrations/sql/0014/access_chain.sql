-- Accesses are chained like the events of a partition, as the chain with the number -1. Its head is
-- the lock under which they are written (docs/hash-chain.md, docs/decisions/0032).
create table docket.access_head (
    partition smallint not null check (partition = -1),
    head_position bigint not null,
    head_hash bytea not null,
    recorded_at timestamptz not null,
    constraint access_head_pkey primary key (partition)
) with (fillfactor = 10);

-- Why somebody let texts be shown: erasable, beside the access, which has its salted digest.
create table docket.access_reasons (
    access_id uuid not null,
    ticket_id uuid,
    reason text,
    salt bytea,
    erased_at timestamptz,
    constraint access_reasons_pkey primary key (access_id)
);

create index access_reasons_ticket_idx on docket.access_reasons (ticket_id)
    where ticket_id is not null and erased_at is null;

alter table docket.access_events disable trigger refuse_change;
alter table docket.access_events
    add column position bigint,
    add column reason_digest bytea,
    add column hash bytea;

insert into docket.access_reasons
select access_id, ticket_id, reason, uuid_send(gen_random_uuid()), null
from docket.access_events where reason is not null;

-- The accesses of before in the order of their instants. What stood in a query was typed: its names
-- stay. The statement may take as long as it needs: ten seconds and more for a hundred thousand.
set local statement_timeout = 0;
do $$
declare
    number bigint := 0;
    chained bytea := sha256(
        (select uuid_send(log_id) from docket.log_meta) || int2send((-1)::smallint));
    written timestamptz := 'epoch';
    seen record;
begin
    for seen in
        select a.*, split_part(a.asked, '?', 1)
                || coalesce('?' || regexp_replace(substring(a.asked from '\?(.+)$'), '=[^&]*', '', 'g'), '')
                as question,
            sha256(r.salt || convert_to(r.reason, 'UTF8')) as digest
        from docket.access_events as a
        left join docket.access_reasons as r on r.access_id = a.access_id
        order by a.at, a.access_id
    loop
        number := number + 1;
        written := seen.at;
        chained := sha256('\x00'::bytea || chained || record_send(row(
            number, seen.access_id, seen.at, convert_to(seen.role, 'UTF8'),
            convert_to(seen.subject, 'UTF8'), convert_to(seen.operation, 'UTF8'), seen.ticket_id,
            convert_to(seen.account_id, 'UTF8'), convert_to(seen.question, 'UTF8'),
            convert_to(seen.outcome, 'UTF8'), seen.digest, convert_to(seen.trace_id, 'UTF8'))));
        update docket.access_events
        set position = number, asked = seen.question, reason_digest = seen.digest, hash = chained
        where access_id = seen.access_id;
    end loop;
    insert into docket.access_head values (-1, number, chained, written);
end
$$;
set local statement_timeout = '60s';

alter table docket.access_events
    drop column reason,
    drop constraint access_events_pkey,
    alter column position set not null,
    alter column hash set not null,
    add constraint access_events_pkey primary key (position);
create index access_events_id_idx on docket.access_events (access_id);
alter table docket.access_events enable always trigger refuse_change;

create trigger refuse_change before delete or truncate on docket.access_head
    for each statement execute function docket.refuse_change();
alter table docket.access_head enable always trigger refuse_change;
create trigger refuse_change before delete or truncate on docket.access_reasons
    for each statement execute function docket.refuse_change();
alter table docket.access_reasons enable always trigger refuse_change;

revoke insert on docket.access_events from docket_ticket_api;
grant select on docket.access_head
    to docket_ticket_api, docket_sla_clock, docket_notifier, docket_auditor, docket_access_reader;
grant select on docket.access_reasons to docket_access_reader;
-- an erased reason is held against the event that erased it
grant select on docket.log_meta, docket.events to docket_access_reader;
