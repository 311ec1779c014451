"""What changes tickets: the routes of all verbs, their bodies, and the command handler."""
