-- The place of a ticket in the queue of its terms, in thousandths of all places (0 first), and whether
-- they serve it: true, false, unknown, or null where that was not told. Until here there were only
-- tickets of terms whose queue is in the order of priorities, and of none was it told.
--
-- There is no index: places compare first, then due dates, which are in another table. The queue
-- reads all that its filters show, as the list by updated_at does.
alter table docket.tickets
    add column queue_rank smallint not null default 750,
    add column supported text;
update docket.tickets set queue_rank = 250 * (
    array_position(array['Emergency', 'High', 'Medium', 'Low'], priority) - 1)
where priority <> 'Low';
