"""The storage format: canonical bytes out, the same event in, whatever its fields hold."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from docket_events import codec
from docket_events.codec import (
    EVENT_TYPES,
    UnknownEventType,
    cloud_type,
    decode,
    encode,
    from_data,
    kebab,
    routing_key,
    schema_version_of,
    to_data,
    type_of,
)
from docket_events.combining import OpenRequest, TicketsMerged
from docket_events.opening import AgreedTarget, Classification, Rank, Support
from docket_events.recorded import Event
from docket_events.ticket import (
    ContentRef,
    InformationProvided,
    PriorityChanged,
    RequestKind,
    TicketSuspended,
)
from docket_events.written import InlineText

texts = st.text()
instants = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis takes its bounds without a zone
    max_value=datetime(9999, 12, 31),  # noqa: DTZ001 - hypothesis takes its bounds without a zone
    timezones=st.just(UTC),
)
references = st.builds(ContentRef, id=st.uuids(), digest=texts)
values: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    bool: st.booleans(),
    int: st.integers(-(2**53) + 1, 2**53 - 1),  # what JSON can say exactly
    datetime: instants,
    date: st.dates(),
    UUID: st.uuids(),
    ContentRef: references,
    AgreedTarget: st.builds(
        AgreedTarget,
        hours=st.one_of(st.integers(1, 1_000), st.integers(0, 1_000).map(lambda n: n + 0.5)),
        calendar=st.none() | texts,
        team_hours=st.none() | st.booleans(),
    ),
    Support: st.builds(
        Support, supported=st.booleans() | st.just("unknown"), clause=texts, why=texts
    ),
    Classification: st.builds(
        Classification,
        rank=st.sampled_from(get_args(Rank)),
        clause=texts,
        mark_ignored=st.booleans(),
    ),
    OpenRequest: st.builds(
        OpenRequest,
        request=texts,
        requested_at=instants,
        kind=st.sampled_from(get_args(RequestKind)),
        deadline=st.none() | instants,
        items=st.none() | references,
    ),
    NoneType: st.none(),
}


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    if get_origin(hint) in (Union, UnionType):  # `Literal | None` is still the old Union
        written_now = [part for part in get_args(hint) if part is not InlineText]
        return st.one_of([values_of(part) for part in written_now])
    if get_origin(hint) is tuple:
        return st.lists(values_of(get_args(hint)[0]), max_size=3).map(tuple)
    if get_origin(hint) is Mapping:
        key, value = (values_of(part) for part in get_args(hint))
        return st.dictionaries(key, value, min_size=1, max_size=3)
    return values[hint] if hint in values else events_of(hint)


def events_of(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Draw an event, or an object that stands in one, field by field."""
    return st.builds(kind, **{name: values_of(h) for name, h in get_type_hints(kind).items()})


def events() -> st.SearchStrategy[Event]:
    return st.one_of([events_of(kind) for kind in EVENT_TYPES.values()])


@pytest.mark.parametrize("type_name", EVENT_TYPES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_an_event_survives_the_log_and_is_stored_as_canonical_json(
    type_name: str, data: st.DataObject
) -> None:
    event: Event = data.draw(events_of(EVENT_TYPES[type_name]))

    stored = encode(event)

    assert decode(type_of(event), schema_version_of(event), stored) == event
    assert stored == rfc8785.dumps(msgspec.to_builtins(to_data(event)))


@settings(max_examples=200, deadline=None)
@given(event=events())
def test_data_and_event_say_the_same(event: Event) -> None:
    assert from_data(type_of(event), msgspec.to_builtins(to_data(event))) == event


@settings(max_examples=100, deadline=None)
@given(event=events(), surprise=st.text().map("x{}".format))
def test_a_reader_ignores_a_field_it_does_not_know(event: Event, surprise: str) -> None:
    told: dict[str, Any] = msgspec.json.decode(encode(event))

    stored = msgspec.json.encode(told | {surprise: [1, {"a": None}]})
    assert decode(type_of(event), schema_version_of(event), stored) == event


def test_what_is_absent_is_left_out_of_the_stored_bytes() -> None:
    assert encode(InformationProvided("q1")) == b'{"request":"q1"}'
    assert encode(PriorityChanged("High", criteria=())) == b'{"to":"High"}'


def test_what_is_absent_within_a_value_is_left_out_too() -> None:
    asked = OpenRequest("q1", datetime(2026, 6, 8, 9, tzinfo=UTC))
    created = datetime(2026, 6, 8, tzinfo=UTC)
    assert encode(TicketsMerged((created,), "High", open_requests=("q2", asked))) == (
        b'{"created_at":["2026-06-08T00:00:00Z"],"open_requests":["q2",{"kind":"information",'
        b'"request":"q1","requested_at":"2026-06-08T09:00:00Z"}],"priority":"High"}'
    )


def test_the_field_from_is_called_from_on_the_wire() -> None:
    assert encode(PriorityChanged("High", from_="Low")) == b'{"from":"Low","to":"High"}'


def test_content_is_a_reference_and_nothing_else() -> None:
    reference = ContentRef(UUID(int=1), "ab" * 32)
    assert encode(InformationProvided("q1", content=reference)) == (
        b'{"content":{"digest":"' + b"ab" * 32 + b'","id":"00000000-0000-0000-0000-000000000001"},'
        b'"request":"q1"}'
    )


def test_an_unknown_type_is_refused_by_name() -> None:
    with pytest.raises(UnknownEventType, match="TicketTeleported"):
        decode("TicketTeleported", 1, b"{}")


@pytest.mark.parametrize(
    ("type_name", "version", "known"),
    [
        ("TicketSuspended", 2, 1),
        ("TicketSuspended", 99, 1),
        ("PriorityChanged", 3, 2),
        ("PriorityChanged", 99, 2),
    ],
)
def test_a_schema_version_of_the_future_is_refused(
    type_name: str, version: int, known: int
) -> None:
    """Also the very next one, of a type that has never changed."""
    with pytest.raises(UnknownEventType, match=f"has schema version {version}, we know {known}"):
        decode(type_name, version, b'{"by":"ann","to":"High"}')


@pytest.mark.parametrize("version", [-999, -1, 0])
@pytest.mark.parametrize("type_name", ["ResponseSent", "TicketCreated", "UserReplied"])
def test_a_version_that_never_was_is_unknown_too(type_name: str, version: int) -> None:
    with pytest.raises(UnknownEventType, match=f"has schema version {version}, we know"):
        decode(type_name, version, b"{}")
    with pytest.raises(UnknownEventType, match=f"has schema version {version}, we know"):
        from_data(type_name, {}, version)


@pytest.mark.parametrize(
    ("type_name", "body"),
    [
        ("TicketSuspended", b"{}"),
        ("TicketSuspended", b'{"by":7}'),
        ("TicketSuspended", b'{"by":'),
        ("PriorityChanged", b"{}"),
        ("PriorityChanged", b'{"to":"Urgent"}'),
        ("PriorityChanged", b"[]"),
        ("ResponseOverdue", b'{"clause":"R-6.7-LOW","due_at":"yesterday","turn":1}'),
    ],
)
def test_a_stored_body_that_is_no_such_event_is_a_value_error(type_name: str, body: bytes) -> None:
    with pytest.raises(ValueError):
        decode(type_name, 1, body)


class TestAShapeThatChanged:
    """TicketSuspended as it might be one day: at version 3, `by` was `who`, and before `name`."""

    @pytest.fixture(autouse=True)
    def _at_version_3(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(codec.SCHEMA_VERSION, "TicketSuspended", 3)  # type: ignore[arg-type]
        for version, was, becomes in ((1, "name", "who"), (2, "who", "by")):
            monkeypatch.setitem(
                codec.UPCASTERS,  # type: ignore[arg-type]
                ("TicketSuspended", version),
                lambda data, was=was, becomes=becomes: {becomes: data[was]},
            )

    @pytest.mark.parametrize(
        ("version", "body"), [(1, b'{"name":"ann"}'), (2, b'{"who":"ann"}'), (3, b'{"by":"ann"}')]
    )
    def test_every_version_ever_written_is_read(self, version: int, body: bytes) -> None:
        assert decode("TicketSuspended", version, body) == TicketSuspended("ann")

    def test_the_version_after_the_current_one_is_refused(self) -> None:
        with pytest.raises(UnknownEventType, match="has schema version 4, we know 3"):
            decode("TicketSuspended", 4, b'{"by":"ann"}')

    def test_data_without_a_version_is_of_the_current_one(self) -> None:
        assert from_data("TicketSuspended", {"by": "ann"}) == TicketSuspended("ann")

    def test_it_is_written_at_the_current_version(self) -> None:
        assert schema_version_of(TicketSuspended("ann")) == 3
        assert schema_version_of(InformationProvided("q1")) == 1


def test_a_type_is_called_on_the_bus_by_its_version_too() -> None:
    assert cloud_type("TicketSuspended", 2) == "docket.ticket.ticket-suspended.v2"


def test_the_routing_key_is_the_type_in_kebab_case() -> None:
    assert routing_key("TicketRegisteredInClientArea") == "ticket.ticket-registered-in-client-area"
    assert kebab("ClosureBecameFinal") == "closure-became-final"
