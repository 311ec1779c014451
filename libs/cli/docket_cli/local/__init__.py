"""The private servers and processes of one checkout: everything under its `.local/` folder."""
