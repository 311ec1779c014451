"""The main line again while things die: nothing acknowledged is lost, nothing is done twice."""

from house import House, eventually
from main_line import EXPECTED, live


def test_every_service_and_the_broker_are_killed_and_the_database_restarts_on_the_way(own_house):
    house: House = own_house

    def broker_dies() -> None:
        house.broker.kill()
        house.broker.start()

    def database_restarts() -> None:
        house.database.stop()
        house.database.start()

    def dies(name: str) -> None:
        house.kill(name)
        house.start(name)

    troubles = {
        "created": lambda: dies("notifier"),
        "information requested": broker_dies,
        "answered": lambda: dies("ticket-api"),
        "uploaded": lambda: dies("sla-clock"),
        "resumed": database_restarts,
        "closing decided": broker_dies,
        "closed": lambda: dies("notifier"),
        "objected": lambda: dies("sla-clock"),
        "closing decided again": lambda: dies("notifier"),
    }

    def trouble(station: str) -> None:
        if station in troubles:
            troubles[station]()
            eventually(lambda: house.ready("ticket-api"), "ticket-api is ready again")

    ticket = live(house, trouble)

    history = house.caller("customer", "ann", "acme").history(ticket)
    assert [(event["type"], event["at"]) for event in history] == EXPECTED
    ids = {str(mail["Message-ID"]) for mail in house.mailboxes.mails}
    assert len(ids) == 7, "each notice has one Message-ID, however often it was sent"


def test_timers_that_came_due_while_sla_clock_was_down_all_fire_once(house):
    ann, max_ = house.caller("customer", "ann", "acme"), house.caller("agent", "max")
    house.at("2026-06-08T09:00:00Z")
    tickets = [ann.post("/v1/tickets", product="VMmanager 6").json()["id"] for _ in range(20)]
    for ticket in tickets:
        ann.sees(ticket, "RegistrationNoticeSent")
        max_.tell(ticket, "prioritize", priority="Emergency", reason="down")

    house.kill("sla-clock")
    house.at("2026-06-08T18:00:00Z")

    for ticket in tickets:
        max_.sees(ticket, "ResponseOverdue")
        types = [event["type"] for event in max_.history(ticket)]
        assert types.count("ResponseOverdue") == 1


def test_a_request_repeated_after_its_answer_was_lost_gets_the_same_answer(own_house):
    house: House = own_house
    house.at("2026-06-08T09:00:00Z")
    ann = house.caller("customer", "ann", "acme")
    first = ann.post("/v1/tickets", key="k", product="VMmanager 6")

    house.database.crash()
    down = ann.post("/v1/tickets", key="k2", product="VMmanager 6")
    house.database.start()
    eventually(lambda: house.ready("ticket-api"), "ticket-api is ready again")
    again = ann.post("/v1/tickets", key="k", product="VMmanager 6")

    assert (down.status_code, down.headers["retry-after"]) == (503, "1")
    assert (again.status_code, again.content) == (201, first.content)
