"""`docket terms`: writing support terms as data, trying them, and reading what they say."""
