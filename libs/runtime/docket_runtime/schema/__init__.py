"""The tables as SQLAlchemy knows them, and the upgrade of a database to the present schema."""
