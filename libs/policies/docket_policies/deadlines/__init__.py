"""Deadlines and the timers that fire when they pass."""
