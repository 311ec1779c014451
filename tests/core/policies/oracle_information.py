"""Requests for information, their answers, and the rejection of answers (C-05, C-55, C-56)."""

from datetime import datetime, timedelta

from oracle_turns import Turn, figures
from oracle_walk import Request, Walk

from docket_events.ticket import InformationProvided, InformationRequested, UploadCompleted


def last_instant_of_asking(walk: Walk, asked_at: datetime) -> datetime | None:
    """Return the last instant of an answer in time (R-6.9-b), None where the terms know none."""
    hours = walk.rules.hours_for_information
    return None if hours is None else asked_at + timedelta(hours=hours)


def asked(walk: Walk, event: InformationRequested) -> None:
    """Ask: the turn ends with the request, and an objection can be refused no more."""
    if walk.turn is not None:
        walk.turn.end(walk.now, walk.judged_by_a_request())
    deadline = event.deadline or last_instant_of_asking(walk, walk.now)
    walk.requests[event.request] = Request(deadline)
    walk.reopened = None


def provided(walk: Walk, event: InformationProvided | UploadCompleted) -> None:
    """Take an answer; with the last one that is awaited a turn opens."""
    request = walk.requests.get(event.request)
    if request is None or request.arrived_at is not None:
        return
    request.uploading = isinstance(event, InformationProvided) and event.upload_pending
    if request.uploading:
        return
    request.arrived_at = walk.now
    walk.round.add(event.request)
    if walk.awaits_information or not walk.started:
        return
    answers, walk.round = frozenset(walk.round), set()
    walk.open_turn(Turn(answers=answers))


def rejected(walk: Walk, request_id: str) -> None:
    """Open a request again; the time that its answer lay with the vendor is not the user's."""
    request = walk.requests.get(request_id)
    if request is None:
        return
    if request.arrived_at is not None:
        if request.last_instant is not None:
            request.last_instant += walk.now - request.arrived_at
        if walk.turn is not None and walk.turn.ended_at is None:
            _take_back(walk, walk.turn, request_id)
        walk.round.discard(request_id)
    request.uploading, request.arrived_at = False, None


def _take_back(walk: Walk, turn: Turn, request_id: str) -> None:
    """Void the turn that the answer opened unless its deadline has passed: then it ends here."""
    due = figures(turn, walk.rules, walk.judged()).due
    if request_id in turn.answers and (due is None or due >= walk.now):
        walk.turns.pop()
        walk.round = set(turn.answers)
    else:
        turn.end(walk.now, walk.judged_by_a_request())
