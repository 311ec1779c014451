"""Questions over the whole log: what other terms would have made of it, and what comes due."""
