"""The rules of the commands, one module for each subject."""
