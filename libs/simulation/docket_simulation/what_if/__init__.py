"""What other terms would have made of real histories, and what comes due if nothing happens."""
