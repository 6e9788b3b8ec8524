"""Settings that name a place by its URL, and options of its driver. Opens nothing and imports no driver."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ingestion.errors import ConfigError


class Setting(NamedTuple):
    """The names of the two settings of a place, and what it is to people."""

    url: str
    options: str
    what: str


LANDING = Setting("SUPPORT_KPIS_LANDING_URL", "SUPPORT_KPIS_LANDING_OPTIONS", "the remote landing area")
SPARK_LAKE = Setting("SUPPORT_KPIS_SPARK_LAKE_URL", "SUPPORT_KPIS_SPARK_LAKE_OPTIONS", "the lake for Spark")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


@dataclass(frozen=True)
class Place:
    """Where something remote is, as the two settings say. `options`: of its driver; neither logged nor stored."""

    setting: Setting
    url: str
    options: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def shown(self) -> str:
        """What errors begin with."""
        return f"{self.setting.what} {self.url}"


def protocol_of(url: str) -> str:
    """`s3` of `s3://bucket/exports`; empty for a path."""
    match = _SCHEME.match(url)
    return match[1].lower() if match else ""


def is_remote(url: str) -> bool:
    return protocol_of(url) not in ("", "file")


def place_at(setting: Setting, url: str, options: str | None) -> Place:
    """Raises ConfigError."""
    return Place(setting, checked_url(url, setting), parsed_options(options, setting))


def checked_url(url: str, setting: Setting) -> str:
    """The URL without a slash at its end. Raises ConfigError, which never shows a URL that may hold a secret."""
    name = setting.url
    try:
        parts = urlsplit(url)
        has_password = parts.password is not None
        _ = parts.port
    except ValueError:
        raise ConfigError(f"{name} is no URL; write it as s3://bucket/folder or sftp://user@host/folder") from None
    if has_password:
        raise ConfigError(f"{name} holds a password; take it out of the URL, .env.example says where it goes")
    if "::" in url or "?" in url or "#" in url:
        raise ConfigError(f"{name} has a part with ::, ? or #; name a folder only, options go into {setting.options}")
    if not parts.netloc + parts.path.strip("/"):
        raise ConfigError(f"{name} '{url}' names no place; write it as s3://bucket/folder or sftp://user@host/folder")
    return url.rstrip("/")


def parsed_options(text: str | None, setting: Setting) -> dict[str, Any]:
    """Options of the driver. Raises ConfigError, which does not show them."""
    if not text:
        return {}
    try:
        options = json.loads(text)
    except ValueError:
        options = None
    if not isinstance(options, dict):
        remedy = 'write it as {"endpoint_url": "https://s3.example.org"}'
        raise ConfigError(f"{setting.options} is no JSON object; {remedy}")
    return options
