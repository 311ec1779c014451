"""Logging: one JSON object a line, in UTC, with nothing in it that a reader obeys.

One line a request, message or sweep that did something. Ids, counts and durations only: never a
name, an address or a text of a person. A traceback has the lines of the code and no values of its
variables, which may be secrets: what structlog does of itself shows them.
"""

import logging
import sys

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

from docket_events.characters import inert_json

_QUIET = ("aio_pika", "aiormq", "asyncio", "alembic", "uvicorn.access", "mail.log")


def configure_unnamed() -> None:
    """Send the log lines of a process that is no service to stderr, its answers are on stdout.

    Does nothing where logging is configured already.
    """
    if structlog.is_configured():
        return
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_text),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def configure(service: str) -> None:
    """Send every log line of this process, also those of libraries, to stdout as JSON."""

    def name_service(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
        line["service"] = service
        return line

    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        name_service,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_line)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.BytesLoggerFactory(),  # the standard library costs 0.1 ms a line
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_text),
            ],
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _line(said: EventDict, **how: object) -> bytes:
    return _text(said, **how).encode()


def _text(said: EventDict, **_: object) -> str:
    return inert_json(msgspec.json.encode(said, enc_hook=str).decode())
