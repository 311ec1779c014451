"""Traces: which span an event is, and spans by OpenTelemetry where an endpoint is configured.

An event is a span: its trace is its correlation id, its span the last half of its event id. So the
log needs no column for traces, and whoever reads an event can link to it (decision 0039).

The settings are OpenTelemetry's own (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_TRACES_SAMPLER`, ...).
Without an endpoint there is no SDK, and a span costs a comparison.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import (
    INVALID_SPAN,
    INVALID_SPAN_CONTEXT,
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from docket_runtime.clock import wall_clock

if TYPE_CHECKING:
    from docket_runtime.span_export import Exported

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")

Values = Mapping[str, str | int | float | bool]


_W3C = TraceContextTextMapPropagator()
_exported: "Exported | None" = None


def configure(service: str) -> None:
    """Export spans from now on if the environment names an endpoint, and OTEL_SDK_DISABLED is off.

    The SDK is imported here, so a process that exports nothing does not pay for it.
    """
    global _exported
    wanted = any(os.environ.get(name) for name in ENDPOINTS)
    if _exported is None and wanted and os.environ.get("OTEL_SDK_DISABLED", "").lower() != "true":
        from docket_runtime.span_export import Exported

        _exported = Exported(service)


def close() -> None:
    """Send what has not been sent, and export nothing from now on."""
    global _exported
    if _exported is not None:
        _exported.close()
        _exported = None


def is_on() -> bool:
    """Return whether spans are exported."""
    return _exported is not None


def read_traceparent(traceparent: str, tracestate: str = "") -> SpanContext | None:
    """Return the span that the headers of a caller name, None where they are not well formed."""
    said = {"traceparent": traceparent, **({"tracestate": tracestate} if tracestate else {})}
    named = trace.get_current_span(_W3C.extract(said, Context())).get_span_context()
    return named if named.is_valid else None


def span_of(correlation_id: UUID, event_id: UUID) -> SpanContext:
    """Return the span that an event is; whether its trace is recorded every process finds alike."""
    sampled = _exported is not None and _exported.samples(correlation_id.int)
    flags = TraceFlags(TraceFlags.SAMPLED if sampled else TraceFlags.DEFAULT)
    span_id = event_id.int & (1 << 64) - 1
    return SpanContext(correlation_id.int, span_id, is_remote=True, trace_flags=flags)


def traceparent_of(correlation_id: UUID, event_id: UUID) -> str:
    """Return the header by which others continue from an event."""
    flags = int(span_of(correlation_id, event_id).trace_flags)
    return f"00-{correlation_id.hex}-{event_id.hex[16:]}-{flags:02x}"


@contextmanager
def span(
    name: str,
    kind: SpanKind = SpanKind.INTERNAL,
    *,
    links: Iterable[SpanContext] = (),
    root: bool = False,
    values: Values | None = None,
) -> Iterator[Span]:
    """Let a block be a span under the present one, or in a trace of its own (`root`).

    A fault that leaves the block is named by its type alone: its text may say what people wrote.
    """
    if _exported is None:
        yield INVALID_SPAN
        return
    made = _exported.tracer.start_span(
        name,
        Context() if root else None,
        kind,
        attributes=values,
        links=[Link(each) for each in links],
    )
    with trace.use_span(
        made, end_on_exit=True, record_exception=False, set_status_on_exception=False
    ):
        try:
            yield made
        except Exception as fault:
            failed(made, type(fault).__name__)
            raise


@contextmanager
def request_span(trace_id: str, caller: SpanContext | None) -> Iterator[Span]:
    """Let a block be the span of a request: under the caller's, or the first one of its trace."""
    if _exported is None:
        yield INVALID_SPAN
        return
    around = Context() if caller is None else trace.set_span_in_context(NonRecordingSpan(caller))
    with _exported.ids.trace(int(trace_id, 16)):
        made = _exported.tracer.start_span("HTTP", around, SpanKind.SERVER)
    with trace.use_span(made, end_on_exit=True, record_exception=False):
        yield made


def failed(span: Span, kind: str) -> None:
    """Say that a span failed, by the name of an exception or the code of a problem."""
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR)


def note_events(
    correlation_id: UUID,
    causation_id: UUID | None,
    events: Iterable[tuple[UUID, str]],
    seconds: float = 0.0,
) -> None:
    """Note events that have been appended, by id and type, each as the span that it is.

    `seconds` is how long the append took. A span lies under the present one where that is of the
    same trace, else under the event that caused it, with a link to the present span.
    """
    if _exported is None:
        return
    present = trace.get_current_span().get_span_context()
    above, links = present, list[Link]()
    if present.trace_id != correlation_id.int:
        links = [Link(present)] if present.is_valid else []
        above = span_of(correlation_id, causation_id) if causation_id else INVALID_SPAN_CONTEXT
    around = trace.set_span_in_context(NonRecordingSpan(above), Context())
    began_ns = int((wall_clock().timestamp() - seconds) * 1e9)
    for event_id, type_name in events:
        with _exported.ids.trace(correlation_id.int), _exported.ids.span(event_id.int):
            made = _exported.tracer.start_span(
                type_name,
                around,
                SpanKind.PRODUCER,
                attributes={"docket.event_id": str(event_id)},
                links=links,
                start_time=began_ns,
            )
        made.end()
