"""ticket-api: commands and questions over HTTP.

request -> principal -> history -> fold -> decide -> append -> answer
"""
