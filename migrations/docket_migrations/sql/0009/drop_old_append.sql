-- Take away what an append was made of before its rows were of one kind and its chain a loop. A
-- database that never had 0001 as it was then has nothing of it.
drop function if exists docket.append_batch;
drop type if exists docket.new_state, docket.new_event, docket.new_content, docket.new_command,
    docket.new_row, docket.refusal;
drop aggregate if exists docket.chain(bytea, bytea);
drop function if exists docket.link;
