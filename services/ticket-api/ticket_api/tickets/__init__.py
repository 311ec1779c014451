"""Tickets as they are read: one ticket, its history and clock, and lists of tickets."""
