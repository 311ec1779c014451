-- Write a batch of appends to one partition, all under its lock and in one transaction.
--
-- Each append is written whole or not at all, and its neighbours do not feel it. The events that
-- are not refused stand behind position_before, in the order given. A refused append has one
-- refusal or more; the first says why. Within a batch no two appends share a stream or a key. What
-- may not stand in the log at all raises DK001 and fails the whole call (decision 0031).
create or replace function docket.append_batch(
    p_partition smallint,
    p_rows docket.new_row[],
    p_contents docket.new_content[],
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
    today date;
    next_position bigint;
    happened docket.new_row;
    hashes bytea[] := '{}';
    present timestamptz;
    latest timestamptz;
    our_role constant text := session_user;
    administrator constant boolean := current_setting('is_superuser')::boolean;
    cell text;
    allowed text[] := '{}';
    stream uuid;
    reached integer;
    whole boolean := true;  -- beside the last event of the stream stands the ticket after it
    written bigint;
begin
    select p.head_position, p.head_hash, p.recorded_at, docket.present()
    into position_before, chained, recorded_at, present
    from docket.log_partitions as p where p.partition = p_partition for update;
    if not found then
        raise exception 'the log has no partition %', p_partition;
    end if;
    if recorded_at > present + interval '1 minute'
        and not (select m.development from docket.log_meta as m)
    then
        raise exception 'partition % ends in the future, at %: set the clock of the server right',
            p_partition, recorded_at using errcode = 'cannot_connect_now';
    end if;
    recorded_at := greatest(recorded_at, present);
    -- where the clock is warped, which docket.present() has allowed, time is played with
    latest := case when coalesce(current_setting('docket.clock', true), '') in ('', 'system')
        then recorded_at + interval '1 minute' else 'infinity' end;

    -- A statement of its own, after the lock: its snapshot holds every append before this one.
    -- Not a join, so that a plan made while the log was still empty looks each row up by its key.
    refusals := array(
        select row(stream.append, stream.ticket_id, stream.actual_version,
            null, null, null, null, null)::docket.refusal
        from (
            select r.append, r.ticket_id, r.expected_version,
                coalesce((
                    select e.version from docket.events as e
                    where e.partition = p_partition and e.ticket_id = r.ticket_id
                    order by e.version desc limit 1
                ), 0) as actual_version
            from unnest(p_rows) as r
            where r.expected_version is not null
            offset 0  -- looked up once a row
        ) as stream
        where stream.actual_version <> stream.expected_version
    );

    -- Nearly always nothing is stale or repeated, and the key of the day's table is check enough: the
    -- writer has looked at the days before (decision 0030). Only just after midnight somebody may have
    -- come between.
    today := (recorded_at at time zone 'UTC')::date;
    remembered := cardinality(refusals) = 0;
    if remembered and recorded_at at time zone 'UTC' < today + interval '10 minutes' then
        remembered := not exists (
            select from unnest(p_rows) as r
            where (
                select true from docket.commands as k
                where k.partition = p_partition and k.key = r.key and k.day = today - 1
                limit 1
            )
        );
    end if;
    if remembered then
        begin
            insert into docket.commands
            select p_partition, r.key, r.request_hash, r.answered_ticket_id, r.answered_status,
                r.answered_version, case when r.for_good then 'infinity' else today end
            from unnest(p_rows) as r where r.key is not null;
        exception when unique_violation or check_violation then  -- repeated, or the day has no table
            remembered := false;
        end;
    end if;

    if not remembered then
        perform docket.make_command_day(today);
        refusals := array(
            select row(asked.append, null, null, answered.key, answered.request_hash,
                answered.ticket_id, answered.status, answered.version)::docket.refusal
            from unnest(p_rows) as asked
            cross join lateral (
                select k.* from docket.commands as k
                where k.partition = p_partition and k.key = asked.key
                limit 1
            ) as answered
        ) || refusals;
        refused := array(select r.append from unnest(refusals) as r);
        p_rows := array(select x from unnest(p_rows) as x where x.append <> all (refused));
        p_contents := array(select x from unnest(p_contents) as x where x.append <> all (refused));
        insert into docket.commands
        select p_partition, r.key, r.request_hash, r.answered_ticket_id, r.answered_status,
            r.answered_version, case when r.for_good then 'infinity' else today end
        from unnest(p_rows) as r where r.key is not null;
    end if;

    -- docs/decisions/0005-hash-chain.md describes every byte that is hashed. A loop, for an aggregate
    -- over a window costs more, and so does a trigger that looks at each event for one that erases.
    next_position := position_before;
    foreach happened in array p_rows loop
        exit when happened.event_id is null;
        if (case
            when happened.expected_version is not null  -- a stream begins, the one before has ended
            then whole and happened.version = happened.expected_version + 1
            else happened.ticket_id = stream and happened.version = reached + 1
                and (not whole or get_byte(uuid_send(stream), 6) >> 4 = 5)
        end) is not true then
            raise exception 'stream %: version % does not belong here', happened.ticket_id,
                happened.version using errcode = 'DK001';
        end if;
        stream := happened.ticket_id;
        reached := happened.version;
        whole := happened.number is not null or get_byte(uuid_send(stream), 6) >> 4 = 5;

        -- each event in each kind of actor's name is looked up once a batch
        cell := happened.type || '/' || happened.schema_version || '/' || happened.actor_kind;
        if happened.actor_kind = 'service' then
            cell := concat_ws('/', cell, happened.actor_id, happened.on_behalf_of);
        end if;
        if cell <> all (allowed) then
            if not exists (
                select from docket.event_writers as w
                where w.type = happened.type
                    and happened.schema_version between 1 and w.schema_version
                    and (administrator or w.actor_kind = happened.actor_kind
                        and (w.writer = our_role or pg_has_role(our_role, w.writer, 'member'))
                        and (w.actor_id is null or w.actor_id = happened.actor_id
                            and happened.on_behalf_of is null)))
            then
                raise exception 'stream %: % may not write %/% as %', stream, our_role,
                    happened.type, happened.schema_version, happened.actor_kind
                    using errcode = 'DK001';
            end if;
            allowed := allowed || cell;
        end if;

        next_position := next_position + 1;
        chained := sha256('\x00'::bytea || chained || record_send(row(
            p_partition, next_position, happened.ticket_id, happened.version, happened.event_id,
            convert_to(happened.type, 'UTF8'), happened.schema_version, happened.body,
            happened.occurred_at, recorded_at, convert_to(happened.actor_kind, 'UTF8'),
            convert_to(happened.actor_id, 'UTF8'), convert_to(happened.on_behalf_of, 'UTF8'),
            happened.correlation_id, happened.causation_id)));
        hashes := hashes || chained;
        if happened.type in ('AttachmentErased', 'ContentErased') then
            perform docket.erase(
                p_partition, stream, happened.type, happened.body, recorded_at);
        end if;
    end loop;
    insert into docket.events
    select p_partition, position_before + r.ordinality, r.ticket_id, r.version, r.event_id, r.type,
        r.schema_version, r.body, r.occurred_at, recorded_at, r.actor_kind, r.actor_id,
        r.on_behalf_of, r.correlation_id, r.causation_id, hashes[r.ordinality]
    from unnest(p_rows) with ordinality as r
    where r.event_id is not null and r.occurred_at <= latest
        and (get_byte(uuid_send(r.ticket_id), 6) & 15) << 8 | get_byte(uuid_send(r.ticket_id), 7)
            = p_partition
        and json_typeof(convert_from(r.body, 'UTF8')::json) = 'object';
    get diagnostics written = row_count;
    if written <> next_position - position_before or not whole then
        perform docket.refuse_unfit(p_partition, p_rows, latest);
    end if;

    insert into docket.tickets
    select p_partition, r.ticket_id, coalesce(r.version, r.expected_version), r.number,
        r.account_id, r.requester_id, r.status, r.waiting_for, r.priority, r.product, r.channel,
        r.pack, r.revision, r.assignee, r.imported, r.created_at, r.updated_at, r.registered_at,
        r.closed_at, r.objections_until, r.queue_rank, r.supported
    from unnest(p_rows) as r where r.number is not null and r.event_id is not null
    on conflict (partition, ticket_id) do update set
        version = excluded.version, status = excluded.status, waiting_for = excluded.waiting_for,
        priority = excluded.priority, product = excluded.product, assignee = excluded.assignee,
        imported = excluded.imported, updated_at = excluded.updated_at,
        registered_at = excluded.registered_at, closed_at = excluded.closed_at,
        objections_until = excluded.objections_until, queue_rank = excluded.queue_rank,
        supported = excluded.supported;

    if cardinality(p_contents) > 0 then
        insert into docket.contents
        select p_partition, c.content_id, c.ticket_id, c.kind, c.media_type, c.body, c.salt,
            recorded_at, null
        from unnest(p_contents) as c
        where exists (select from docket.content_kinds as k where k.kind = c.kind) and exists (
            select from unnest(p_rows) as r
            where r.append = c.append and r.ticket_id = c.ticket_id and r.event_id is not null);
        get diagnostics written = row_count;
        if written <> cardinality(p_contents) then
            raise exception 'a content is of an unknown kind, or of no event that comes with it'
                using errcode = 'DK001';
        end if;
    end if;

    if next_position > position_before then
        update docket.log_partitions as p
        set head_position = next_position, head_hash = chained,
            recorded_at = append_batch.recorded_at
        where p.partition = p_partition;
    end if;
end
$$;

revoke all on function docket.append_batch from public;
grant execute on function docket.append_batch
    to docket_ticket_api, docket_sla_clock, docket_notifier;
