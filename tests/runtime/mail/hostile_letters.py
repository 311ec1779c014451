"""Random and hostile mails, and a second opinion on what they say.

Run by itself it asks one interpreter: `python hostile_letters.py 20000 1` composes 20,000 mails of
seed 1 and prints how many there were. It needs `docket_runtime.mail` and the standard library.
"""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.policy import compat32, default
from email.utils import parseaddr
from random import Random
from unicodedata import category

from docket_runtime.mail.message import ComposedMail, Mailbox, OutgoingMail, compose

FIELDS = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]
AT = datetime(2026, 6, 12, 10, tzinfo=UTC)
LONGEST_FOR_SLOW_READER = 400

ATTACKS = (
    "=?utf-8?q?Mallory=22_<a@b.example>=0d=0aContent-Type:_text/html=0d=0a=0d=0a<h1>Pay</h1><!--?=",
    "=?utf-8?B?eApCY2M6IGV2aWxAeC5leGFtcGxl?=",
    "=?utf-8?q?x=0d=0aBcc:_evil@evil.example?=",
    "=?utf-8?B?SGFja2Vk?=",
    "=?foo-8859?Q?x=E4?= und =?iso-8859-1?Q?=E4?=",
    "=?utf-8?q??=",
    "=?utf-8?q?a?= =?utf-8?q?b?=",
    "=?utf-8?B?====?=",
    "=?",
    "?=",
    "x\r\nBcc: evil@evil.example",
    "x\nBcc: evil@evil.example\n\n<h1>hi</h1>",
    "x\rBcc: evil@evil.example",
    "x\r\n Bcc: folded@evil.example",
    "\r\n.\r\nMAIL FROM:<evil@evil.example>",
    '"<evil@evil.example>, "',
    "a@b.example, c@d.example;",
    "group: a@b.example;",
    "(comment \\) \\",
    '\\"',
    "From here on",
    ">From",
    "\u2028Bcc: x@y\u2029Bcc: y@z\x0b\x0c\x1c\x1d\x1e\x85",
    "\u202eevil\u202c\u2066x\u2069",
    "ශ්‍රී ලංකා",
    "نمی‌تواند",
    "👨‍👩‍👧 🇩🇪🇯🇵 👍🏽",
    "Ο κόμβος δεν απαντά μετά την ενημέρωση",
    "节点 无法 启动 请 帮助",
    "ノードが応答しません",
    "Node down 🔥 again",
    "\ud800",
    "\udc80\udcff",
    "\ufeff\u200b\u00ad",
    "e\u0301" * 40,
    "\x00",
    "\t",
    "--=_a5cc467f2a15321e66d60cff--",
    "=20=\n==",
)
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz ABC 0123456789",
    "".join(map(chr, range(0x21, 0x7F))),
    "".join(map(chr, range(0x20))) + "\x7f\x85\xa0",
    "äöüßéèñçøåłžğİı ",
    "абвгдежзийклмн ",
    "αβγδεζηθικλμνξ ",
    "אבגדהוזחט ",
    "ابتثجحخد \u200c\u200d",
    "कखगघङ\u094d\u200d ",
    "กขฃคฅฆ",
    "가각간갇\u1100\u1161\u11a8",
    "日本語漢字仮名　",
    "😀🔥👨\u200d👩🏽🇩🇪\ufe0f",
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad",
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    "\r\n\u2028\u2029\x0b\x0c",
    "\ud800\udbff\udc00\udfff",
    "=?utf-8?Qb_=0D=0A?= ",
    "\ue000\uffff\U0010ffff\u0378",
)
ADDRESSES = (
    "ann@acme.example",
    "ann@xn--bcher-kva.example",
    '"name."@docomo.ne.jp',
    '"a..b"@ezweb.ne.jp',
    "!#$%&'*+/=?^_`{|}~-@x.example".replace("=?", "?="),
    f"{'x' * 64}@{'.'.join(['y' * 60] * 3)}.example",
)


def text_of(random: Random, longest: int) -> str:
    """Return a text: of one script, of many, or with an attack in it."""
    length = random.choice((0, 1, random.randint(2, 60), random.randint(0, 300)))
    if random.random() < 0.01:
        length = random.randint(0, longest)
    if random.random() < 0.3:
        pieces = [random.choice(ATTACKS) for _ in range(random.randint(1, 4))]
        return random.choice(("", " ", "  ")).join(pieces)
    alphabets = random.sample(ALPHABETS, random.choice((1, 1, 2, len(ALPHABETS))))
    letters = "".join(random.choice(random.choice(alphabets)) for _ in range(length))
    return letters + random.choice(ATTACKS) if random.random() < 0.2 else letters


def mails(number: int, seed: int) -> Iterator[OutgoingMail]:
    """Give so many random mails, the same for the same seed."""
    random = Random(seed)
    for n in range(number):
        yield OutgoingMail(
            message_id=f"<{seed}.{n}@docket.localhost>",
            sender=Mailbox("support@docket.localhost", text_of(random, 200)),
            to=Mailbox(random.choice(ADDRESSES), text_of(random, 1000)),
            subject=f"[#DKT-{10 ** random.randint(0, 8)}] {text_of(random, 10_000)}",
            date=AT,
            text="\n".join(text_of(random, 10_000) for _ in range(random.randint(0, 4))),
            page=f"<p>{text_of(random, 2_000)}</p>",
            thread="<first@docket.localhost>",
            marks={"Auto-Submitted": "auto-generated"},
        )


def in_one_line(text: str) -> str:
    """Return what is meant by one line, said in another way than the composition says it."""
    return " ".join(re.split(r"\s+", "".join(map(_seen, text)))).strip()


def in_lines(text: str) -> str:
    lines = re.split("\r\n|\r|\n", text)
    seen = ["".join(_seen(each) if each != "\t" else each for each in line) for line in lines]
    return "\n".join(seen).rstrip("\n") + "\n"


def _seen(letter: str) -> str:
    turns = "\u202a" <= letter <= "\u202e" or "\u2066" <= letter <= "\u2069"
    if turns or category(letter) in ("Cc", "Zl", "Zp"):
        return " "
    return "\ufffd" if "\ud800" <= letter <= "\udfff" else letter


def check(mail: OutgoingMail, composed: ComposedMail) -> None:
    """Fail unless every reader finds in the bytes what was meant, and nothing else."""
    content = composed.content
    assert (composed.sender, composed.recipient) == (mail.sender.address, mail.to.address)
    head = content.partition(b"\r\n\r\n")[0]
    assert content.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content), "half an end of a line"
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    for line in head.split(b"\r\n"):
        assert re.match(rb"[A-Za-z-]+: |[ \t]", line), line
        assert b"?=" not in line or b"=?" not in line or len(line) <= 76, line
        assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?\S*", line))
    assert not re.search(rb"\?[BQbq]\?\?=", head), "an empty word"

    parsed = message_from_bytes(content, policy=compat32)
    assert parsed.keys() == FIELDS
    assert not parsed.defects
    assert _decoded(parsed["Subject"]) == in_one_line(mail.subject)
    for field, mailbox in (("From", mail.sender), ("To", mail.to), ("Reply-To", mail.sender)):
        name, address = parseaddr(re.sub(r"\r\n(?=[ \t])", "", parsed[field]))
        assert (_decoded(name), address) == (in_one_line(mailbox.name), mailbox.address)
    texts = [part.get_payload(decode=True).decode() for part in parsed.get_payload()]
    meant = [in_lines(mail.text), in_lines(mail.page)]
    assert [text.replace("\r\n", "\n") for text in texts] == meant

    if max(len(mail.subject), len(mail.to.name), len(mail.sender.name)) <= LONGEST_FOR_SLOW_READER:
        modern = BytesHeaderParser(policy=default).parsebytes(head + b"\r\n\r\n")
        assert modern.keys() == FIELDS
        assert str(modern["Subject"]) == in_one_line(mail.subject)
        for field, mailbox in (("From", mail.sender), ("To", mail.to)):
            (address,) = modern[field].addresses
            # this reader takes quotes from dots, and shows the white space between two words of a
            # name, which is nobody's
            assert address.addr_spec == mailbox.address.replace('"', "")
            name = in_one_line(mailbox.name)
            assert address.display_name.replace(" ", "") == name.replace(" ", "")


def _decoded(value: str) -> str:
    return str(make_header(decode_header(re.sub(r"\r\n(?=[ \t])", "", value))))


def survive(number: int, seed: int) -> int:
    """Compose and check so many mails; return how many were."""
    done = 0
    for mail in mails(number, seed):
        check(mail, compose(mail))
        done += 1
    return done


if __name__ == "__main__":
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"{survive(int(sys.argv[1]), int(sys.argv[2]))} mails under Python {version}")
