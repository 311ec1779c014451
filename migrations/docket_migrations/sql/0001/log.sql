-- The log itself. Every key carries the partition, so that the same schema can be spread over
-- machines by it; nothing refers to another table, and ids are made by the writer.
create table docket.log_meta (
    log_id uuid not null,
    partitions smallint not null check (partitions between 1 and 4096),
    created_at timestamptz not null,
    constraint log_meta_pkey primary key (log_id)
);

-- The head of each partition. Its row is the lock under which appends take their positions.
create table docket.log_partitions (
    partition smallint not null,
    head_position bigint not null,
    head_hash bytea not null,
    recorded_at timestamptz not null,
    constraint log_partitions_pkey primary key (partition)
) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

create table docket.events (
    partition smallint not null,
    position bigint not null,
    ticket_id uuid not null,
    version integer not null,
    event_id uuid not null,
    type text not null,
    schema_version smallint not null,
    body bytea not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    actor_kind text not null,
    actor_id text not null,
    on_behalf_of text,
    correlation_id uuid not null,
    causation_id uuid,
    hash bytea not null,
    constraint events_pkey primary key (partition, position),
    constraint events_ticket_version_key unique (partition, ticket_id, version),
    constraint events_event_id_key unique (partition, event_id)
);

-- What people wrote: erasable, beside the log, referred to by id and salted digest.
create table docket.contents (
    partition smallint not null,
    content_id uuid not null,
    ticket_id uuid not null,
    kind text not null,
    media_type text not null,
    body bytea,
    salt bytea,
    created_at timestamptz not null,
    erased_at timestamptz,
    constraint contents_pkey primary key (partition, content_id)
);

create index contents_ticket_idx on docket.contents (partition, ticket_id);

-- What a repeated request is answered with.
create table docket.commands (
    partition smallint not null,
    scope text not null,
    key text not null,
    request_hash bytea not null,
    ticket_id uuid not null,
    status smallint not null,
    version integer not null,
    answer bytea not null,
    recorded_at timestamptz not null,
    constraint commands_pkey primary key (partition, scope, key)
);
