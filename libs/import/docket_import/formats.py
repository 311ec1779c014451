"""Which reader reads a file."""

from pathlib import Path

from docket_import.csv_rows import CsvRows
from docket_import.fault import bad_file
from docket_import.files import format_of
from docket_import.json_lines import RIGHT, JsonLines
from docket_import.mapping_file import read_mapping
from docket_import.reading import Reader
from docket_import.xes_traces import XesTraces


def reader_for(path: Path, mapping: Path | None) -> Reader:
    """Return the reader of a file by what is in it; raise BadLine where a mapping lacks, OSError.

    CSV and XES need a mapping that says what their columns mean.
    """
    format_ = format_of(path)
    if format_ == "jsonl":
        if mapping is not None:
            raise bad_file("the file", "is no CSV and no XES: a mapping is for these", RIGHT)
        return JsonLines()
    if mapping is None:
        right = f"--mapping with a file that says what its columns mean, or lines of {RIGHT}"
        raise bad_file("the file", f"looks like {format_.upper()}", right)
    translation, rules = read_mapping(mapping, format_)
    return CsvRows(translation, rules) if format_ == "csv" else XesTraces(translation)
