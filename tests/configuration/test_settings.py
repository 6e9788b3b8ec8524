"""Places, instants and the key: precedence, defaults, modes, and what is refused."""

import dataclasses
import os
import re
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion import settings as settings_module
from ingestion.errors import ConfigError
from ingestion.settings import CHECKOUT, load_settings, parse_instant

KEY = "k" * 32


@pytest.fixture(autouse=True)
def checkout(tmp_path, monkeypatch):
    """An empty checkout, so that a developer's own .env plays no part."""
    monkeypatch.setattr(settings_module, "CHECKOUT", tmp_path / "checkout")
    (tmp_path / "checkout").mkdir()
    return tmp_path / "checkout"


def test_defaults(checkout):
    settings = load_settings(env={})
    assert settings.home == checkout / "var"
    assert settings.landing == checkout / "var" / "landing"
    assert settings.as_of is None
    assert not settings.home.exists(), "reading settings makes nothing"


def test_flag_beats_environment_beats_dotenv(checkout, tmp_path):
    (checkout / ".env").write_text("SUPPORT_KPIS_HOME=data\nSUPPORT_KPIS_AS_OF=2026-01-01T00:00:00Z\n")
    assert load_settings(env={}).home == checkout / "data"
    env = {"SUPPORT_KPIS_HOME": str(tmp_path / "env"), "SUPPORT_KPIS_AS_OF": "2026-02-01T00:00:00Z"}
    assert load_settings(env=env).home == tmp_path / "env"
    flagged = load_settings(tmp_path / "flag", as_of="2026-03-01T01:00:00+01:00", env=env)
    assert (flagged.home, flagged.as_of) == (tmp_path / "flag", datetime(2026, 3, 1, tzinfo=UTC))


def test_dotenv_is_read_literally_and_leaves_the_environment_alone(checkout):
    key = "$HOME and other text of more than 32 characters"
    (checkout / ".env").write_text(f"SUPPORT_KPIS_PII_KEY='{key}'\n")
    before = dict(os.environ)
    assert load_settings(env={}).pii_key == key
    assert dict(os.environ) == before


def test_blank_counts_as_not_set(checkout):
    env = dict.fromkeys(("SUPPORT_KPIS_HOME", "SUPPORT_KPIS_LANDING_URL", "SUPPORT_KPIS_AS_OF"), "")
    assert load_settings(env=env).landing == checkout / "var" / "landing"


def test_env_example_names_every_setting_and_changes_nothing(checkout):
    example = (CHECKOUT / ".env.example").read_text()
    (checkout / ".env").write_text(example)
    assert load_settings(env={}) == load_settings(env={"SUPPORT_KPIS_HOME": str(checkout / "var")})
    names = {line.split("=")[0] for line in example.splitlines() if line and not line.startswith("#")}
    sources = [
        path.read_text() for folder in ("ingestion", "orchestration") for path in (CHECKOUT / folder).rglob("*.py")
    ]
    assert names == {name for source in sources for name in re.findall(r"SUPPORT_KPIS_\w+", source)} != set()


@pytest.mark.parametrize(("url", "landing"), [("/data/in", "/data/in"), ("file:///data/a%20b", "/data/a b")])
def test_landing_url(url, landing):
    assert load_settings(env={"SUPPORT_KPIS_LANDING_URL": url}).landing == Path(landing)


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ({"SUPPORT_KPIS_PII_KEY": "k" * 31}, "SUPPORT_KPIS_PII_KEY has 31 characters; give it at least 32"),
        (
            {"SUPPORT_KPIS_LANDING_URL": "file://elsewhere/in"},
            "SUPPORT_KPIS_LANDING_URL names no place here; give a path or a URL, as s3://bucket/folder is",
        ),
        (
            {"SUPPORT_KPIS_AS_OF": "2026-03-02T00:00:00"},
            "the instant '2026-03-02T00:00:00' has no offset from UTC; "
            "write it as 2026-03-02T00:00:00Z or 2026-03-02T01:00:00+01:00",
        ),
        (
            {"SUPPORT_KPIS_AS_OF": "yesterday"},
            "'yesterday' is no ISO 8601 instant; write it as 2026-03-02T00:00:00Z or 2026-03-02T01:00:00+01:00",
        ),
    ],
)
def test_refused(env, message):
    with pytest.raises(ConfigError) as error:
        load_settings(env=env)
    assert str(error.value) == message


def test_home_that_is_a_file(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="is a file; name a directory"):
        load_settings(tmp_path / "file", env={})


def test_parse_instant_gives_utc():
    assert parse_instant("2026-03-29T03:30:00+05:45") == datetime(2026, 3, 28, 21, 45, tzinfo=UTC)
    assert parse_instant(" 2026-03-29T03:30:00Z ").tzinfo is UTC


def test_key_is_made_once_at_first_need_and_kept(tmp_path):
    settings = load_settings(tmp_path / "home", env={})
    assert not (tmp_path / "home" / "pii.key").exists()
    key = settings.pii_key
    assert len(key) == 64
    assert stat.S_IMODE((tmp_path / "home" / "pii.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["pii.key"], "no draft is left behind"
    assert load_settings(tmp_path / "home", env={}).pii_key == key
    assert dataclasses.replace(settings, as_of=datetime(2026, 1, 1, tzinfo=UTC)).pii_key == key
    assert load_settings(tmp_path / "home", env={"SUPPORT_KPIS_PII_KEY": KEY}).pii_key == KEY
    assert key not in repr(settings)


def test_key_file_that_was_emptied(tmp_path):
    (tmp_path / "pii.key").touch()
    with pytest.raises(ConfigError, match=r"^pii\.key: the key has 0 characters; restore the file"):
        _ = load_settings(tmp_path, env={}).pii_key


def test_directories_with_people_in_them_are_private(tmp_path):
    delivered = tmp_path / "home" / "landing"
    delivered.mkdir(parents=True, mode=0o770)
    delivered.chmod(0o770)
    settings = load_settings(tmp_path / "home", env={})
    settings.quarantine.mkdir(mode=0o755)
    settings.prepare_home()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in settings.home.iterdir()}
    assert (modes["quarantine"], modes["tmp"], modes["landing"]) == (0o700, 0o700, 0o770)
    other = load_settings(tmp_path / "other", env={})
    other.prepare_home()
    assert stat.S_IMODE(other.landing.stat().st_mode) == 0o700
    for path in (other.lake, other.published, other.manifest_path.parent, other.warehouse.parent, other.dagster_home):
        assert path.is_dir()
