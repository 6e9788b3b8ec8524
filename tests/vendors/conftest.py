"""A simulated month of generic exports, once per session."""

from datetime import date

import pytest

from ingestion.simulator import simulate
from tests.vendors.parity import Month

END = date(2026, 3, 2)


@pytest.fixture(scope="session")
def month(tmp_path_factory) -> Month:
    """28 days of a small contact centre as the `generic` streams tell them, up to the midnight at which END begins."""
    landing = tmp_path_factory.mktemp("month")
    simulate(landing, days=28, contacts_per_day=40, seed=11, end=END)
    return Month.read(landing / "generic")
