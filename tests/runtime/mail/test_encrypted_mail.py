"""TLS to the mail server, by STARTTLS or from the first byte; without it no mail."""

import ssl
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from test_hostile_letters import with_typed

from docket_runtime.clock import wall_clock
from docket_runtime.mail.message import compose
from docket_runtime.mail.server import Mailer, Outcome
from docket_runtime.unavailable import Unavailable
from scripted_server import ScriptedServer, answering

MAIL = compose(with_typed("hello"))
OFFERED = {
    "EHLO": "250-hello\r\n250-AUTH PLAIN\r\n250 STARTTLS",
    "STAR": "220 go on",
    "AUTH": "235 ok",
}


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The TLS of a server at 127.0.0.1, whose certificate this process trusts."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")]),
    )
    now = wall_clock()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = tmp_path / "server.crt", tmp_path / "server.key"
    file.write_bytes(certificate.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return context


async def sent(server: ScriptedServer, scheme: str, host: str = "127.0.0.1") -> Outcome:
    mailer = Mailer(f"{scheme}://docket:hush@{host}:{server.port}")
    try:
        return await mailer.send(MAIL)
    finally:
        await mailer.close()


async def test_STARTTLS_comes_before_the_user_and_the_mail(tls: ssl.SSLContext) -> None:
    async with answering(OFFERED, tls=tls) as server:
        assert await sent(server, "smtp+starttls") == Outcome("accepted")
        assert server.in_the_clear == ["EHLO", "STAR"]
        assert len(server.mails) == 1


async def test_TLS_from_the_first_byte(tls: ssl.SSLContext) -> None:
    plain = {**OFFERED, "EHLO": "250-hello\r\n250 AUTH PLAIN"}
    async with answering(plain, tls=tls, at_once=True) as server:
        assert await sent(server, "smtps") == Outcome("accepted")
        assert server.in_the_clear == []


@pytest.mark.parametrize(
    "answers",
    [
        {**OFFERED, "EHLO": "250-hello\r\n250 AUTH PLAIN"},
        {**OFFERED, "STAR": "454 not now"},
        {**OFFERED, "STAR": "501 what"},
    ],
    ids=["not offered", "put off", "refused"],
)
async def test_without_TLS_nothing_is_said_and_the_mail_waits(
    tls: ssl.SSLContext, answers: dict[str, str]
) -> None:
    async with answering(answers, tls=tls) as server:
        with pytest.raises(Unavailable):
            await sent(server, "smtp+starttls")
        assert not {"AUTH", "MAIL", "DATA"} & set(server.in_the_clear)
        assert server.mails == []


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
async def test_a_certificate_that_is_not_trusted_is_no_TLS(
    tls: ssl.SSLContext, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    async with answering(OFFERED, tls=tls, at_once=scheme == "smtps") as server:
        with pytest.raises(Unavailable):
            await sent(server, scheme)
        assert server.mails == []


async def test_nor_is_one_of_another_host(tls: ssl.SSLContext) -> None:
    async with answering(OFFERED, tls=tls) as server:
        with pytest.raises(Unavailable):
            await sent(server, "smtp+starttls", host="localhost")
        assert server.mails == []


@pytest.mark.parametrize(
    "url", ["mail.example:25", "starttls://mail.example", "smtp://", "http://x"]
)
def test_another_address_names_the_forms_that_are_taken(url: str) -> None:
    with pytest.raises(ValueError, match=r"smtp\+starttls://host:port"):
        Mailer(url)
