"""What every process needs: serving, logging, probes and health."""
