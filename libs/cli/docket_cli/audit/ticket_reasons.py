"""`docket explain` of a ticket: its history as a question, and the reasons beside its clock."""

from typing import Any

from docket_cli import output
from docket_cli.audit.api_client import Api
from docket_cli.audit.columns import duration, event, excused, table, value, when

_GOVERNED = ("product", "revision", "service_level", "special_conditions")


def question_of(api: Api, ticket: str, as_of: str | None, known_at: str | None) -> dict[str, Any]:
    """Return the history of a ticket at a point as `docket simulate` reads questions.

    Raise NotAnswered.
    """
    point = api.get(f"{ticket}/replay", as_of=as_of, known_at=known_at)["point"]
    say_caveats(point)
    left_out = {each["version"] for each in (*point["ahead"], *point["unknown"])}
    events = [each for each in api.history(ticket) if each["version"] not in left_out]
    created = events[0]["data"]
    return {
        "pack": created["pack"],
        "policy": {name: created[name] for name in _GOVERNED if name in created},
        "events": [{name: each[name] for name in ("at", "type", "data")} for each in events],
        "at": point["at"],
    }


def say_caveats(point: dict[str, Any]) -> None:
    """Say beside the result where an answer is not of all that was asked for."""
    for caveat in point["caveats"]:
        output.say(caveat)


def print_field(answer: dict[str, Any]) -> None:
    """Print the value of a field and the event that set it last."""
    say_caveats(answer["point"])
    shown = table("", "field", "value", "set by", "happened", "written down")
    cause = answer["event"]
    shown.add_row(
        answer["field"],
        value(answer["value"]),
        event(cause),
        when(cause["at"]),
        when(cause["recorded_at"]),
    )
    output.page().print(shown)


def print_reasons(answer: dict[str, Any]) -> None:
    """Print the deadlines, pauses, breaches, refusals and closings of a ticket."""
    console = output.page()
    deadlines = table("deadlines", "deadline", "due", "clause", "since", "says")
    for each in answer["deadlines"]:
        name = " ".join(str(each[key]) for key in ("deadline", "turn", "request") if key in each)
        deadlines.add_row(
            name, when(each["due_at"]), each["clause"], event(each["event"]), each["says"]
        )
    pauses = table("pauses", "state", "from", "to", "gained", "event", "clause", "says")
    for each in answer["pauses"]:
        pauses.add_row(
            each["state"],
            when(each["from"]),
            when(each["to"]),
            duration(each["gained_s"]),
            event(each["event"]),
            each["clause"],
            each["says"],
        )
    standing = sum(each["stands"] for each in answer["breaches"])
    both = f"breaches: {len(answer['breaches'])}, of them standing: {standing}"
    breaches = table(both, "turn", "told", "was due", "stands", "excuse", "reason")
    for each in answer["breaches"]:
        breaches.add_row(
            str(each["turn"]),
            event(each["told"]),
            when(each["told_due_at"]),
            "yes" if each["stands"] else "no",
            *excused(each["excuse"]),
        )
    ends = table("refusals and closings", "event", "happened", "reason", "clause", "says")
    seen = set[int]()
    for each in (*answer["refusals"], *answer["closings"]):
        if each["event"]["version"] not in seen:
            seen.add(each["event"]["version"])
            ends.add_row(
                event(each["event"]),
                when(each["event"]["at"]),
                each["reason"] or "–",
                each["clause"],
                each["says"],
            )
    for shown in (deadlines, pauses, breaches, ends):
        if shown.row_count:
            console.print(shown)
