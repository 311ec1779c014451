"""The export of spans over OTLP, by the SDK of OpenTelemetry: imported where it is switched on."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision

from docket_runtime.release import release

MOST_LINKS = 1000
"""As many as events are published together."""

_HALF = (1 << 64) - 1


class EventIds(RandomIdGenerator):
    """Makes the ids of spans: random ones, but for a block those of an event or of a request."""

    def __init__(self) -> None:
        self._trace = 0
        self._span = 0

    def generate_trace_id(self) -> int:
        """Return the id of a new trace."""
        return self._trace or super().generate_trace_id()

    def generate_span_id(self) -> int:
        """Return the id of a new span."""
        return self._span or super().generate_span_id()

    @contextmanager
    def trace(self, trace_id: int) -> Iterator[None]:
        """Let a trace that begins in a block, which must not wait, have this id."""
        self._trace = trace_id
        try:
            yield
        finally:
            self._trace = 0

    @contextmanager
    def span(self, event_id: int) -> Iterator[None]:
        """Let a span that begins in a block, which must not wait, be that of an event."""
        self._span = event_id & _HALF
        try:
            yield
        finally:
            self._span = 0


class Exported:
    """A tracer whose spans are exported in the background, as the environment says where."""

    def __init__(self, service: str) -> None:
        self.ids = EventIds()
        named = {"service.name": service, "service.version": release()}
        self._provider = TracerProvider(
            id_generator=self.ids,
            resource=Resource.create(named),
            span_limits=SpanLimits(max_links=MOST_LINKS),
        )
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self.tracer = self._provider.get_tracer("docket")

    def samples(self, trace_id: int) -> bool:
        """Return whether the sampler records a trace of which one knows nothing but its id."""
        drawn = self._provider.sampler.should_sample(None, trace_id, "")
        return drawn.decision is Decision.RECORD_AND_SAMPLE

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()
