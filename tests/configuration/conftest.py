"""A home whose `config/` holds one replacing file, and a small KPI catalogue; the shipped files stand aside."""

from pathlib import Path

import pytest

from ingestion import configuration
from ingestion.configuration import FILE_NAMES, load_configuration
from ingestion.configuration.tables import TABLES
from ingestion.settings import load_settings

CATALOGUE = {
    "reply_rate": {"mart": "mart_response", "unit": "ratio", "dimensions": ["channel", "channel_group", "team"]},
    "handle_time": {"mart": "mart_call", "unit": "seconds", "dimensions": []},
}


@pytest.fixture
def header():
    """The header line of a CSV file, by table."""
    return {name: ",".join(column.name for column in columns) for name, columns in TABLES.items()}


@pytest.fixture
def load(tmp_path: Path, monkeypatch, header):
    """load(file name, text) → Configuration, with every other file shipped without a row."""
    shipped = tmp_path / "checkout" / "shipped"
    shipped.mkdir(parents=True)
    for name in FILE_NAMES:
        (shipped / name).write_text(header.get(name.removesuffix(".csv"), "") + "\n")
    monkeypatch.setattr(configuration, "SHIPPED_CONFIG", shipped)

    def _load(name: str | None = None, text: str | bytes = ""):
        settings = load_settings(tmp_path / "home", env={})
        settings.config.mkdir(parents=True, exist_ok=True)
        if name is not None:
            content = text if isinstance(text, bytes) else text.encode()
            (settings.config / name).write_bytes(content)
        return load_configuration(settings, CATALOGUE)

    return _load
