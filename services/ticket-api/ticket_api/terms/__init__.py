"""The terms over HTTP: simulations, packs and clauses; no ticket is read or changed."""
