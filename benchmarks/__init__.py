"""What the system does in a second, beside the floor it stands on, measured in the same run.

One module a subject, each with `run(servers, effort) -> Subject`; `__main__` runs them on private
servers, prints the table and keeps the figures. docs/benchmarks.md explains each row.
"""
