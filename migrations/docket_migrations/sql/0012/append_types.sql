-- What the appender hands over: one row an event, and one a content. `append` numbers the append of
-- the batch that a row belongs to.
--
-- Beside the first event of an append stands its command, beside the first of a stream the version
-- that is expected, beside the last of a ticket's the ticket after it; elsewhere these are null. A
-- row may lack the event: its stream is only looked at, or its command changed nothing. Such rows
-- come last. An account's stream has no number, and no row of its own in docket.tickets.
create type docket.new_row as (
    append integer,
    ticket_id uuid,
    expected_version integer,
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
    causation_id uuid,
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
    objections_until timestamptz,
    queue_rank smallint,
    supported text,
    key bytea,
    request_hash bytea,
    answered_ticket_id uuid,
    answered_status smallint,
    answered_version integer,
    for_good boolean
);

create type docket.new_content as (
    append integer,
    content_id uuid,
    ticket_id uuid,
    kind text,
    body bytea,
    salt bytea,
    media_type text
);

-- Why an append was not written: its key has been answered before by the command given here, or,
-- where there is none, the ticket stands at actual_version and not where it was expected.
create type docket.refusal as (
    append integer,
    conflict_ticket_id uuid,
    actual_version integer,
    key bytea,
    request_hash bytea,
    ticket_id uuid,
    status smallint,
    version integer
);
