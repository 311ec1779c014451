"""`docket pauses` and `docket breaches`: reports over the tickets of a period."""

from typing import Any

from docket_cli import output
from docket_cli.audit.api_client import api
from docket_cli.audit.columns import (
    Account,
    Json,
    Since,
    Until,
    duration,
    event,
    excused,
    table,
    when,
)


def pauses(
    since: Since = None, until: Until = None, account: Account = None, json: Json = False
) -> None:
    """Show who stopped the clock, for how long, and what it gained, by agent and by team.

    `gained` is open time that did not count, `forgiven` what had been consumed when the pause ended
    in a new full turn, `messages` what the user wrote meanwhile. Every pause names its event.

    Exit codes: 0 shown, 2 the period makes no sense or is too long, 3 ticket-api is out of reach,
    4 not allowed.

    Example: docket pauses --since 2026-06-01T00:00:00Z
    """
    with api() as client:
        asked = {"from": since, "to": until, "account": account}
        answer = client.get("/v1/audit/pauses", **asked)
        if json:
            output.print_json(answer)
            return
        if not answer["pauses"]:
            output.say(f"no pause began then; {_lived(answer)}")
            _uncounted(answer)
            return
        console = output.page()
        figures = ("pauses", "open", "held", "gained", "forgiven", "messages")
        for by in ("agent", "team"):
            shown = table(f"pauses by {by}", by, *figures, right=figures)
            for each in answer[f"by_{by}"]:
                shown.add_row(
                    each["who"],
                    str(each["pauses"]),
                    str(each["open"]),
                    duration(each["held_s"]),
                    duration(each["gained_s"]),
                    duration(each["forgiven_s"]),
                    str(each["user_messages"]),
                )
            console.print(shown)
        each_one = table(
            "each pause", "ticket", "state", "from", "to", "gained", "event", "reason", "clause"
        )
        for each in answer["pauses"]:
            each_one.add_row(
                each["number"],
                each["state"],
                when(each["from"]),
                when(each["to"]),
                duration(each["gained_s"]),
                event(each["event"]),
                each["reason"] or "–",
                each["clause"],
            )
        console.print(each_one)
        _uncounted(answer)


def breaches(
    since: Since = None, until: Until = None, account: Account = None, json: Json = False
) -> None:
    """Show the breaches of a period with their excuses beside them; both figures stay.

    An excuse is an event with its reason and who answers for it: one that says so, or one since
    which the terms find no breach. What nobody has told yet, or was imported, counts as untold.

    Exit codes: 0 shown, 2 the period makes no sense or is too long, 3 ticket-api is out of reach,
    4 not allowed.

    Example: docket breaches --since 2026-06-01T00:00:00Z
    """
    with api() as client:
        asked = {"from": since, "to": until, "account": account}
        answer = client.get("/v1/audit/breaches", **asked)
        if json:
            output.print_json(answer)
            return
        if not answer["breaches"]:
            output.say(f"no breach falls into that time; {_lived(answer)}")
            _uncounted(answer)
            return
        console = output.page()
        shown = table(
            "breaches", "ticket", "turn", "told", "was due", "is due", "stands", "excuse", "reason"
        )
        for each in answer["breaches"]:
            shown.add_row(
                each["number"],
                str(each["turn"]),
                event(each["told"]),
                when(each["told_due_at"]),
                when(each["due_at"]),
                "yes" if each["stands"] else "no",
                *excused(each["excuse"]),
            )
        console.print(shown)
        said = ", ".join(f"{count} {name}" for name, count in answer["figures"].items())
        console.print(f"  {answer['tickets']} tickets: {said}", highlight=False)
        _uncounted(answer)


def _lived(answer: dict[str, Any]) -> str:
    period = f"from {when(answer['from'])} to before {when(answer['to'])}"
    many = f"{answer['tickets']:,} tickets" if answer["tickets"] else "no ticket"
    return f"{many} lived {period}"


def _uncounted(answer: dict[str, list[str]]) -> None:
    if answer["uncounted"]:
        output.say(f"{len(answer['uncounted'])} tickets lie in years that no calendar knows")
    output.say_set_aside(answer["set_aside"])
