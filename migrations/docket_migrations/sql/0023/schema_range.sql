-- Whose services run on this schema: those of this revision and of some before it (decision 0043).

create table docket.schema_range (
    oldest_code text not null,
    one boolean primary key default true check (one)
);
insert into docket.schema_range (oldest_code) values ('0023');

grant select on docket.schema_range
    to docket_ticket_api, docket_sla_clock, docket_notifier, docket_auditor;
