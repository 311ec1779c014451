"""The auditor's commands: each asks ticket-api and prints what it says (decision 0014)."""
