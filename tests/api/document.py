"""The OpenAPI document of this code, made once for all tests that go by it.

Nothing may be changed in it. `APP` is not started: it answers what needs no database.
"""

from docket_runtime.settings import Settings
from ticket_api.app import build

APP = build(Settings(env="test"))
DOCUMENT = APP.openapi()
