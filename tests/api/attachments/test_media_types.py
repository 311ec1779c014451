"""What browsers and tools say of a file, and the one name under which it is kept."""

import pytest
from uploading import announce, announcement, listed

from docket_runtime.settings import Settings
from ticket_api.http.downloads import attachment
from ticket_api.http.media_types import CANONICAL, canonical, media_type_of

TAKEN = {each.strip() for each in Settings.model_fields["file_types"].default.split(",")}


@pytest.mark.parametrize(
    ("said", "name", "kept"),
    [
        ("application/x-zip-compressed", "a.zip", "application/zip"),
        ("text/log", "a.log", "text/x-log"),
        ("application/x-gzip", "a.gz", "application/gzip"),
        ("image/jpg", "a.jpg", "image/jpeg"),
        ("TEXT/Plain; charset=UTF-8", "a", "text/plain"),
        ("text/plain ;charset=x", "a", "text/plain"),
        ("", "agent.LOG", "text/x-log"),
        ("", "dump.tar.gz", "application/gzip"),
        ("", "page.html", "application/octet-stream"),
        ("", "core", "application/octet-stream"),
        ("application/vnd.ms-excel", "list.csv", "text/csv"),
        ("application/vnd.ms-excel", "list.xls", "application/vnd.ms-excel"),
        ("text/html", "a.png", "text/html"),
    ],
)
def test_a_media_type_is_kept_under_one_name(said: str, name: str, kept: str) -> None:
    assert media_type_of(said, name) == kept


def test_every_other_name_leads_to_one_that_is_taken() -> None:
    assert set(CANONICAL.values()) <= TAKEN
    assert not set(CANONICAL) & TAKEN
    assert {canonical(each) for each in CANONICAL} <= TAKEN


@pytest.mark.parametrize(
    "said", ["application/x-zip-compressed", "", "Application/ZIP; x=y", "application/zip"]
)
async def test_a_file_is_announced_as_the_browser_says(ann, said):
    ticket = await ann.create(attachments=[announcement(b"PK", name="a.zip", media_type=said)])
    await announce(ann, ticket, b"PK", name="b.zip", media_type=said)

    assert {each["media_type"] for each in await listed(ann, ticket)} == {"application/zip"}


async def test_names_may_have_the_marks_of_their_script(ann):
    ticket = await ann.create()
    for name in ("\u200fדוח שנתי\u200f.log", "گزارش\u200cها.log", "\u061cتقرير.log"):
        await announce(ann, ticket, b"x", name=name)

    assert len(await listed(ann, ticket)) == 3


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("agent.log", "filename*=UTF-8''agent.log; filename=\"agent.log\""),
        ("gpj\u202e.exe", "filename*=UTF-8''gpj.exe; filename=\"gpj.exe\""),
        ('a"\r\nX: y.log', "filename*=UTF-8''a%22X%3A%20y.log; filename=\"a_X: y.log\""),
        ("../../x\\y", "filename*=UTF-8''_.._x_y; filename=\"_.._x_y\""),
        ("\u200fש.log", "filename*=UTF-8''%E2%80%8F%D7%A9.log; filename=\"__.log\""),
        ("\x00\x1b\u2028", "filename*=UTF-8''file; filename=\"file\""),
    ],
)
def test_a_download_has_a_name_that_does_nothing(name: str, header: str) -> None:
    assert attachment(name) == f"attachment; {header}"
