"""Proof that nobody changed the log: signed checkpoints and their verification."""
