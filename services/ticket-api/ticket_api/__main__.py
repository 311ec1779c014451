"""Run ticket-api: `python -m ticket_api`, configured by DOCKET_* variables."""

from docket_runtime.process.serve import serve
from ticket_api.app import build

if __name__ == "__main__":
    serve("ticket-api", build, "ticket_api_port")
