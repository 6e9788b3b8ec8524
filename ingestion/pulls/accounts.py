"""What is pulled: the sources of [pulls] in settings.toml, with their credentials from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ingestion.adapters.api import APIS
from ingestion.configuration import Configuration
from ingestion.errors import ConfigError
from ingestion.pulls.api import Api, Endpoint
from ingestion.settings import Settings
from ingestion.streams import StreamId


@dataclass(frozen=True)
class Account:
    """One source as settings.toml and the environment describe it. `since`: how far back its first pull goes."""

    api: Api
    url: str
    secrets: tuple[str, ...]
    since: int
    streams: tuple[str, ...]


def accounts(settings: Settings, configuration: Configuration) -> dict[str, Account]:
    """The sources that are pulled, [pulls.<source>] of settings.toml. Raises ConfigError for a missing credential."""
    found = {}
    for source, own in configuration.settings["pulls"].items():
        api = APIS[source]
        since = datetime.combine(own["since"], datetime.min.time(), UTC)
        streams = own.get("streams") or [endpoint.stream for endpoint in api.endpoints]
        secrets = credentials(api, settings.credentials)
        found[source] = Account(api, own.get("url") or api.url, secrets, int(since.timestamp()), tuple(streams))
    return found


def pulled_streams(configuration: Configuration) -> dict[StreamId, Endpoint]:
    """The endpoints that settings.toml asks for, without a look at credentials."""
    return {
        (source, endpoint.stream): endpoint
        for source, own in configuration.settings["pulls"].items()
        for endpoint in APIS[source].endpoints
        if endpoint.stream in (own.get("streams") or [endpoint.stream])
    }


def credentials(api: Api, given: Mapping[str, str]) -> tuple[str, ...]:
    """The values of an API's credentials. Raises ConfigError naming those that are not set, or cannot be one."""
    if missing := [name for name in api.credentials if not given.get(name)]:
        names = " and ".join(missing)
        raise ConfigError(f"[pulls.{api.source}] needs {names}; set it in the environment or in .env of the checkout")
    if odd := [name for name in api.credentials if not all("!" <= letter <= "~" for letter in given[name])]:
        raise ConfigError(f"{' and '.join(odd)} holds a blank or a letter that no credential has; copy it again")
    return tuple(given[name] for name in api.credentials)
