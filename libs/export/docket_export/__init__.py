"""The export: the log in formats that other tools read, and as a bundle with its proof."""
