"""Local receivers as fixtures."""

import pytest

from tests.alerts.receivers import web


@pytest.fixture
def receiver():
    with web() as found:
        yield found
