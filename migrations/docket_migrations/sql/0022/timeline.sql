-- On which timeline of PostgreSQL numbers of tickets are given: a restore to an earlier point and a
-- failover begin a new one, and what was given out before them may not be known here any more.

create table docket.log_timeline (
    timeline integer not null,
    confirmed_at timestamptz not null,
    one boolean primary key default true check (one)
);
insert into docket.log_timeline (timeline, confirmed_at)
select docket.present_timeline(), clock_timestamp();

-- Why nothing more is signed of a chain: the log is shorter or other than its copied checkpoints say.
alter table docket.log_verifications add column fork text;

grant select on sequence docket.ticket_numbers to docket_sla_clock;
