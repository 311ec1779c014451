-- A service changes its own timers and its own checkpoints; everybody who could read them still can.
-- The relay runs beside sla-clock (decision 0009). ticket-api follows the log and keeps no place.
revoke insert, update on docket.checkpoints from docket_ticket_api;

alter table docket.timers enable row level security;
create policy read on docket.timers for select using (true);
create policy own_of_sla_clock on docket.timers to docket_sla_clock using (owner = 'sla-clock');
create policy own_of_notifier on docket.timers to docket_notifier using (owner = 'notifier');

alter table docket.checkpoints enable row level security;
create policy read on docket.checkpoints for select using (true);
create policy own_of_sla_clock on docket.checkpoints to docket_sla_clock
    using (consumer in ('sla-clock', 'relay'));
create policy own_of_notifier on docket.checkpoints to docket_notifier
    using (consumer = 'notifier');
