-- What is written in the log stays as it is written.
create function docket.refuse_change() returns trigger
language plpgsql
as $$
begin
    raise exception '% on docket.% is refused: the log only grows', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;
