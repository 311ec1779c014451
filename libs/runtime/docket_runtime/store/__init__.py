"""The log: appending to it, reading histories and following it, each by the shortest way."""
