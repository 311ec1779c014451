-- The tickets of a planned correction, when its update is out (I-3.9.1-c): the events that linked
-- them, found by their whole body, which canonical JSON makes the same for the same reference. A
-- hash, because equality is all that is asked; partial, so that no other event feels it.
create index events_defect_idx on docket.events using hash (body) where type = 'DefectLinked';
