"""`settings.toml`: every key, its default and its type. CSV files are not its affair."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import Any

from ingestion.catalogue import asset_groups, watched_streams
from ingestion.configuration.files import ConfigFile
from ingestion.configuration.vocabulary import SOURCES, STREAMS, suggestion, time_zones
from ingestion.errors import ConfigError

DEFAULTS: dict[str, Any] = {
    "time_zone": "UTC",
    "week_start": "monday",
    "short_abandon_seconds": 5,
    "service_level_seconds": 20,
    "fcr_window_days": 7,
    "shrinkage": 0.3,
    "sources": {},
    "sectors": {},
    "pulls": {},
    "freshness": {},
    "owners": {"all": ["team:support-data"]},
    "serving": {"postgres": {"schema": "support_kpis", "readers": []}},
    "limits": {"memory_mib": 0, "temp_mib": 0, "free_mib": 256},
    "retention": {
        "versions": 7,
        "log_days": 30,
        "run_days": 30,
        "landing_days": 0,
        "lake_days": 0,
        "quarantine_days": 0,
    },
}
# Tables whose keys each have a default of their own, and the least that a key may be if that is not 0.
NUMBER_TABLES = ("limits", "retention")
LEAST = {("retention", "versions"): 1, ("retention", "log_days"): 1, ("retention", "run_days"): 1}
SOURCE_KEYS = ("time_zone", "country", "complexity_field", "keep_columns", "productive_statuses")
PULL_KEYS = ("url", "since", "streams")
SECTOR_KEYS = ("repeat_window_days",)
# A name that needs no quotes in any tool; pg_ belongs to the server.
SCHEMA = re.compile(r"(?!pg_|information_schema$)[a-z_][a-z0-9_]{0,62}")
OWNER = re.compile(r"team:\S+|[^@\s]+@[^@\s]+\.[^@\s]+")
STREAM_NAMES = [f"{source}/{stream}" for source, streams in STREAMS.items() for stream in streams]


def read_settings(file: ConfigFile) -> dict[str, Any]:
    """All keys of DEFAULTS with the file's values laid over them. Raises ConfigError with the key's line."""
    text = file.text()
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise ConfigError(f"is no valid TOML ({str(error).split(' (at ')[0]}); correct it", file.label, line) from None

    try:
        for key, value in given.items():
            _known((key,), key, tuple(DEFAULTS), "key")
            _check_general(key, value)
        for name, entries in given.get("sources", {}).items():
            _known(("sources", name), name, SOURCES, "source")
            _check_source(name, entries)
        for name, entries in given.get("sectors", {}).items():
            for key, value in _table(("sectors", name), entries).items():
                _known(("sectors", name, key), key, SECTOR_KEYS, "key")
                _whole(("sectors", name, key), value, least=1)
        for name, entries in given.get("pulls", {}).items():
            _check_pull(name, entries)
        for name, hours in given.get("freshness", {}).items():
            _check_watched(name)
            _whole(("freshness", name), hours, least=1)
        for name, owners in given.get("owners", {}).items():
            _known(("owners", name), name, owned_groups(), "group of assets")
            _check_owners(("owners", name), owners)
        for name, entries in given.get("serving", {}).items():
            _known(("serving", name), name, tuple(DEFAULTS["serving"]), "server")
            _check_server(name, entries)
        for table in NUMBER_TABLES:
            for key, value in given.get(table, {}).items():
                _known((table, key), key, tuple(DEFAULTS[table]), "key")
                _whole((table, key), value, least=LEAST.get((table, key), 0))
    except _WrongKeyError as error:
        raise ConfigError(error.message, file.label, _line_of(text, error.path)) from None
    merged = (*NUMBER_TABLES, "owners")
    servers = {name: keys | given.get("serving", {}).get(name, {}) for name, keys in DEFAULTS["serving"].items()}
    merged_tables = {table: DEFAULTS[table] | given.get(table, {}) for table in merged}
    return {**DEFAULTS, **given} | merged_tables | {"serving": servers}


class _WrongKeyError(Exception):
    def __init__(self, path: tuple[str, ...], message: str) -> None:
        super().__init__(path, message)
        self.path, self.message = path, message


def _check_general(key: str, value: Any) -> None:
    path = (key,)
    if key == "time_zone":
        _zone(path, value)
    elif key == "week_start":
        if value != "monday":
            raise _WrongKeyError(path, f'week_start {value!r} is not supported; only "monday" is')
    elif key in ("short_abandon_seconds", "service_level_seconds"):
        _whole(path, value, least=0)
    elif key == "fcr_window_days":
        _whole(path, value, least=1)
    elif key == "shrinkage":
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
            raise _WrongKeyError(path, f"shrinkage {value!r} is no share; write a number from 0 to below 1, e.g. 0.3")
    else:
        _table(path, value)


def _check_source(source: str, entries: Any) -> None:
    for key, value in _table(("sources", source), entries).items():
        path = ("sources", source, key)
        _known(path, key, SOURCE_KEYS, "key")
        if key == "time_zone":
            _zone(path, value)
        elif key == "country":
            if not (isinstance(value, str) and re.fullmatch("[A-Z]{2}", value)):
                raise _WrongKeyError(path, f'country {value!r} is no ISO 3166 code; write two letters, e.g. "DE"')
        elif key == "complexity_field":
            if not (isinstance(value, str) and value.strip()):
                raise _WrongKeyError(path, f"complexity_field {value!r} is no field id; write it in quotes")
        elif not (isinstance(value, list) and all(isinstance(one, str) and one for one in value)):
            raise _WrongKeyError(path, f'{key} {value!r} is no list of names; write ["one", "two"]')


def _check_pull(source: str, entries: Any) -> None:
    """A source that is pulled from its API. Whether its credentials are there is asked when it is pulled."""
    from ingestion.adapters.api import APIS

    path = ("pulls", source)
    _known(path, source, APIS, "API")
    given = _table(path, entries)
    for key, value in given.items():
        _known((*path, key), key, PULL_KEYS, "key")
        if key == "url" and not (isinstance(value, str) and re.fullmatch(r"https?://[^\s/@?#]+(/[^\s@?#]*)?", value)):
            message = f'url {value!r} is no address; write it as "https://shop.example", without a name or password'
            raise _WrongKeyError((*path, key), message)
        if key == "streams":
            if not isinstance(value, list) or not value:
                raise _WrongKeyError((*path, key), f'streams {value!r} is no list of names; write ["one", "two"]')
            for stream in value:
                _known((*path, key), stream, [one.stream for one in APIS[source].endpoints], "stream")
    if type(given.get("since")) is not date:
        raise _WrongKeyError(path, f"[pulls.{source}] needs the day its first pull begins at; write since = 2026-01-01")
    if not (given.get("url") or APIS[source].url):
        raise _WrongKeyError(path, f'[pulls.{source}] needs the address of the account; write url = "https://…"')


def _check_server(name: str, entries: Any) -> None:
    """Whether it is used, and with which password, stands in the environment."""
    for key, value in _table(("serving", name), entries).items():
        path = ("serving", name, key)
        _known(path, key, tuple(DEFAULTS["serving"][name]), "key")
        if key == "schema" and not (isinstance(value, str) and SCHEMA.fullmatch(value)):
            raise _WrongKeyError(path, f"schema {value!r} is no name of a schema; write small letters, digits and _")
        if key == "readers" and not (isinstance(value, list) and all(isinstance(one, str) and one for one in value)):
            raise _WrongKeyError(path, f'readers {value!r} is no list of roles; write ["bi"]')


def owned_groups() -> tuple[str, ...]:
    """What may have owners of its own: `all`, and the groups of assets that Dagster shows."""
    return ("all", *(f"raw_{source}" for source in STREAMS), *asset_groups(), "published")


def _check_owners(path: tuple[str, ...], value: Any) -> None:
    if not (isinstance(value, list) and all(isinstance(one, str) and OWNER.fullmatch(one) for one in value)):
        message = f'{path[-1]} {value!r} is no list of owners; write teams and e-mail addresses: ["team:support"]'
        raise _WrongKeyError(path, message)


def _check_watched(stream: str) -> None:
    watched = watched_streams()
    if stream in STREAM_NAMES and stream not in watched:
        message = f"the age of {stream} is not watched; use one of {', '.join(watched)}"
        raise _WrongKeyError(("freshness", stream), message)
    _known(("freshness", stream), stream, watched, "stream")


def _known(path: tuple[str, ...], name: str, known: Any, what: str) -> None:
    if name not in known:
        raise _WrongKeyError(path, f"unknown {what} '{name}'{suggestion(name, known)}")


def _table(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _WrongKeyError(path, f"{'.'.join(path)} is no table; write [{'.'.join(path)}] and its keys below it")
    return value


def _whole(path: tuple[str, ...], value: Any, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise _WrongKeyError(path, f"{path[-1]} {value!r} is no whole number from {least} up; write one without quotes")


def _zone(path: tuple[str, ...], value: Any) -> None:
    if not isinstance(value, str) or value not in time_zones():
        near = suggestion(str(value), time_zones()) or "; use a name such as Europe/Berlin"
        raise _WrongKeyError(path, f"time_zone {value!r} is an unknown time zone{near}")


def _line_of(text: str, path: tuple[str, ...]) -> int | None:
    """The line that sets `path`, its table's heading where the key is the table itself; tomllib keeps no positions."""
    table: tuple[str, ...] = ()
    for line, content in enumerate(text.splitlines(), start=1):
        stripped = content.strip()
        if heading := re.match(r"\[\[?([^\]]+)\]", stripped):
            table = _parts(heading[1])
            if table[: len(path)] == path:
                return line
        elif assignment := re.match(r"""((?:"[^"]*"|'[^']*'|[\w\-.\s])+?)\s*=""", stripped):
            key = table + _parts(assignment[1])
            if key[: len(path)] == path or path[: len(key)] == key:
                return line
    return None


def _parts(dotted: str) -> tuple[str, ...]:
    found = re.findall(r""""([^"]*)"|'([^']*)'|([\w\-]+)""", dotted)
    return tuple(double or single or bare for double, single, bare in found)
