"""The tables of all modules together, for those who compare them with a database or a page."""

from docket_runtime.schema import command_tables, lease_tables, proof_tables, standing_tables
from docket_runtime.schema.tables import metadata

__all__ = ["command_tables", "lease_tables", "metadata", "proof_tables", "standing_tables"]
