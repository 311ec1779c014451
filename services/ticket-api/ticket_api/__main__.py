"""Run ticket-api: `python -m ticket_api`, configured by DOCKET_* variables."""

if __name__ == "__main__":  # imports too: the processes of the long questions read this module
    from docket_runtime.process.serve import serve
    from ticket_api.app import build

    serve("ticket-api", build, "ticket_api_port")
