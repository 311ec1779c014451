-- Say what is unfit in a batch that docket.append_batch may not write: SQLSTATE DK001 (decision 0031).
create function docket.refuse_unfit(
    p_partition smallint, p_rows docket.new_row[], p_latest timestamptz
) returns void
language plpgsql
as $$
declare
    r docket.new_row;
begin
    foreach r in array p_rows loop
        exit when r.event_id is null;
        if (get_byte(uuid_send(r.ticket_id), 6) & 15) << 8 | get_byte(uuid_send(r.ticket_id), 7)
            <> p_partition
        then
            raise exception 'stream % is not of partition %', r.ticket_id, p_partition
                using errcode = 'DK001';
        elsif r.occurred_at > p_latest then
            raise exception 'stream %: % would happen in the future, at %', r.ticket_id, r.type,
                r.occurred_at using errcode = 'DK001';
        elsif json_typeof(convert_from(r.body, 'UTF8')::json) <> 'object' then
            raise exception 'stream %: the data of % is no JSON object', r.ticket_id, r.type
                using errcode = 'DK001';
        end if;
    end loop;
    raise exception 'a ticket and its last event are written together' using errcode = 'DK001';
end
$$;
