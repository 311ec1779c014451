"""Which refusals of requests that fit the document are no fault: those that the service gives."""

import pytest
from promises_hooks import BEYOND_SCHEMAS, is_beyond_schemas
from test_contract import problem_codes

ID = "01978a6e-6c00-7000-8def-0123456789ab"


def test_each_code_of_a_rule_beyond_schemas_is_documented():
    documented = {code for status, code in problem_codes() if status.startswith("4")}

    assert {*BEYOND_SCHEMAS} <= documented
    assert all(is_beyond_schemas({"code": code}, {}) for code in BEYOND_SCHEMAS)


def test_other_refusals_of_what_fits_are_faults():
    unfit = {"code": "missing", "detail": "Field required"}
    out_of_range = {"code": "json_invalid", "detail": "Invalid JSON: a number is out of range"}

    assert not is_beyond_schemas({"code": "not_found"}, {})
    assert not is_beyond_schemas({"code": "malformed"}, {"If-Match": '"1"'})
    assert not is_beyond_schemas({"code": "malformed", "errors": [unfit]}, {"Last-Event-ID": "x"})
    assert not is_beyond_schemas({"code": "malformed", "errors": [out_of_range, unfit]}, {})


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("/v1/simulations", b'{"asks": [], "id": 99999999999999999999}', {}),
        (f"/v1/tickets/{ID}/extend-period", b'{"seconds": 60.0}', {}),
        (
            f"/v1/tickets/{ID}/schedule-operation",
            b'{"agreed_for": "0001-01-01T00:00:00+01:00"}',
            {},
        ),
    ],
)
async def test_a_body_that_fits_and_is_refused_is_known(max_, path, body, headers):
    answer = await max_.post(path, body, headers)

    assert answer.status_code == 422, answer.text
    assert is_beyond_schemas(answer.json(), headers)


@pytest.mark.parametrize(
    "headers", [{"Last-Event-ID": "nowhere"}, {"X-Reveal-Reason": "%20%20%20"}]
)
async def test_a_header_that_fits_and_is_refused_is_known(max_, ann, headers):
    ticket = await ann.create()
    path = "/v1/stream" if "Last-Event-ID" in headers else f"/v1/tickets/{ticket['id']}"

    answer = await max_.get(path, headers)

    assert answer.status_code == 422, answer.text
    assert is_beyond_schemas(answer.json(), headers)
