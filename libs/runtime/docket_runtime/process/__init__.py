"""Being a process: serving, logging, probes and health."""
