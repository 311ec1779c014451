"""The tables as SQLAlchemy knows them, and how a database is brought to the present schema."""
