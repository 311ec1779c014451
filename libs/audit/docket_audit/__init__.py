"""The log asked about the past: what was true of a ticket, what was known of it then, and why.

Two axes: when something happened, and when it was written down. This room is pure; a history goes
in whole, and every answer names the events it rests on.
"""
