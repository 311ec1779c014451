-- What can be dropped and folded again from the log.
create table docket.tickets (
    partition smallint not null,
    ticket_id uuid not null,
    version integer not null,
    number text not null,
    account_id text not null,
    requester_id text not null,
    status text not null,
    waiting_for text not null,
    priority text not null,
    product text not null,
    channel text not null,
    pack text not null,
    revision text not null,
    assignee text,
    imported boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    registered_at timestamptz,
    closed_at timestamptz,
    objections_until timestamptz,
    constraint tickets_pkey primary key (partition, ticket_id),
    constraint tickets_number_key unique (partition, number)
) with (fillfactor = 80);  -- room for the next version on the same page: no index is touched

-- A list goes through all partitions, so these begin with what it is sorted and filtered by.
create index tickets_created_idx on docket.tickets (created_at, ticket_id);
create index tickets_account_idx on docket.tickets (account_id, created_at, ticket_id);
create index tickets_status_idx on docket.tickets (status, created_at, ticket_id);
create index tickets_assignee_idx on docket.tickets (assignee, created_at, ticket_id)
    where assignee is not null;

-- The response clock of a ticket as it stood at counted_at.
create table docket.clocks (
    partition smallint not null,
    ticket_id uuid not null,
    version integer not null,
    turn integer not null,
    state text not null,
    priority text,
    clause text,
    due_at timestamptz,
    budget_s bigint,
    consumed_s bigint,
    overdue boolean not null,
    ended_at timestamptz,
    counted_at timestamptz not null,
    constraint clocks_pkey primary key (partition, ticket_id)
) with (fillfactor = 80);

create index clocks_due_idx on docket.clocks (due_at, ticket_id) where due_at is not null;

-- What has to happen when an instant comes.
create table docket.timers (
    partition smallint not null,
    ticket_id uuid not null,
    owner text not null,
    name text not null,
    key text not null,
    fires_at timestamptz not null,
    due_at timestamptz,
    clause text,
    version integer not null,
    constraint timers_pkey primary key (partition, ticket_id, owner, name, key)
);

create index timers_fires_idx on docket.timers (owner, fires_at);

-- How far each consumer has read a partition, and of which log.
create table docket.checkpoints (
    partition smallint not null,
    consumer text not null,
    log_id uuid not null,
    position bigint not null,
    updated_at timestamptz not null,
    constraint checkpoints_pkey primary key (partition, consumer)
) with (fillfactor = 50);

-- Each process takes a block of a hundred ticket numbers at a time.
create sequence docket.ticket_numbers as bigint increment by 100 minvalue 1 start with 1;
