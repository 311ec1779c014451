"""The runtime: everything with side effects, shared by the services and the command line."""

from docket_runtime.process.logs import configure_unnamed

configure_unnamed()  # before any module can log; a service then configures its own
