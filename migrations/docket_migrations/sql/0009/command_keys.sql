-- A command's scope and key are compared as bytes, whatever the database's collation, and what tells
-- commands apart is looked at first: each costs an append less than comparing what is always equal.
alter table docket.commands
    drop constraint commands_pkey,
    alter column scope type text collate "C",
    alter column key type text collate "C",
    add constraint commands_pkey primary key (key, scope, partition);
