-- Renew, give up and take leases for one instance; return those that it holds now (decision 0040).
--
-- p_chains are all that there are. Each instance that has asked within p_lasts has a fair share of
-- them; one that stays silent for longer loses its leases to the others. The clock is the server's
-- own, which nobody can warp. A lease that changes hands has a new epoch: what the holder before it
-- still writes is refused by that. Who asks for no chain gives up all of its leases.
create or replace function docket.hold_leases(
    p_consumer text,
    p_holder uuid,
    p_chains integer[],
    p_lasts interval
) returns table (chain integer, epoch bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    present constant timestamptz := clock_timestamp();
    holders bigint;
    rank bigint;
    share bigint;
    kept integer[];
begin
    if not pg_has_role(session_user,
        case p_consumer when 'notifier' then 'docket_notifier' else 'docket_sla_clock' end, 'member')
    then
        raise exception '% may not lead %', session_user, p_consumer
            using errcode = 'insufficient_privilege';
    end if;
    delete from docket.lease_holders as h
    where h.consumer = p_consumer and h.seen_at < present - p_lasts;
    if cardinality(p_chains) = 0 then
        delete from docket.lease_holders as h where h.consumer = p_consumer and h.holder = p_holder;
        update docket.leases as l set holder = null, expires_at = present
        where l.consumer = p_consumer and l.holder = p_holder;
        return;
    end if;
    insert into docket.lease_holders (consumer, holder, seen_at)
    values (p_consumer, p_holder, present)
    on conflict (consumer, holder) do update set seen_at = excluded.seen_at;
    select count(*), count(*) filter (where h.holder < p_holder) into holders, rank
    from docket.lease_holders as h where h.consumer = p_consumer;
    share := cardinality(p_chains) / holders
        + case when rank < cardinality(p_chains) % holders then 1 else 0 end;

    kept := array(
        select l.chain from docket.leases as l
        where l.consumer = p_consumer and l.holder = p_holder and l.chain = any (p_chains)
        order by l.chain limit share
    );
    update docket.leases as l
    set expires_at = case when l.chain = any (kept) then present + p_lasts else present end,
        holder = case when l.chain = any (kept) then l.holder end
    where l.consumer = p_consumer and l.holder = p_holder;
    if cardinality(kept) < share then
        insert into docket.leases (consumer, chain, epoch, expires_at)
        select p_consumer, c, 0, present from unnest(p_chains) as c on conflict do nothing;
        update docket.leases as l
        set holder = p_holder, epoch = l.epoch + 1, expires_at = present + p_lasts
        from (
            select f.chain from docket.leases as f
            where f.consumer = p_consumer and f.chain = any (p_chains)
                and (f.holder is null or f.expires_at <= present)
            order by f.chain limit share - cardinality(kept)
            for update skip locked
        ) as free
        where l.consumer = p_consumer and l.chain = free.chain;
    end if;
    return query select l.chain, l.epoch from docket.leases as l
        where l.consumer = p_consumer and l.holder = p_holder and l.chain = any (p_chains)
        order by l.chain;
end
$$;

revoke all on function docket.hold_leases from public;
grant execute on function docket.hold_leases to docket_sla_clock, docket_notifier;
