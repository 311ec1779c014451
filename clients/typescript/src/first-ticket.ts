// Opens a ticket, finds it in the list, reads its clock, and meets a refusal.
//
//   node dist/first-ticket.js http://127.0.0.1:8080 <token of a customer>

import { answered, connect } from "./client.js";

const [url, token] = process.argv.slice(2);
if (url === undefined || token === undefined) {
  throw new Error("give the address of ticket-api and a token");
}
const docket = connect(url, token);

const ticket = answered(
  await docket.POST("/v1/tickets", {
    body: {
      product: "VMmanager 6",
      subject: "Nodes do not answer",
      requested_priority: "High",
      justification: "Two of three sites are down.",
    },
    params: { header: { "Idempotency-Key": crypto.randomUUID() } },
  }),
);

const page = answered(
  await docket.GET("/v1/tickets", { params: { query: { number: ticket.number, limit: 1 } } }),
);

const path = { ticket_id: ticket.id };
const clock = answered(await docket.GET("/v1/tickets/{ticket_id}/clock", { params: { path } }));

const resumed = await docket.POST("/v1/tickets/{ticket_id}/resume", { params: { path } });
// the codes of each status are known to the compiler
const refused = resumed.response.status === 409 ? resumed.error?.code : undefined;

console.log(
  JSON.stringify({
    number: ticket.number,
    listed: page.items.map((row) => row.id).includes(ticket.id),
    clock: clock.response_clock.clock_state,
    spans: clock.response_clock.spans.length,
    refused,
  }),
);
