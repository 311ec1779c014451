"""Private PostgreSQL, RabbitMQ and mail servers of a checkout, for `make run` and the tests."""
