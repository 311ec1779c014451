"""The settings of files that are sent with messages, and of other data that is read from a path."""

from pydantic import Field
from pydantic_settings import BaseSettings

from docket_runtime.setting_groups.facts import COMMANDS, TICKET_API, read_by


class FileSettings(BaseSettings):
    """Files."""

    files_url: str = Field(
        default="file:///var/lib/docket/files",
        description="where files lie: file://, s3://, gs:// or az:// (decision 0012)",
        json_schema_extra=read_by(TICKET_API, COMMANDS, example="file:///var/lib/docket/files"),
    )
    file_max_bytes: int = Field(
        default=1024**3,
        ge=1,
        description="bytes of one file",
        json_schema_extra=read_by(TICKET_API),
    )
    file_types: str = Field(
        default="text/plain, text/csv, text/x-log, application/json, application/x-ndjson, "
        "application/xml, application/yaml, application/sql, application/pdf, application/zip, "
        "application/gzip, application/zstd, application/x-bzip2, application/x-xz, "
        "application/x-tar, application/x-7z-compressed, application/vnd.tcpdump.pcap, "
        "application/vnd.sqlite3, application/octet-stream, image/png, image/jpeg, image/gif, "
        "image/webp",
        description="the media types that are taken, with commas between them",
        json_schema_extra=read_by(TICKET_API),
    )
    files_per_ticket: int = Field(
        default=200,
        ge=1,
        description="files of one ticket",
        json_schema_extra=read_by(TICKET_API),
    )
    upload_idle_hours: int = Field(
        default=24,
        ge=1,
        description="hours after which a file that no message sends is forgotten",
        json_schema_extra=read_by(TICKET_API),
    )
    releases: str | None = Field(
        default=None,
        description="path of the releases by product, in JSON: by them versions are judged (C-69)",
        json_schema_extra=read_by(TICKET_API),
    )
