-- What is written in the log stays as it is written.
create function docket.refuse_change() returns trigger
language plpgsql
as $$
begin
    raise exception '% on docket.% is refused: the log only grows', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;

create trigger refuse_change before update or delete or truncate on docket.events
    for each statement execute function docket.refuse_change();
create trigger refuse_change before update or delete or truncate on docket.commands
    for each statement execute function docket.refuse_change();
create trigger refuse_change before update or delete or truncate on docket.log_meta
    for each statement execute function docket.refuse_change();
create trigger refuse_change before delete or truncate on docket.log_partitions
    for each statement execute function docket.refuse_change();
create trigger refuse_change before delete or truncate on docket.contents
    for each statement execute function docket.refuse_change();

-- Always: an ordinary trigger sleeps under session_replication_role = replica.
alter table docket.events enable always trigger refuse_change;
alter table docket.commands enable always trigger refuse_change;
alter table docket.log_meta enable always trigger refuse_change;
alter table docket.log_partitions enable always trigger refuse_change;
alter table docket.contents enable always trigger refuse_change;
