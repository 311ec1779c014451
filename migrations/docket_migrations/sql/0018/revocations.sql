-- Tokens that are good no longer though their time has not come: one by its id, or all of a subject
-- that were issued before an instant. A row counts until the last such token has expired by itself.
create table docket.revocations (
    revocation_id uuid not null,
    token_id text,
    subject text,
    issued_before timestamptz not null,
    counts_until timestamptz,
    revoked_at timestamptz not null,
    revoked_by text not null,
    constraint revocations_pkey primary key (revocation_id),
    constraint revocations_one_kind check (num_nonnulls(token_id, subject) = 1)
);

create trigger refuse_change before update or delete or truncate on docket.revocations
    for each statement execute function docket.refuse_change();
alter table docket.revocations enable always trigger refuse_change;

grant select, insert on docket.revocations to docket_ticket_api;
grant select on docket.revocations to docket_auditor;
