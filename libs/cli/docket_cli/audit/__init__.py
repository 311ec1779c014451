"""Commands that ask ticket-api about the past of tickets."""
