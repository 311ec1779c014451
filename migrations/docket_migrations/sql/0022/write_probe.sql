-- Where a service tries whether anything can be written: a file of its own, made anew each time, so
-- that a full disk is seen by it and not only by users.

create unlogged table docket.write_probe (bytes text not null);
alter table docket.write_probe alter column bytes set storage external;
