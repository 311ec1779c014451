"""The rules of the commands, one module a thing that they are about."""
