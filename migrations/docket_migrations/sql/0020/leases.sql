-- Who leads which chain of the log for which consumer, until when (decision 0040).

create table docket.lease_holders (
    consumer text not null,
    holder uuid not null,
    seen_at timestamptz not null,
    primary key (consumer, holder)
);

create table docket.leases (
    consumer text not null,
    chain integer not null,
    holder uuid,
    epoch bigint not null,
    expires_at timestamptz not null,
    primary key (consumer, chain)
);

grant select on docket.leases, docket.lease_holders
    to docket_ticket_api, docket_sla_clock, docket_notifier, docket_auditor;
