-- Who looked at what, why, and what became of it. It only grows, like the log, and is read by a role
-- of its own. No text that a person wrote, and no address, stands here.
create table docket.access_events (
    access_id uuid not null,
    at timestamptz not null,
    role text not null,
    subject text not null,
    operation text not null,
    ticket_id uuid,
    account_id text,
    asked text not null,
    outcome text not null,
    reason text,
    trace_id text not null,
    constraint access_events_pkey primary key (access_id)
);

create index access_events_subject_idx on docket.access_events (subject, access_id);
create index access_events_ticket_idx on docket.access_events (ticket_id, access_id)
    where ticket_id is not null;

create trigger refuse_change before update or delete or truncate on docket.access_events
    for each statement execute function docket.refuse_change();
alter table docket.access_events enable always trigger refuse_change;

grant usage on schema docket to docket_access_reader;
grant select on docket.access_events to docket_access_reader;
grant insert on docket.access_events to docket_ticket_api;
