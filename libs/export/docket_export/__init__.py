"""What leaves the house: the log in the formats that other tools read, and as a bundle of proof."""
