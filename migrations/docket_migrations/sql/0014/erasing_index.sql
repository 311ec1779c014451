-- The few events that erase, by their instant: a verifier asks for the one that erased a content.
create index events_erasing_idx on docket.events (partition, recorded_at)
    where type in ('AttachmentErased', 'ContentErased');
