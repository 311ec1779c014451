"""How to prove that nobody changed the log: its chain, the tree over it, signed checkpoints.

This package is pure and knows neither what an event means nor where it is stored: bytes go in,
faults come out. Signing needs the private key, checking the public one.
"""
