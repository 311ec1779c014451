-- Lists sorted by what has no order of its own as text: Low before Emergency, DKT-9 before DKT-10.
-- Neither changes with most events, so an append still touches no index (fillfactor in
-- read_models.sql). That is also why there is none on updated_at: it would cost every append, and
-- that list, which reads all that its filters show, is the price.
create index tickets_priority_idx on docket.tickets (
    array_position(array['Low', 'Medium', 'High', 'Emergency'], priority), ticket_id);
create index tickets_number_idx on docket.tickets (length(number), number, ticket_id);
