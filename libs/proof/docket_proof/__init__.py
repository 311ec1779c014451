"""How one can tell that nobody touched the log: its chain, the tree over it, signed checkpoints.

This room is pure and knows neither what an event says nor where it is kept: bytes go in, what is
wrong with them comes out. Whoever signs keeps the key; whoever checks needs its public half.
"""
