-- Take away what an append was made of while the record of a command held its scope and its answer.
drop function docket.append_batch;
drop type docket.new_row, docket.new_content, docket.refusal;
