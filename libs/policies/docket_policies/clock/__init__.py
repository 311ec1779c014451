"""The response clock: how much of the time that the terms give has been used."""
