-- Who may do what. The log is written through docket.append_batch and in no other way.
revoke all on all functions in schema docket from public;

grant usage on schema docket
    to docket_ticket_api, docket_sla_clock, docket_notifier, docket_auditor;
grant execute on function docket.present()
    to docket_ticket_api, docket_sla_clock, docket_notifier, docket_auditor;

grant select on docket.log_meta, docket.log_partitions, docket.events, docket.tickets,
    docket.clocks, docket.timers, docket.checkpoints
    to docket_ticket_api, docket_sla_clock, docket_notifier, docket_auditor;
grant select on docket.contents to docket_ticket_api, docket_notifier;
grant select on docket.commands to docket_ticket_api, docket_sla_clock, docket_notifier;

grant insert, update, delete on docket.clocks to docket_sla_clock;
grant insert, update, delete on docket.timers to docket_sla_clock, docket_notifier;
grant insert, update on docket.checkpoints
    to docket_ticket_api, docket_sla_clock, docket_notifier;
grant usage on sequence docket.ticket_numbers to docket_ticket_api;
