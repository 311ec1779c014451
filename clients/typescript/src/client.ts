// A typed client: paths, bodies, answers and problem codes come from the OpenAPI document.

import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "./docket.js";

export type Ticket = components["schemas"]["TicketState"];
export type Problem = components["schemas"]["ProblemDocument"];

/** What ticket-api refused: `code` is stable, `clause` is what the refusal rests on. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code} (${problem.clause ?? "no clause"}): ${problem.detail}`);
  }
}

/** Return a client that asks as the holder of a token. */
export function connect(baseUrl: string, token: string): Client<paths> {
  const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
  return client;
}

/** Return what was answered; throw Refused for a problem. */
export function answered<T>(answer: { data?: T; error?: Problem }): T {
  if (answer.data === undefined) {
    throw answer.error ? new Refused(answer.error) : new Error("an answer without a body");
  }
  return answer.data;
}
