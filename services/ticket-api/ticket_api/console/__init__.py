"""The web pages for auditors and agents: made on the server, a little script, nothing from outside.

Everything on a page is also an answer of the API; the console reads and never writes.
"""
