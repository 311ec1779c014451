"""The mail sink: it takes every mail, shows it without running what is in it, and keeps it."""

from email.message import EmailMessage

import aiosmtplib
import httpx
import pytest

from docket_devstack.mail_page import application
from docket_devstack.mailbox import Mailbox
from surroundings import MailSink


def closing_notice() -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "support@docket.localhost"
    mail["To"] = "ann@acme.example"
    mail["Subject"] = "Ticket 1001 <b>closed</b> · закрыт"
    mail["Message-ID"] = "<notice-1@docket.localhost>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("Your ticket is closed.\n<script>alert(1)</script>\n")
    return mail


async def send(mail: EmailMessage, sink: MailSink, recipient: str) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=sink.port) as client:
        await client.send_message(mail, recipients=[recipient])


@pytest.fixture
async def page(mail_sink: MailSink) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(application(mail_sink.mailbox))
    return httpx.AsyncClient(transport=transport, base_url="http://sink")


async def test_a_mail_is_listed_newest_first_with_its_headers_and_text(
    mail_sink: MailSink, page: httpx.AsyncClient
) -> None:
    await send(closing_notice(), mail_sink, "ann@acme.example")
    await send(closing_notice(), mail_sink, "ben@acme.example")

    newest, oldest = (await page.get("/mails")).json()

    assert [newest["number"], oldest["number"]] == [2, 1]
    assert newest["to"] == ["ben@acme.example"]
    assert oldest["message_id"] == "<notice-1@docket.localhost>"
    assert oldest["subject"] == "Ticket 1001 <b>closed</b> · закрыт"
    assert oldest["sender"] == "support@docket.localhost"
    assert oldest["headers"]["Auto-Submitted"] == "auto-generated"
    assert oldest["text"].startswith("Your ticket is closed.")
    assert (await page.get("/mails/1")).json() == oldest
    assert (await page.get("/mails?limit=1")).json() == [newest]


async def test_what_is_written_in_a_mail_is_text_on_the_page(
    mail_sink: MailSink, page: httpx.AsyncClient
) -> None:
    await send(closing_notice(), mail_sink, "ann@acme.example")

    for path in ("/", "/mails/1"):
        answer = await page.get(path, headers={"accept": "text/html"})
        assert "<script>" not in answer.text
        assert "&lt;b&gt;closed" in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_N_17_a_mail_is_shown_as_text_as_a_page_in_a_sandbox_and_as_its_source(
    mail_sink: MailSink, page: httpx.AsyncClient
) -> None:
    mail = closing_notice()
    mail.add_alternative("<p>Closed</p><script>alert(1)</script>", subtype="html")
    await send(mail, mail_sink, "ann@acme.example")

    shown = await page.get("/mails/1", headers={"accept": "text/html"})
    framed = await page.get("/mails/1/page")
    source = await page.get("/mails/1/source")

    assert '<iframe sandbox src="/mails/1/page"' in shown.text
    assert "Your ticket is closed." in shown.text
    assert "<script>" not in shown.text
    assert "<p>Closed</p>" in framed.text
    assert framed.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert source.headers["content-type"].startswith("text/plain")
    assert "multipart/alternative" in source.text
    assert (await page.get("/mails/1")).json()["html"] == framed.text


async def test_a_mail_without_a_page_says_so(mail_sink: MailSink, page: httpx.AsyncClient) -> None:
    await send(closing_notice(), mail_sink, "ann@acme.example")
    shown = await page.get("/mails/1", headers={"accept": "text/html"})
    assert "It has no page." in shown.text
    assert (await page.get("/mails/1/page")).status_code == 404


async def test_mails_are_there_after_a_restart_and_numbers_go_on(mail_sink: MailSink) -> None:
    await send(closing_notice(), mail_sink, "ann@acme.example")
    before = mail_sink.mails()

    folder = mail_sink.mailbox.folder
    again = Mailbox(folder)

    assert again.newest_first() == before
    assert again.keep(b"Subject: second\r\n\r\nhello", ("ann@acme.example",)).number == 2


async def test_a_mail_that_is_not_there_is_not_found(page: httpx.AsyncClient) -> None:
    for path in ("/mails/7", "/mails/7/page", "/mails/7/source"):
        assert (await page.get(path)).status_code == 404
    assert (await page.get("/mails?limit=all")).status_code == 422
