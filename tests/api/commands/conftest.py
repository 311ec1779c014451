"""One ticket-api for all tests of a module: their tickets have nothing to do with each other."""

from collections.abc import Iterator

import pytest
from timed_api import TimedApi, timed_api

from docket_devstack import postgres
from servers import TEMPLATE
from surroundings import Database

pytest.register_assert_rewrite("same_ticket", "same_state")


@pytest.fixture(scope="module")
def api(
    cluster: postgres.Cluster,
    worker_id: str,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[TimedApi]:
    """ticket-api whose present the test puts where it likes."""
    name = f"docket_{worker_id}_{request.module.__name__}"
    cluster.create_database(name, template=TEMPLATE, strategy="file_copy")
    with timed_api(Database(cluster, name), tmp_path_factory.mktemp("keys")) as made:
        yield made
    cluster.drop_database(name)
