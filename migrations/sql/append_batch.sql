-- Write a batch of appends to one partition, all under its lock and in one transaction.
--
-- Each append is written whole or not at all, and its neighbours do not feel it. The events that
-- are not refused stand behind position_before, in the order given. A refused append has one
-- refusal or more; the first says why. Within a batch no two appends share a stream or a scope and
-- key. A stream without a number is an account's: it has events and no row of its own.
create or replace function docket.append_batch(
    p_partition smallint,
    p_states docket.new_state[],
    p_events docket.new_event[],
    p_contents docket.new_content[],
    p_commands docket.new_command[],
    out position_before bigint,
    out recorded_at timestamptz,
    out refusals docket.refusal[]
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan  -- planning anew cost more than half of a small batch
as $$
declare
    chained bytea;
    refused integer[];
    remembered boolean;
begin
    select p.head_position, p.head_hash, greatest(p.recorded_at, docket.present())
    into position_before, chained, recorded_at
    from docket.log_partitions as p where p.partition = p_partition for update;
    if not found then
        raise exception 'the log has no partition %', p_partition;
    end if;

    -- A statement of its own, after the lock: its snapshot holds every append before this one.
    -- Lateral, so that a plan made while the log was still empty looks each row up by its key.
    refusals := array(
        select row(state.append, state.ticket_id, coalesce(latest.version, 0),
            null, null, null, null, null, null, null)::docket.refusal
        from unnest(p_states) as state
        left join lateral (
            select e.version from docket.events as e
            where e.partition = p_partition and e.ticket_id = state.ticket_id
            order by e.version desc limit 1
        ) as latest on true
        where coalesce(latest.version, 0) <> state.expected_version
    );

    -- Nearly always nothing is stale or repeated, and the key of the table is check enough: looking
    -- every command up before writing it cost a tenth of the append.
    remembered := cardinality(refusals) = 0;
    if remembered and cardinality(p_commands) > 0 then
        begin
            insert into docket.commands
            select p_partition, c.scope, c.key, c.request_hash, c.ticket_id, c.status, c.version,
                c.answer, recorded_at
            from unnest(p_commands) as c;
        exception when unique_violation then
            remembered := false;
        end;
    end if;

    if not remembered then
        refusals := array(
            select row(asked.append, null, null, answered.scope, answered.key,
                answered.request_hash, answered.ticket_id, answered.status, answered.version,
                answered.answer)::docket.refusal
            from unnest(p_commands) as asked
            cross join lateral (
                select k.* from docket.commands as k
                where k.partition = p_partition and k.scope = asked.scope and k.key = asked.key
                limit 1
            ) as answered
        ) || refusals;
        refused := array(select r.append from unnest(refusals) as r);
        p_states := array(select x from unnest(p_states) as x where x.append <> all (refused));
        p_events := array(select x from unnest(p_events) as x where x.append <> all (refused));
        p_contents := array(select x from unnest(p_contents) as x where x.append <> all (refused));
        insert into docket.commands
        select p_partition, c.scope, c.key, c.request_hash, c.ticket_id, c.status, c.version,
            c.answer, recorded_at
        from unnest(p_commands) as c where c.append <> all (refused);
    end if;

    -- docs/decisions/0005-hash-chain.md describes every byte that is hashed.
    insert into docket.events
    select p_partition, position_before + e.n, e.ticket_id, e.version, e.event_id, e.type,
        e.schema_version, e.body, e.occurred_at, recorded_at, e.actor_kind, e.actor_id,
        e.on_behalf_of, e.correlation_id, e.causation_id,
        docket.chain(
            record_send(row(
                p_partition, position_before + e.n, e.ticket_id, e.version, e.event_id,
                convert_to(e.type, 'UTF8'), e.schema_version, e.body, e.occurred_at, recorded_at,
                convert_to(e.actor_kind, 'UTF8'), convert_to(e.actor_id, 'UTF8'),
                convert_to(e.on_behalf_of, 'UTF8'), e.correlation_id, e.causation_id)),
            chained) over (order by e.n rows unbounded preceding)
    from unnest(p_events) with ordinality as e (
        append, ticket_id, version, event_id, type, schema_version, body, occurred_at,
        actor_kind, actor_id, on_behalf_of, correlation_id, causation_id, n);

    insert into docket.tickets
    select p_partition, s.ticket_id, s.version, s.number, s.account_id, s.requester_id, s.status,
        s.waiting_for, s.priority, s.product, s.channel, s.pack, s.revision, s.assignee,
        s.imported, s.created_at, s.updated_at, s.registered_at, s.closed_at, s.objections_until
    from unnest(p_states) as s
    where s.number is not null
    on conflict (partition, ticket_id) do update set
        version = excluded.version, status = excluded.status, waiting_for = excluded.waiting_for,
        priority = excluded.priority, product = excluded.product, assignee = excluded.assignee,
        imported = excluded.imported, updated_at = excluded.updated_at,
        registered_at = excluded.registered_at, closed_at = excluded.closed_at,
        objections_until = excluded.objections_until;

    if cardinality(p_contents) > 0 then
        insert into docket.contents
        select p_partition, c.content_id, c.ticket_id, c.kind, c.media_type, c.body, c.salt,
            recorded_at, null
        from unnest(p_contents) as c;
    end if;

    if cardinality(p_events) > 0 then
        update docket.log_partitions as p
        set head_position = position_before + cardinality(p_events),
            head_hash = (
                select e.hash from docket.events as e where e.partition = p_partition
                order by e.position desc limit 1),
            recorded_at = append_batch.recorded_at
        where p.partition = p_partition;
    end if;
end
$$;

revoke all on function docket.append_batch from public;
grant execute on function docket.append_batch
    to docket_ticket_api, docket_sla_clock, docket_notifier;
