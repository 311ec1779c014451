"""What is typed of accounts, files, releases, bounces and tokens can be erased, or is refused."""

import pytest
from canaries import (
    BY_FORM,
    WITH_DEFAULT,
    WORD,
    form_of,
    found_in,
    of_body,
    on_the_bus,
    with_canary,
)
from timed_api import TimedApi

from docket_events.recorded import Actor
from people import ANN, OLGA, PIA
from ticket_api.accounts.bodies import ACCOUNT_BODIES, PATHS
from ticket_api.auth.revocation_routes import RevocationBody
from ticket_api.commands.bodies.attachments import AttachmentBody
from ticket_api.commands.bounce_routes import RecordBounceBody
from ticket_api.commands.release_routes import ReleaseBody

USUAL = {
    verb: dict(body.example) for verb, body in ACCOUNT_BODIES.items() if "example" in vars(body)
}


@pytest.mark.parametrize("verb", ACCOUNT_BODIES)
def test_what_is_typed_into_a_command_on_an_account_can_be_erased_or_is_refused(
    api: TimedApi, verb: str
) -> None:
    account, taken, refused = f"/v1/accounts/{verb}", set[str](), set[str]()
    by = PIA if verb == "erase-reasons" else OLGA
    path_of = f"{account}/{PATHS.get(verb, verb)}"
    if verb == "restore":
        assert api.post(OLGA, f"{account}/restrict", {}).status_code == 200
    for path in of_body(ACCOUNT_BODIES[verb]):
        answer = api.post(by, path_of, with_canary(USUAL.get(verb, {}), path))
        (taken if answer.status_code == 200 else refused).add(form_of(verb, path))
        assert answer.status_code in (200, 409, 422), (path, answer.text)

    assert taken <= {"reason"}
    assert refused <= BY_FORM | {"calendar", "product", "service_level", "time_zone"}
    assert set(found_in(api)) <= {"contents"}
    assert on_the_bus(api) == []
    assert api.post(PIA, f"{account}/erase-reasons", {"why": "person_asked"}).status_code == 200
    assert found_in(api) == {}
    for who in (OLGA, PIA):
        assert WORD not in api.get(who, f"{account}/events").text
        assert WORD not in api.get(who, account).text


def test_what_is_typed_of_files_releases_and_bounces_is_refused_or_goes(api: TimedApi) -> None:
    ticket = api.create(ANN, {"product": "VMmanager 6"}).json()["id"]
    others = {
        f"/v1/tickets/{ticket}/record-bounce": (OLGA, RecordBounceBody, RecordBounceBody.example),
        "/v1/defects/VM-4711/released": (Actor("product_team", "pete"), ReleaseBody, {}),
        "/v1/revocations": (Actor("operator", "otto"), RevocationBody, {}),
    }
    for place, (by, body, usual) in others.items():
        for path in of_body(body):
            answer = api.post(by, place, with_canary(usual, path))
            assert answer.status_code == 422, (place, path, answer.text)
    for path in of_body(AttachmentBody):
        answer = api.post(ANN, f"/v1/tickets/{ticket}/attachments", with_canary(WITH_DEFAULT, path))
        assert (answer.status_code == 201) == (path == ("name",)), answer.text

    assert found_in(api) == {"attachments": 1}
    ((file,),) = api.rows("select attachment_id from docket.attachments")
    assert api.delete(ANN, f"/v1/tickets/{ticket}/attachments/{file}").status_code == 204
    assert found_in(api) == {}
