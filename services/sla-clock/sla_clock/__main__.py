"""Run sla-clock: `python -m sla_clock`, configured by DOCKET_* variables."""

from docket_runtime.process.serve import serve
from sla_clock.app import build

if __name__ == "__main__":
    serve("sla-clock", build, "sla_clock_port")
