"""The runtime: everything with side effects, shared by the services and the command line."""
