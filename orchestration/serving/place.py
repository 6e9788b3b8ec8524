"""Where a version is served: the server's URL, which holds a password, the schema, and who may read there.

Belongs here: reading the setting, connecting, and an error's words without a secret. Not here: what is written there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ingestion.configuration import Configuration
from ingestion.errors import ConfigError
from ingestion.settings import Settings

if TYPE_CHECKING:  # the driver is optional
    import psycopg

NAME = "SUPPORT_KPIS_POSTGRES_URL"
FORM = "postgresql://user:password@host:5432/database"
MOST_OF_AN_ERROR = 300
#: Seconds until a server that says nothing counts as away: while connecting, and later.
CONNECT_SECONDS, SILENCE_SECONDS = 10, 120
_SECRET = re.compile("pass|secret|token|key", re.IGNORECASE)
_WRONG_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})|%00")


class ServeError(Exception):
    """The server does not show the current version; the message is one line without a secret."""


@dataclass(frozen=True)
class Place:
    """A schema of a database. `readers`: roles that may read it."""

    url: str = field(repr=False)
    schema: str
    readers: tuple[str, ...] = ()

    def told(self, error: Exception) -> str:
        """An error's own words in one line. Of the server's, only the first part: what follows quotes rows."""
        diagnosis = getattr(error, "diag", None)
        words = (diagnosis and diagnosis.message_primary) or str(error) or type(error).__name__
        words = " ".join(words.split())
        for secret in _secrets(self.url):
            words = words.replace(secret, "***")
        return words[:MOST_OF_AN_ERROR]


def place_of(settings: Settings, configuration: Configuration) -> Place | None:
    """None where no server is set. Raises ConfigError, which never shows the URL."""
    url = settings.credentials.get(NAME)
    if url is None:
        return None
    return Place(checked_url(url), **_tuples(configuration.settings["serving"]["postgres"]))


def checked_url(url: str) -> str:
    """The URL, if nothing in its password can be taken for another part of it: no error then quotes half of that."""
    try:
        parts = urlsplit(url)
        is_clear = url.count("@") == parts.netloc.count("@") <= 1 and not re.search(r"[\s#]", url)
    except ValueError:
        is_clear = False
    if not (is_clear and re.match("postgres(ql)?://", url)) or _WRONG_ESCAPE.search(url):
        told = "with @ : / ? # % of the password as %40 %3A %2F %3F %23 %25"
        raise ConfigError(f"{NAME} is no URL of a PostgreSQL server; write it as {FORM}, {told}")
    return url


def driver() -> Any:
    """psycopg. Raises ConfigError where it is not installed."""
    try:
        import psycopg
    except ImportError:
        raise ConfigError(f"{NAME} needs the package psycopg; make driver-postgres installs it") from None
    return psycopg


def connected(place: Place) -> psycopg.Connection:
    """A connection in which every statement stands for itself unless a transaction is begun. Raises psycopg.Error."""
    return driver().connect(
        place.url,
        autocommit=True,
        prepare_threshold=None,  # what a pooler between us and the server may not carry over
        application_name="support-kpis",
        client_encoding="utf8",
        connect_timeout=CONNECT_SECONDS,
        keepalives_idle=SILENCE_SECONDS // 4,
        keepalives_interval=SILENCE_SECONDS // 4,
        keepalives_count=3,
        tcp_user_timeout=SILENCE_SECONDS * 1000,
    )


def _tuples(given: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


def _secrets(url: str) -> set[str]:
    """The password of a URL and what its options hide, as they stand there and as they are meant."""
    parts = urlsplit(url)
    raw = parts.netloc.rpartition("@")[0].partition(":")[2]
    hidden = {value for name, value in parse_qsl(parts.query) if _SECRET.search(name)}
    return {text for secret in ({raw} | hidden) for text in (secret, unquote(secret)) if text}
