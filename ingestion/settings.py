"""Where the data lives and as of when it is judged: flag, else environment, else `.env` of the checkout, else default.

The files that a data team edits (targets, channels, calendars …) are read by `ingestion.configuration`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values

from ingestion import modes
from ingestion.errors import ConfigError
from ingestion.pii_key import PII_KEY_FILE, PII_KEY_LENGTH, PiiKey
from ingestion.remote.url import LANDING, SPARK_LAKE, Place, checked_url, is_remote, parsed_options, place_at

CHECKOUT = Path(__file__).resolve().parent.parent
SHIPPED_CONFIG = CHECKOUT / "dbt_project" / "config"
PREFIX = "SUPPORT_KPIS_"


@dataclass(frozen=True)
class Settings:
    """One run's places. `as_of` is aware and in UTC; None means the moment at which the run starts.

    `credentials`: name -> value of the vendors' APIs, as the environment and `.env` have them; `spark_lake`: where
    executors of Spark read the lake, None where they see the home; `scratch`: the folder below `tmp` of one of
    several processes that work on a run, "" for a run in one process.
    """

    home: Path
    landing_url: str
    as_of: datetime | None = None
    pii_key: str = field(default=PiiKey(), repr=False, compare=False)
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    landing_options: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    spark_lake: Place | None = None
    scratch: str = ""

    @property
    def has_pii_key(self) -> bool:
        """True where a key was given or is kept; asking makes none."""
        return self.__dict__["_pii_key"] is not None or (self.home / PII_KEY_FILE).exists()

    @property
    def is_remote(self) -> bool:
        """True where exports land at a URL; `landing` is then what was fetched of them."""
        return is_remote(self.landing_url)

    @property
    def remote_landing(self) -> Place:
        return Place(LANDING, self.landing_url, self.landing_options)

    @property
    def landing(self) -> Path:
        return self.home / "mirror" if self.is_remote else _local_path(self.landing_url)

    @property
    def landing_place(self) -> str:
        """Where exports are to be put, for people."""
        return self.landing_url if self.is_remote else str(self.landing)

    @property
    def lake(self) -> Path:
        return self.home / "lake"

    @property
    def quarantine(self) -> Path:
        return self.home / "quarantine"

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse" / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.home / "published"

    @property
    def dagster_home(self) -> Path:
        return self.home / "dagster"

    @property
    def dbt_dir(self) -> Path:
        return self.home / "dbt"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def tmp(self) -> Path:
        return self.home / "tmp" / self.scratch

    @property
    def config(self) -> Path:
        return self.home / "config"

    @property
    def manifest_path(self) -> Path:
        return self.home / "state" / "manifest.sqlite"

    @property
    def positions_path(self) -> Path:
        """Where the pulls of the vendors' APIs stand."""
        return self.home / "state" / "pulls.sqlite"

    @property
    def remote_state_path(self) -> Path:
        return self.home / "state" / "remote.sqlite"

    @property
    def lock_path(self) -> Path:
        return self.home / "run.lock"

    def prepare_home(self) -> None:
        """Makes the home's directories and sets their modes, also those of a home made before, whatever the umask.

        Which: `ingestion.modes`. A landing area that exists keeps its own: another user may deliver exports there.
        """
        modes.keep_new_files_private()
        for directory in (self.home, self.published, self.config):
            directory.mkdir(parents=True, exist_ok=True)
        self.landing.mkdir(mode=modes.PRIVATE_FOLDER, parents=True, exist_ok=True)
        private = (self.lake, self.quarantine, self.warehouse.parent, self.manifest_path.parent, self.dagster_home)
        mirror = (self.landing,) if self.is_remote else ()
        for directory in (*private, self.dbt_dir, self.logs, self.tmp, *mirror):
            directory.mkdir(parents=True, exist_ok=True)
            modes.make_private(directory)
        for file in (self.home / PII_KEY_FILE, self.lock_path):
            modes.make_private(file)
        modes.open_the_way(self.home)
        modes.open_to_readers(self.published)


def load_settings(
    home: str | Path | None = None,
    as_of: str | datetime | None = None,
    env: Mapping[str, str] | None = None,
    scratch: str = "",
) -> Settings:
    """Settings from flags (the arguments), the environment and `.env`; blank counts as not set. Raises ConfigError.

    Relative paths of flags and environment start at the working directory, those of `.env` at the checkout.
    """
    environment = os.environ if env is None else env
    dotenv = dotenv_values(CHECKOUT / ".env", interpolate=False)

    def setting(name: str) -> tuple[str | None, Path]:
        if value := environment.get(name):
            return value, Path.cwd()
        return dotenv.get(name) or None, CHECKOUT

    home_value, base = (str(home), Path.cwd()) if home else setting("SUPPORT_KPIS_HOME")
    home_path = _absolute(home_value, base) if home_value else CHECKOUT / "var"
    if home_path.exists() and not home_path.is_dir():
        raise ConfigError(f"the home {home_value} is a file; name a directory with --home or SUPPORT_KPIS_HOME")

    landing_value, base = setting(LANDING.url)
    if landing_value and is_remote(landing_value):
        landing_url = checked_url(landing_value, LANDING)
    else:
        landing_url = str(_absolute(str(_local_path(landing_value)), base) if landing_value else home_path / "landing")
    options = parsed_options(setting(LANDING.options)[0], LANDING)
    lake_url = setting(SPARK_LAKE.url)[0]
    spark_lake = place_at(SPARK_LAKE, lake_url, setting(SPARK_LAKE.options)[0]) if lake_url else None

    instant = as_of or setting("SUPPORT_KPIS_AS_OF")[0]
    if isinstance(instant, datetime):
        instant = instant.isoformat()

    named = {name: value for name in (*dotenv, *environment) if name.startswith(PREFIX) and (value := setting(name)[0])}
    arguments = {} if (key := setting("SUPPORT_KPIS_PII_KEY")[0]) is None else {"pii_key": key}
    if key is not None and len(key) < PII_KEY_LENGTH:
        raise ConfigError(f"SUPPORT_KPIS_PII_KEY has {len(key)} characters; give it at least {PII_KEY_LENGTH}")
    as_of = parse_instant(instant) if instant else None
    given = {"credentials": named, "landing_options": options, "spark_lake": spark_lake, "scratch": scratch}
    return Settings(home_path, landing_url, as_of, **given, **arguments)


def parse_instant(text: str) -> datetime:
    """An ISO 8601 instant with offset as aware UTC datetime. Raises ConfigError, also where the offset is missing."""
    remedy = "write it as 2026-03-02T00:00:00Z or 2026-03-02T01:00:00+01:00"
    try:
        instant = datetime.fromisoformat(text.strip())
        if instant.tzinfo is None:
            raise ConfigError(f"the instant '{text}' has no offset from UTC; {remedy}")
        return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ConfigError(f"'{text}' is no ISO 8601 instant; {remedy}") from None


def _absolute(path: str, base: Path) -> Path:
    return Path(os.path.normpath(base / Path(path).expanduser()))


def _local_path(url: str) -> Path:
    parts = urlsplit(url)
    if not parts.scheme:
        return Path(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return Path(unquote(parts.path))
    raise ConfigError("SUPPORT_KPIS_LANDING_URL names no place here; give a path or a URL, as s3://bucket/folder is")
