"""The support terms asked over HTTP: simulations, packs and clauses; no ticket is touched."""
