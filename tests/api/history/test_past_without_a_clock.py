"""Everything that can be asked of a ticket can be asked of one without a clock (C-68)."""

import pytest

H = {"product": "H-Sphere", "subject": "server down"}
M = {"product": "ISPmanager 6", "edition": "Pro"}
OF_A_TICKET = {
    "": {},
    "/events": {},
    "/clock": {},
    "/actions": {},
    "/replay": {"as_of": 1},
    "/why": {},
    "/diff": {"from": 1, "to": 3},
    "/explain": {"field": "/clock/clock_state"},
}
REPORTS = ("pauses", "breaches", "timers", "forecast")


@pytest.mark.parametrize("license_", [H, M], ids=["H", "M"])
async def test_C_68_every_question_has_an_answer(ann, max_, as_, http, signer, license_):
    ticket = await ann.create(**license_)
    await max_.tell(ticket, "respond", text="Restart it.")
    await max_.tell(ticket, "close", reason="resolved")
    iris = as_("auditor", "iris")

    for path, query in OF_A_TICKET.items():
        answer = await iris.get(f"/v1/tickets/{ticket['id']}{path}", **query)
        assert answer.status_code == 200, (path, answer.text)
    for report in REPORTS:
        answer = await iris.get(f"/v1/audit/{report}")
        assert answer.status_code == 200, (report, answer.text)
    for supposed in (
        {"targets": "I-2025-09-08", "level": "Privilege"},
        {"revision": "R-2025-03-27"},
        {"revision": "H-2005"},
        {"reading": "info=resume"},
        {"calendar": "ALWAYS"},
    ):
        answer = await iris.get("/v1/audit/what-if", **supposed)
        assert answer.status_code == 200, (supposed, answer.text)
    http.cookies.set("docket_console", signer.token("auditor", "iris"))
    for page in ("", "/seen?as_of=1", "/compare?from=1&to=2"):
        answer = await http.get(f"/console/tickets/{ticket['id']}{page}")
        assert answer.status_code == 200, (page, answer.text)
    for page in ("/console", "/console/forecast", "/console/what-if"):
        answer = await http.get(page)
        assert answer.status_code == 200, (page, answer.text)
