"""Opening a ticket: who may, under which terms, whether they serve it, how urgent it is."""
