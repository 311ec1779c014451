-- What a repeated request is answered with: which stream, and at which version. A key is a digest, so
-- neither a name nor what a person typed stands here. Each day has a partition of its own: a key
-- expires when that is dropped. A key that is kept for good, of an import, has the day infinity.
alter table docket.commands rename to commands_before_0012;
alter index docket.commands_pkey rename to commands_before_0012_pkey;
-- It is emptied when its keys expire; a later migration drops it.
drop trigger refuse_change on docket.commands_before_0012;
revoke select on docket.commands_before_0012 from docket_sla_clock, docket_notifier;

create table docket.commands (
    partition smallint not null,
    key bytea not null,
    request_hash bytea not null,
    ticket_id uuid not null,
    status smallint not null,
    version integer not null,
    day date not null,
    constraint commands_pkey primary key (key, partition, day)
) partition by range (day);

create table docket.commands_kept
    partition of docket.commands for values from ('infinity') to (maxvalue);

create trigger refuse_change before update or delete or truncate on docket.commands
    for each statement execute function docket.refuse_change();
create trigger refuse_change before update or delete or truncate on docket.commands_kept
    for each statement execute function docket.refuse_change();
alter table docket.commands enable always trigger refuse_change;
alter table docket.commands_kept enable always trigger refuse_change;

grant select on docket.commands to docket_ticket_api;
