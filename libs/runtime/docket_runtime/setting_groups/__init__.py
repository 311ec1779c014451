"""The settings by what they are about, each with who reads it, and from where they are read."""
