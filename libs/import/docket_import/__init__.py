"""Importing tickets from another system's log; the counterpart of the export."""
