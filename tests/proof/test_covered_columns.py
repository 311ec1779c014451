"""docs/proof.md names every column of every table, and what covers it."""

from covered_columns import covered

from docket_runtime.schema.all_tables import metadata


def test_the_page_names_every_column_of_every_table() -> None:
    schema = {
        table.name: {column.name for column in table.columns} for table in metadata.sorted_tables
    }

    assert {table: set(columns) for table, columns in covered().items()} == schema
