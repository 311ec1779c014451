"""The span of handling messages, with links to the events that they are about."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager

from aio_pika.abc import AbstractIncomingMessage
from opentelemetry.trace import Span, SpanContext, SpanKind

from docket_runtime import tracing
from docket_runtime.bus.broker import NOTIFIER_QUEUE

NAME = f"process {NOTIFIER_QUEUE}"
VALUES = {
    "messaging.system": "rabbitmq",
    "messaging.operation.type": "process",
    "messaging.destination.name": NOTIFIER_QUEUE,
}


def handling(messages: Sequence[AbstractIncomingMessage]) -> AbstractContextManager[Span]:
    """Return the span in which messages are handled together."""
    return tracing.span(NAME, SpanKind.CONSUMER, root=True, links=_causes(messages), values=VALUES)


def _causes(messages: Sequence[AbstractIncomingMessage]) -> Iterator[SpanContext]:
    """Yield the spans of the events that messages are about, where they name one."""
    for message in messages if tracing.is_on() else ():
        named = tracing.read_traceparent(str(message.headers.get("ce-traceparent", "")))
        if named is not None:
            yield named
