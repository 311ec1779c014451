"""`docket show`: a ticket at any point of its past: state, clock, deadlines, rights, terms."""

from typing import Any

from docket_cli import output
from docket_cli.audit.api_client import api
from docket_cli.audit.columns import (
    AsOf,
    Json,
    KnownAt,
    Ticket,
    duration,
    event,
    table,
    value,
    when,
)

_STATE = (
    "number", "status", "waiting_for", "priority", "requested_priority", "product", "channel",
    "account_id", "requester_id", "assignee", "created_at", "registered_at", "updated_at",
    "suspended_since", "revoked_at", "closing",
)  # fmt: skip  # one name a line says no more


def show(ticket: Ticket, as_of: AsOf = None, known_at: KnownAt = None, json: Json = False) -> None:
    """Show a ticket as it was at a point: what had happened by then, as far as it was known.

    --as-of is a version or an instant of happening, --known-at an instant of writing down; both are
    the present unless said. The terms are those pinned when the ticket was created.

    Exit codes: 0 shown, 2 the point makes no sense, 3 ticket-api is out of reach, 4 not allowed,
    5 there is no such ticket, or there was none at that point.

    Example: docket show 1001 --as-of 2026-06-11T12:00:00Z --known-at 2026-06-11T12:00:00Z
    """
    with api() as client:
        path = f"{client.ticket(ticket)}/replay"
        answer = client.get(path, as_of=as_of, known_at=known_at)
        if json:
            output.print_json(answer)
        else:
            _print(output.page(), answer)


def _print(console: output.Terminal, answer: dict[str, Any]) -> None:
    state, clock, point = answer["ticket"], answer["response_clock"], answer["point"]
    shown = table(f"version {state['version']}, clock at {when(point['at'])}", "", "")
    for name in _STATE:
        if state.get(name) is not None:
            shown.add_row(name, value(state[name]))
    for name, each in answer["work"].items():
        if each not in (None, False, 0, [], {}):
            shown.add_row(f"work.{name}", value(each))
    console.print(shown)

    counted = table("response clock", "", "")
    for name in ("clock_state", "turn", "clause"):
        counted.add_row(name, value(clock[name]))
    for name in ("budget_s", "consumed_s", "remaining_s"):
        counted.add_row(name.removesuffix("_s"), duration(clock[name]))
    counted.add_row("deadline", when(clock["deadline"]) + (" OVERDUE" if clock["overdue"] else ""))
    console.print(counted)

    ahead = table("deadlines ahead", "fires", "timer", "due", "clause")
    for timer in answer["deadlines"]:
        ahead.add_row(
            when(timer["fires_at"]), timer["name"], when(timer["due_at"]), timer["clause"]
        )
    console.print(ahead)

    rights = table("rights", "side", "might have done", "first refusals")
    for side, verbs in answer["rights"].items():
        may = ", ".join(each["verb"] for each in verbs if each["allowed"])
        not_now = (
            f"{each['verb']}: {each['code']} ({each['clause']})"
            for each in verbs
            if not each["allowed"] and each["code"] not in ("actor_not_entitled", "not_in_pack")
        )
        rights.add_row(side, may, "\n".join(not_now))
    console.print(rights)

    for caveat in point["caveats"]:
        console.print(f"  {caveat}", highlight=False, style="bold")
    terms = answer["terms"]
    console.print(
        f"  terms: {terms['revision']} ({terms['clause']}), pinned at creation", highlight=False
    )
    for name, says in (
        ("late", "counted, though written down after what happened later"),
        ("ahead", "known, but not happened by then"),
        ("unknown", "not written down by then"),
    ):
        for each in point[name]:
            console.print(f"  {says}: {event(each)}, {when(each['at'])}", highlight=False)
