"""The shell: all that touches the world, shared by the three services and the command line."""
