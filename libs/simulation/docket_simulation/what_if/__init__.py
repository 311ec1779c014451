"""Real histories under other terms, and what comes due if nothing happens."""
