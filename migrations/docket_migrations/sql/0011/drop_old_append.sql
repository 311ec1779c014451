-- Take away what an append was made of before it wrote the queue and the support of a ticket.
drop function docket.append_batch;
drop type docket.new_row, docket.new_content, docket.refusal;
