"""The schema's migrations: `versions` in order, their frozen SQL, `functions` as they are now."""
