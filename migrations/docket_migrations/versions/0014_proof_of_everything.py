"""Access events as a chain, their reasons beside it; what a verifier asks of contents and files."""

from docket_migrations.sql_files import run, run_as_owner

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Chain the accesses of before and those to come, and tell more of what lies beside the log."""
    run(revision, "access_verifiers")
    run_as_owner(
        revision,
        "access_chain",
        "append_access",
        "erasing_index",
        "erase_access_reasons",
        "content_digests",
        "file_digests",
        "stray_contents",
    )
