"""Files through the house: large ones in little memory, killed and down in between, erased at last.

The file of the first journey is larger than all that its process may grow by.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from house import Caller, House, eventually

MIB = 1024 * 1024
PATTERN = bytes(range(256)) * 4096  # 1 MiB
PARTIAL = "application/offset+octet-stream"
PATIENCE_S = 60


def content(mib: int) -> Iterator[bytes]:
    """Yield so many MiB, each of them another."""
    for n in range(mib):
        yield n.to_bytes(8) + PATTERN[8:]


def digest(mib: int) -> str:
    made = sha256()
    for piece in content(mib):
        made.update(piece)
    return made.hexdigest()


def headers(caller: Caller, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {caller.token}", **more}


def going_on(offset: int) -> dict[str, str]:
    return {"Upload-Offset": str(offset), "Content-Type": PARTIAL}


def announce(caller: Caller, ticket: str, mib: int) -> str:
    said = {
        "name": "dump.bin",
        "media_type": "application/octet-stream",
        "size": mib * MIB,
        "sha256": digest(mib),
    }
    answer = caller.post(f"/v1/tickets/{ticket}/attachments", **said)
    assert answer.status_code == 201, answer.text
    return caller.url + answer.headers["location"]


def offset(caller: Caller, place: str) -> int:
    answer = httpx.head(place, headers=headers(caller), timeout=PATIENCE_S)
    assert answer.status_code == 204
    return int(answer.headers["upload-offset"])


def fetched(caller: Caller, place: str) -> str:
    made = sha256()
    with httpx.stream("GET", place, headers=headers(caller), timeout=PATIENCE_S) as answer:
        assert answer.status_code == 200
        for piece in answer.iter_bytes():
            made.update(piece)
    return made.hexdigest()


def created(caller: Caller, **more: Any) -> str:
    answer = caller.post("/v1/tickets", product="VMmanager 6", **more)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def carried_in_flat_memory(house: House, mib: int, may_grow_mib: int) -> None:
    house.start("ticket-api")
    ann = house.caller("customer", "ann", "acme")
    process = psutil.Process(house.pid("ticket-api"))
    warm = announce(ann, created(ann), 8)
    httpx.put(warm, content=content(8), headers=headers(ann), timeout=PATIENCE_S)
    before = process.memory_info().rss
    place = announce(ann, created(ann), mib)
    highest = before

    def watched() -> Iterator[bytes]:
        nonlocal highest
        for piece in content(mib):
            highest = max(highest, process.memory_info().rss)
            yield piece

    sent = httpx.put(place, content=watched(), headers=headers(ann), timeout=PATIENCE_S)
    assert sent.status_code == 204, sent.text
    with httpx.stream("GET", place, headers=headers(ann), timeout=PATIENCE_S) as answer:
        made = sha256()
        for piece in answer.iter_bytes():
            highest = max(highest, process.memory_info().rss)
            made.update(piece)
    assert made.hexdigest() == digest(mib)
    assert (highest - before) / MIB < may_grow_mib


def test_a_large_file_is_carried_in_little_memory(house) -> None:
    carried_in_flat_memory(house, 96, may_grow_mib=48)


@pytest.mark.full
def test_a_file_near_the_limit_is_carried_in_the_same_memory(house) -> None:
    carried_in_flat_memory(house, 1024, may_grow_mib=48)


def test_an_upload_survives_kill_9_and_a_restart(house) -> None:
    house.start("ticket-api")
    ann = house.caller("customer", "ann", "acme")
    mib = 24
    place = announce(ann, created(ann), mib)

    def killed_on_the_way() -> Iterator[bytes]:
        for n, piece in enumerate(content(mib)):
            if n == 17:
                house.kill("ticket-api")
            yield piece

    with pytest.raises(httpx.TransportError):
        httpx.patch(
            place,
            content=killed_on_the_way(),
            headers=headers(ann, **going_on(0)),
            timeout=PATIENCE_S,
        )
    house.start("ticket-api")

    counted = offset(ann, place)
    assert 8 * MIB <= counted <= 17 * MIB
    rest = b"".join(content(mib))[counted:]
    said = headers(ann, **going_on(counted))
    assert httpx.patch(place, content=rest, headers=said, timeout=PATIENCE_S).status_code == 204
    assert fetched(ann, place) == digest(mib)


def test_while_the_database_is_down_files_are_503_and_nothing_is_lost(own_house) -> None:
    own_house.start("ticket-api")
    ann = own_house.caller("customer", "ann", "acme")
    ticket = created(ann)
    place = announce(ann, ticket, 2)
    half = b"".join(content(1))
    said = headers(ann, **going_on(0))
    assert httpx.patch(place, content=half, headers=said, timeout=PATIENCE_S).status_code == 204
    own_house.database.stop()

    said = headers(ann, **going_on(MIB))
    for answer in (
        ann.post(f"/v1/tickets/{ticket}/attachments", name="a", media_type="text/plain", size=1),
        httpx.patch(place, content=half, headers=said, timeout=PATIENCE_S),
        httpx.put(place, content=half, headers=headers(ann), timeout=PATIENCE_S),
        httpx.get(place, headers=headers(ann), timeout=PATIENCE_S),
    ):
        assert answer.status_code == 503, answer.text
        assert answer.headers["retry-after"]
    own_house.database.start()

    assert eventually(lambda: _reached(ann, place), "the offset again") == MIB
    rest = list(content(2))[1]
    assert httpx.patch(place, content=rest, headers=said, timeout=PATIENCE_S).status_code == 204
    assert fetched(ann, place) == digest(2)


def _reached(caller: Caller, place: str) -> int | None:
    answer = httpx.head(place, headers=headers(caller), timeout=PATIENCE_S)
    return int(answer.headers["upload-offset"]) if answer.status_code == 204 else None


def test_I_3_9_1_b_what_was_sent_for_a_ticket_goes_when_it_is_closed(house) -> None:
    house.at("2026-06-10T09:00:00Z")
    ann, max_ = house.caller("customer", "ann", "acme"), house.caller("agent", "max")
    ticket = created(
        ann,
        edition="Infrastructure",
        service_level="Standard",
        priority="High",
        contact={"email": "ann@acme.example"},
    )
    max_.tell(ticket, "request-information", items="The dump.")
    place = announce(ann, ticket, 1)
    ann.tell(ticket, "provide-information", request="q1", attachments=[place.rpartition("/")[2]])
    httpx.put(place, content=content(1), headers=headers(ann), timeout=PATIENCE_S)
    by_ann = [each["type"] for each in max_.history(ticket) if each["actor"]["id"] == "ann"]
    assert by_ann[-1] == "UploadCompleted"  # notifier's news may come before it or after
    assert len(files_in(house.folder / "files")) == 1

    max_.tell(ticket, "close", reason="resolved")

    erased = max_.sees(ticket, "AttachmentErased")
    assert (erased["data"]["why"], erased["data"]["clause"]) == ("resolved", "I-3.9.1-b")
    assert erased["data"]["content_ids"] == [place.rpartition("/")[2]]
    eventually(lambda: not files_in(house.folder / "files"), "the bytes are gone")
    assert httpx.get(place, headers=headers(ann), timeout=PATIENCE_S).status_code == 404


def test_I_3_9_1_c_what_serves_a_planned_correction_stays_until_its_update_is_out(house) -> None:
    house.at("2026-06-10T09:00:00Z")
    ann, max_ = house.caller("customer", "ann", "acme"), house.caller("agent", "max")
    petra = house.caller("product_team", "petra")
    about = {"edition": "Infrastructure", "service_level": "Standard", "priority": "High"}
    ticket, control = created(ann, **about), created(ann, **about)
    places = [announce(ann, each, 1) for each in (ticket, control)]
    for each, place in zip((ticket, control), places, strict=True):
        httpx.put(place, content=content(1), headers=headers(ann), timeout=PATIENCE_S)
        ann.tell(each, "comment", text="The dump.", attachments=[place.rpartition("/")[2]])
    max_.tell(ticket, "link-defect", plan_reference="VM-4711")
    for each in (ticket, control):
        max_.tell(each, "reject", reason="out_of_scope")

    assert max_.sees(control, "AttachmentErased")["data"]["clause"] == "I-3.9.1-b"
    assert fetched(ann, places[0]) == digest(1)
    assert "AttachmentErased" not in [each["type"] for each in max_.history(ticket)]

    house.at("2026-09-01T09:00:00Z")
    answer = petra.post("/v1/defects/VM-4711/released", version="2026.09")
    assert (answer.status_code, answer.json()["tickets"]) == (200, 1), answer.text

    erased = max_.sees(ticket, "AttachmentErased")
    assert (erased["data"]["clause"], erased["at"]) == ("I-3.9.1-c", "2026-09-01T09:00:00Z")
    assert erased["data"]["content_ids"] == [places[0].rpartition("/")[2]]
    eventually(lambda: not files_in(house.folder / "files"), "the bytes are gone")
