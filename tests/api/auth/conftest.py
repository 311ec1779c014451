"""Who looks at what others may not."""

import pytest


@pytest.fixture
def ada(as_):
    return as_("auditor", "ada")


@pytest.fixture
def pia(as_):
    return as_("privacy_officer", "pia")
