-- The hash chain of decision 0005: each hash covers the one before it and a row as bytes.
-- Over an ordered window, docket.chain(row, hash before the first row) gives each row its hash.
create function docket.link(previous bytea, row_bytes bytea, first bytea) returns bytea
language plpgsql immutable
as $$
begin
    return sha256('\x00'::bytea || coalesce(previous, first) || row_bytes);
end
$$;

create aggregate docket.chain(row_bytes bytea, first bytea) (sfunc = docket.link, stype = bytea);
