"""The mail server is greeted without a password, and with TLS where the address insists on it."""

import pytest
from test_hostile_letters import with_typed

from docket_runtime.mail.message import compose
from docket_runtime.mail.server import Mailer, greet
from docket_runtime.unavailable import Unavailable
from scripted_server import ScriptedServer, answering

ASKS_FOR_PASSWORDS = {"EHLO": "250-hello\r\n250 AUTH PLAIN LOGIN", "AUTH": "535 who are you"}


def address(server: ScriptedServer, scheme: str = "smtp") -> str:
    return f"{scheme}://docket:s3cr3t@127.0.0.1:{server.port}"


async def test_a_greeting_tells_no_password() -> None:
    async with answering(ASKS_FOR_PASSWORDS) as server:
        await greet(address(server))
        assert server.mails == []


@pytest.mark.parametrize("answers", [{"greeting": "554 no service"}, {"EHLO": "421 leaving"}])
async def test_a_server_that_does_not_serve_is_told(answers: dict[str, str]) -> None:
    async with answering(answers) as server:
        with pytest.raises(Unavailable, match="the mail server is out of reach"):
            await greet(address(server))


async def test_where_the_address_insists_on_tls_nothing_is_sent_without_it() -> None:
    async with answering() as server:
        with pytest.raises(Unavailable):
            await greet(address(server, "smtp+starttls"))
        mailer = Mailer(address(server, "smtp+starttls"))
        with pytest.raises(Unavailable):
            await mailer.send(compose(with_typed("hello")))
        await mailer.close()
        assert server.mails == []


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="DOCKET_SMTP_URL is none of"):
        Mailer(url)
