"""The pages of documentation that are made from code and data, each by a module of its name."""
