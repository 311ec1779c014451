"""Whose fault it is that a mail was not taken: each step, each class of reply, each exception."""

import inspect
from dataclasses import replace

import aiosmtplib
import pytest
from aiosmtplib import SMTPNotSupported, SMTPRecipientRefused, SMTPRecipientsRefused
from test_hostile_letters import with_typed

from docket_runtime.mail.faults import judge
from docket_runtime.mail.message import ComposedMail, Mailbox, compose
from docket_runtime.mail.server import Mailer, Outcome
from docket_runtime.unavailable import Unavailable
from scripted_server import HANGS_UP, ScriptedServer, answering

MAIL = compose(with_typed("hello"))
ACCEPTED = Outcome("accepted")

OF_THE_SERVER = [
    ("greeting", "554 no service"),
    ("greeting", "421 busy"),
    ("greeting", HANGS_UP),
    ("greeting", "what?"),
    ("EHLO", "421 leaving"),
    ("EHLO", HANGS_UP),
    ("MAIL", "421 leaving"),
    ("MAIL", "450 slow down"),
    ("MAIL", "452 no room"),
    ("MAIL", "503 order"),
    ("MAIL", "530 authenticate"),
    ("MAIL", "550 who are you"),
    ("MAIL", "553 not yours"),
    ("MAIL", HANGS_UP),
    ("RCPT", "421 leaving"),
    ("RCPT", "530 authenticate"),
    ("RCPT", "503 order"),
    ("RCPT", HANGS_UP),
    ("DATA", "421 leaving"),
    ("DATA", "530 authenticate"),
    ("DATA", HANGS_UP),
    ("end", "421 leaving"),
    ("end", HANGS_UP),
    ("end", "what?"),
]
OF_THE_MESSAGE = [
    ("MAIL", "552 too large", Outcome("refused", "552")),
    ("RCPT", "450 greylisted", Outcome("deferred", "450")),
    ("RCPT", "451 later", Outcome("deferred", "451")),
    ("RCPT", "452 full", Outcome("deferred", "452")),
    ("RCPT", "501 syntax", Outcome("refused", "501")),
    ("RCPT", "550 nobody", Outcome("refused", "550")),
    ("RCPT", "553 no such name", Outcome("refused", "553")),
    ("RCPT", "554 no relay", Outcome("refused", "554")),
    ("DATA", "451 later", Outcome("deferred", "451")),
    ("DATA", "554 no valid recipients", Outcome("refused", "554")),
    ("end", "451 scanner", Outcome("deferred", "451")),
    ("end", "452 no room", Outcome("deferred", "452")),
    ("end", "550 spam", Outcome("refused", "550")),
    ("end", "552 too large", Outcome("refused", "552")),
    ("end", "554 virus", Outcome("refused", "554")),
]


async def sent(server: ScriptedServer, mail: ComposedMail = MAIL) -> Outcome:
    mailer = Mailer(f"smtp://127.0.0.1:{server.port}")
    try:
        return await mailer.send(mail)
    finally:
        await mailer.close()


@pytest.mark.parametrize(("step", "answer"), OF_THE_SERVER)
async def test_a_fault_of_the_server_holds_the_loop(step, answer) -> None:
    async with answering({step: answer}) as server:
        with pytest.raises(Unavailable):
            await sent(server)


@pytest.mark.parametrize(("step", "answer", "outcome"), OF_THE_MESSAGE)
async def test_a_fault_of_one_message_is_its_outcome_and_the_next_one_goes_out(
    step, answer, outcome
) -> None:
    async with answering({step: answer}) as server:
        mailer = Mailer(f"smtp://127.0.0.1:{server.port}")
        assert await mailer.send(MAIL) == outcome
        server.answers[step] = {"DATA": "354 go on"}.get(step, "250 ok")
        assert await mailer.send(MAIL) == ACCEPTED
        await mailer.close()


async def test_N_2_what_cannot_be_written_without_SMTPUTF8_is_refused_before_a_word() -> None:
    async with answering() as server:
        assert await sent(server, replace(MAIL, recipient="jörg@acme.example")) == Outcome(
            "refused", "SMTPNotSupported"
        )
        assert server.recipients == []


@pytest.mark.parametrize("recipient", ["a b@x.example", "\ud800@x.example"])
async def test_an_address_that_was_not_judged_before_harms_its_own_mail_alone(recipient) -> None:
    async with answering() as server:
        assert (await sent(server, replace(MAIL, recipient=recipient))).state == "refused"
        assert server.mails == []


async def test_a_server_that_is_not_there_is_out_of_reach() -> None:
    async with answering() as server:
        port = server.port
    with pytest.raises(Unavailable):
        await Mailer(f"smtp://127.0.0.1:{port}").send(MAIL)


async def test_the_server_gets_the_bytes_that_were_compared_and_one_recipient() -> None:
    mail = compose(replace(with_typed("x\r\nBcc: b@x.example"), to=Mailbox('"a."@docomo.ne.jp')))
    async with answering() as server:
        assert await sent(server, mail) == ACCEPTED
    assert server.recipients == ['<"a."@docomo.ne.jp>']
    assert server.mails == [mail.content.replace(b"\r\n.", b"\r\n..") + b".\r\n"]


def test_every_exception_of_the_library_is_judged_and_only_replies_are_of_a_message() -> None:
    """A new class of the library would meet the last row but two, and hold the loop."""
    ours = {"SMTPNotSupported", "SMTPRecipientRefused", "SMTPRecipientsRefused", "SMTPDataError"}
    for name, kind in inspect.getmembers(aiosmtplib.errors, inspect.isclass):
        if not issubclass(kind, aiosmtplib.SMTPException) or name in ours:
            continue
        parts = len(inspect.signature(kind.__init__).parameters) - 1
        fault = kind(*{1: ["x"], 2: [599, "x"], 3: [599, "x", "y"]}[parts])
        assert judge(fault)[0] == "server", name
    assert judge(SMTPNotSupported("x"))[0] == "refused"
    assert judge(SMTPRecipientsRefused([SMTPRecipientRefused(450, "x", "y")])) == (
        "deferred",
        "450",
    )
    for fault in (ValueError(), UnicodeError(), LookupError(), TypeError()):
        assert judge(fault) == ("refused", type(fault).__name__)
    assert judge(ConnectionResetError()) == ("server", "ConnectionResetError")
