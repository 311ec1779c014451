-- Take away what an append was made of before its rows were of one kind and its chain a loop; the
-- types that are there already where the log is new are made again with the rest.
drop function docket.append_batch;
drop type if exists docket.new_state, docket.new_event, docket.new_command, docket.new_row;
drop type docket.new_content, docket.refusal;
drop aggregate if exists docket.chain(bytea, bytea);
drop function if exists docket.link;
