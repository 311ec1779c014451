-- What the appender hands over: one row a stream touched, an event, a content, a command. `append`
-- numbers the append of the batch that the row belongs to. A state without a number is an account's.
create type docket.new_state as (
    append integer,
    ticket_id uuid,
    expected_version integer,
    version integer,
    number text,
    account_id text,
    requester_id text,
    status text,
    waiting_for text,
    priority text,
    product text,
    channel text,
    pack text,
    revision text,
    assignee text,
    imported boolean,
    created_at timestamptz,
    updated_at timestamptz,
    registered_at timestamptz,
    closed_at timestamptz,
    objections_until timestamptz
);

create type docket.new_event as (
    append integer,
    ticket_id uuid,
    version integer,
    event_id uuid,
    type text,
    schema_version smallint,
    body bytea,
    occurred_at timestamptz,
    actor_kind text,
    actor_id text,
    on_behalf_of text,
    correlation_id uuid,
    causation_id uuid
);

create type docket.new_content as (
    append integer,
    content_id uuid,
    ticket_id uuid,
    kind text,
    media_type text,
    body bytea,
    salt bytea
);

create type docket.new_command as (
    append integer,
    scope text,
    key text,
    request_hash bytea,
    ticket_id uuid,
    status smallint,
    version integer,
    answer bytea
);

-- Why an append was not written: its scope and key have been answered before by the command given
-- here, or, where there is none, the ticket stands at actual_version and not where it was expected.
create type docket.refusal as (
    append integer,
    conflict_ticket_id uuid,
    actual_version integer,
    scope text,
    key text,
    request_hash bytea,
    ticket_id uuid,
    status smallint,
    version integer,
    answer bytea
);
