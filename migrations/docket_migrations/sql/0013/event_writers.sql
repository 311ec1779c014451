-- What may be written, and by whom: a copy of what the code says, made anew by every `docket migrate`
-- (decision 0031). A service that acts for itself has the one `actor_id` that it must name.
create table docket.event_writers (
    writer text not null,
    actor_kind text not null,
    type text not null,
    actor_id text,
    schema_version smallint not null,
    constraint event_writers_pkey primary key (type, actor_kind, writer)
);

create table docket.content_kinds (
    kind text not null,
    constraint content_kinds_pkey primary key (kind)
);

grant select on docket.event_writers, docket.content_kinds
    to docket_ticket_api, docket_sla_clock, docket_notifier, docket_auditor;
