"""The folders of one checkout: the project itself and its `.local/` folder."""

from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder that holds the private servers, keys, mails and logs of one running system."""

    folder: Path

    @property
    def postgres(self) -> Path:
        """Return the folder of the private PostgreSQL cluster."""
        return self.folder / "postgres"

    @property
    def rabbitmq(self) -> Path:
        """Return the folder of the private RabbitMQ node."""
        return self.folder / "rabbitmq"

    @property
    def broker_files(self) -> Path:
        """Return the folder into which RabbitMQ is unpacked if none is installed."""
        return self.folder / "rabbitmq-files"

    @property
    def keys(self) -> Path:
        """Return the folder of the development keys."""
        return self.folder / "keys"

    @property
    def checkpoints(self) -> Path:
        """Return the file that keeps the log's signed checkpoints outside the database."""
        return self.folder / "checkpoints.jsonl"

    @property
    def files(self) -> Path:
        """Return the folder of the tickets' files."""
        return self.folder / "files"

    @property
    def mails(self) -> Path:
        """Return the folder of the mail sink's mails."""
        return self.folder / "mails"

    @property
    def addresses(self) -> Path:
        """Return the file that keeps the addresses of the running system."""
        return self.folder / "addresses.json"

    @property
    def imported(self) -> Path:
        """Return the file that names what has been imported."""
        return self.folder / "imported"

    def log(self, name: str) -> Path:
        """Return the log of a process."""
        return self.folder / "logs" / f"{name}.log"

    def pid_file(self, name: str) -> Path:
        """Return the pid file of a process."""
        return self.folder / "run" / f"{name}.pid"


def workspace(folder: Path | None = None) -> Workspace:
    """Return the workspace in a folder, by default that of this checkout."""
    return Workspace((folder or PROJECT / ".local").resolve())
