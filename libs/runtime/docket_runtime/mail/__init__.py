"""Mail: addresses, messages whose headers nobody can write by typing, and the server they go to.

`text`, `encoded_words` and `message` need the standard library alone, so that every supported
Python can be asked whether they hold (decision 0034).
"""
