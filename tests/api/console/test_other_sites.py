"""S-7: pages of other sites can neither sign somebody in nor out."""

import pytest

OWN = {"Origin": "http://docket"}


@pytest.mark.parametrize("path", ["/console/sign-in", "/console/sign-out"])
@pytest.mark.parametrize(
    "said",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://docket.evil.example"},
        {"Origin": "https://docket:8443"},
        {"Sec-Fetch-Site": "cross-site", **OWN},
        {"Sec-Fetch-Site": "same-site", **OWN},
    ],
    ids=str,
)
async def test_a_form_of_another_site_is_refused(http, signer, path, said):
    answer = await http.post(path, data={"token": signer.token("auditor", "eve")}, headers=said)
    assert (answer.status_code, answer.json()["code"]) == (403, "other_site")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("said", [OWN, {"Sec-Fetch-Site": "same-origin", **OWN}, {}], ids=str)
async def test_the_form_of_the_console_signs_in(http, signer, said):
    form = {"token": signer.token("auditor", "eve")}
    answer = await http.post("/console/sign-in", data=form, headers=said)
    assert answer.status_code == 303
    assert answer.headers["set-cookie"].startswith("docket_console=")
    assert "strict-transport-security" not in answer.headers


async def test_what_is_no_form_is_refused(http):
    answer = await http.post(
        "/console/sign-in", content="token=x", headers={"Content-Type": "text/plain"}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "not_a_form")


async def test_over_https_the_cookie_is_of_this_host_alone(http, signer):
    form = {"token": signer.token("auditor", "eve")}
    answer = await http.post("https://docket/console/sign-in", data=form)

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-docket_console=")
    said = {part.strip() for part in cookie.split(";")}
    assert {"Secure", "Path=/", "HttpOnly", "SameSite=strict"} <= said
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    http.cookies.clear()
    for name, status in (("__Host-docket_console", 200), ("docket_console", 401)):
        page = await http.get(
            "https://docket/console", headers={"Cookie": f"{name}={form['token']}"}
        )
        assert page.status_code == status
