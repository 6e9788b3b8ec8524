"""What `SUPPORT_KPIS_LANDING_URL` and `SUPPORT_KPIS_LANDING_OPTIONS` may say. Opens nothing and imports no driver."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from ingestion.errors import ConfigError

NAME, OPTIONS = "SUPPORT_KPIS_LANDING_URL", "SUPPORT_KPIS_LANDING_OPTIONS"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


def protocol_of(url: str) -> str:
    """`s3` of `s3://bucket/exports`; empty for a path."""
    match = _SCHEME.match(url)
    return match[1].lower() if match else ""


def is_remote(url: str) -> bool:
    return protocol_of(url) not in ("", "file")


def checked_url(url: str) -> str:
    """The URL without a slash at its end. Raises ConfigError, which never shows a URL that may hold a secret."""
    try:
        parts = urlsplit(url)
        has_password = parts.password is not None
        _ = parts.port
    except ValueError:
        raise ConfigError(f"{NAME} is no URL; write it as s3://bucket/folder or sftp://user@host/folder") from None
    if has_password:
        raise ConfigError(f"{NAME} holds a password; take it out of the URL, .env.example says where it goes")
    if "::" in url or "?" in url or "#" in url:
        raise ConfigError(f"{NAME} has a part with ::, ? or #; name a folder only, options go into {OPTIONS}")
    if not parts.netloc + parts.path.strip("/"):
        raise ConfigError(f"{NAME} '{url}' names no place; write it as s3://bucket/folder or sftp://user@host/folder")
    return url.rstrip("/")


def parsed_options(text: str | None) -> dict[str, Any]:
    """Options of the driver. Raises ConfigError, which does not show them."""
    if not text:
        return {}
    try:
        options = json.loads(text)
    except ValueError:
        options = None
    if not isinstance(options, dict):
        raise ConfigError(f'{OPTIONS} is no JSON object; write it as {{"endpoint_url": "https://s3.example.org"}}')
    return options
