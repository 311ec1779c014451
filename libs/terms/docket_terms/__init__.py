"""Anyone's written support terms as data: the format, what is wrong with it, and what it means."""
