"""The log held against its own proof: signed as it grows, verified again and again."""
