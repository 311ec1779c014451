"""`race`: many write on one ticket at once, and each of them is written, once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

from house import Caller, House

ROUNDS = 5
TOGETHER = 12
START = "2026-06-08T09:00:00Z"

WRITES = [
    ("comment", "UserCommented", ("customer", "ann", "acme")),
    ("reply", "UserCommented", ("customer", "bob", "acme")),
    ("comment", "CommentAdded", ("agent", "max")),
    ("note", "InternalNoteAdded", ("agent", "olga")),
]
"""What may be written beside what others write, what becomes of it, and who writes it."""

Writer = tuple[Caller, str, str]
"""Who writes, by which command, and of which type the event is."""


def race(house: House, writers: list[Writer]) -> list[str]:
    """Let the writers write at once on a new ticket in each round; return the tickets."""
    ann, tickets = house.caller("customer", "ann", "acme"), list[str]()
    with ThreadPoolExecutor(len(writers)) as threads:
        for n in range(ROUNDS):
            ticket = str(ann.post("/v1/tickets", product="VMmanager 6").json()["id"])
            tickets.append(ticket)
            sent = [
                threads.submit(
                    caller.post, f"/v1/tickets/{ticket}/{verb}", f"{n}-{m}", text=f"message {m}"
                )
                for m, (caller, verb, _) in enumerate(writers)
            ]
            answers = [each.result() for each in sent]
            assert [answer.status_code for answer in answers] == [200] * len(writers)
            assert len({answer.json()["version"] for answer in answers}) == len(writers)
    return tickets


def each_is_in_the_log_once(house: House, tickets: list[str], writers: list[Writer]) -> None:
    """Compare the histories with what was answered with 200."""
    wanted = Counter(event_type for _, _, event_type in writers)
    for ticket in tickets:
        history = house.caller("agent", "max").history(ticket)
        assert [event["version"] for event in history] == list(range(1, len(history) + 1))
        types = Counter(event["type"] for event in history)
        assert {name: types[name] for name in wanted} == wanted


def test_race_of_twelve_comments_in_five_rounds(house: House) -> None:
    house.instant = START
    house.start("ticket-api")
    writers = [(house.caller("customer", "ann", "acme"), "comment", "UserCommented")] * TOGETHER

    tickets = race(house, writers)

    each_is_in_the_log_once(house, tickets, writers)


def test_race_over_two_instances_while_notices_and_warnings_are_recorded(house: House) -> None:
    house.at(START)
    addresses = cycle([house.caller("agent", "max").url, house.start_another("ticket-api")])
    writers = [
        (house.caller(*who).at(address), verb, event_type)
        for (verb, event_type, who), address, _ in zip(
            cycle(WRITES), addresses, range(TOGETHER), strict=False
        )
    ]

    tickets = race(house, writers)

    for ticket in tickets:
        house.caller("customer", "ann", "acme").sees(ticket, "RegistrationNoticeSent")
    each_is_in_the_log_once(house, tickets, writers)
