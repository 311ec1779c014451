"""Addresses: the one form in which an address is kept and written to.

Every server takes it: ASCII, the domain in A-labels (IDNA). What would need SMTPUTF8, which many
servers do not have, is refused where it enters. Nothing is asked of the network.
"""

import re

from email_validator import EmailNotValidError, validate_email

LONGEST = 254

_DOTTED = re.compile(r"(?P<local>[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+)@(?P<domain>[^@]+)", re.ASCII)
_ODD_DOTS = re.compile(r"^\.|\.\.|\.$")


class BadAddress(ValueError):
    """A text to which no mail can be sent: it says why, and does not quote it."""


def comparable(address: str) -> str:
    """Return what two ways to write an address have in common; any text has it."""
    try:
        return normalised(address).casefold()
    except BadAddress:  # kept before addresses were judged
        return address.casefold()


def normalised(address: str) -> str:
    """Return an address in the form in which it is kept; raise BadAddress.

    Dots that RFC 5321 allows only between other characters are quoted: Japanese carriers have given
    out such addresses.
    """
    address = address.strip()
    if len(address) > LONGEST:
        raise BadAddress(f"has more than {LONGEST} characters")
    if "=?" in address:
        raise BadAddress("has the beginning of an encoded word before the @-sign")
    typed = _DOTTED.fullmatch(address)
    if typed and typed["local"].strip(".") and _ODD_DOTS.search(typed["local"]):
        address = f'"{typed["local"]}"@{typed["domain"]}'
    try:
        valid = validate_email(
            address,
            allow_smtputf8=False,
            allow_quoted_local=True,
            check_deliverability=False,
            strict=True,
        )
    except (EmailNotValidError, UnicodeError) as fault:
        raise BadAddress(f"is no address to which mail can be sent: {fault}") from None
    ascii_form = f"{valid.local_part}@{valid.ascii_domain}"
    if valid.local_part.startswith('"') and not _DOTTED.fullmatch(ascii_form.replace('"', "")):
        raise BadAddress("has other characters in quotes than dots, letters and digits")
    return ascii_form
