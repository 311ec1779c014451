"""Whatever people type, a mail says what was meant and nothing else, under every supported Python.

Several of these Pythons take encoded words that somebody typed for header source (CVE-2024-6923) or
lose spaces between them, so the composition must not need their mending (decision 0034).
"""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import hostile_letters
import pytest
from hostile_letters import ADDRESSES, AT, ATTACKS, check, mails, survive

from docket_runtime.mail.address import BadAddress, normalised
from docket_runtime.mail.message import Mailbox, OutgoingMail, compose

SHORT = 150
MANY = 20_000
PYTHONS = ("python3.11", "python3.12", "python3.13")
RUNTIME = Path(__file__).parents[3] / "libs" / "runtime"


def with_typed(text: str) -> OutgoingMail:
    mailbox = Mailbox(ADDRESSES[0], text)
    return OutgoingMail(
        "<1@docket.localhost>",
        Mailbox("support@docket.localhost"),
        mailbox,
        f"[#DKT-89] {text}",
        AT,
        text,
        text,
        "<0@docket.localhost>",
        {"Auto-Submitted": "auto-generated"},
    )


@pytest.mark.parametrize("typed", ATTACKS, ids=range(len(ATTACKS)))
def test_N_1_what_was_typed_is_text_in_name_subject_and_body(typed) -> None:
    mail = with_typed(typed)
    check(mail, compose(mail))


def test_random_mails_say_what_was_meant() -> None:
    assert survive(SHORT, 20260612) == SHORT


@pytest.mark.full
@pytest.mark.parametrize("python", PYTHONS)
def test_20_000_random_mails_say_what_was_meant_under_every_supported_python(python) -> None:
    """Under the interpreter itself: the composition needs nothing that is not in it."""
    found = shutil.which(python)
    runs = found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0
    if not runs:
        pytest.skip(f"{python} is not installed here")
    script = Path(hostile_letters.__file__)
    subprocess.run(
        [str(found), str(script), str(MANY), "7"],
        check=True,
        env=os.environ | {"PYTHONPATH": str(RUNTIME)},
    )


def test_any_text_is_an_address_in_its_one_form_or_is_refused() -> None:
    """An address that is taken stays what it is when it is judged again, and fits into a mail."""
    taken = set()
    for mail in mails(SHORT, 20260613):
        for text in (
            mail.to.name,
            f"{mail.to.name[:20]}@acme.example",
            f"a@{mail.to.name[:20]}.io",
        ):
            try:
                address = normalised(text)
            except BadAddress:
                continue
            taken.add(address)
            assert normalised(address) == address
            composed = compose(replace(with_typed(""), to=Mailbox(address)))
            assert composed.recipient == address
    assert taken
