"""What one ticket hands on to another: its clock, as it is written and as it is adopted."""
