"""The past of a ticket: what was true, what was known of it then, and why.

Two axes: when something happened, and when it was recorded. This package is pure; a whole history
goes in, and every answer names the events on which it rests.
"""
