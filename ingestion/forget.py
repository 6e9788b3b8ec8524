"""Forgetting a person in what ingestion keeps: tombstones, lake, quarantine; and where the landing area names them.

The lake and its tombstones change in one step; everything after it finds the person by the tombstones, so that a killed
call is finished by the next one or by the next night. Warehouse and publication are not known here.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import duckdb

from ingestion.configuration import Configuration
from ingestion.errors import ConfigError
from ingestion.forget_lake import write_without
from ingestion.forget_links import agent_rows, find_person
from ingestion.forgotten_names import redact_in_quarantine
from ingestion.forgotten_raw import ForgottenRaw
from ingestion.forgotten_text import ForgottenText
from ingestion.lake import remove_orphans
from ingestion.landing import list_landing
from ingestion.limits import limits_of
from ingestion.manifest import Manifest
from ingestion.manifest_people import Forget
from ingestion.people import People, key_id, normal_email, normal_phone, person_key
from ingestion.quarantine import Quarantine
from ingestion.run import countries
from ingestion.settings import Settings


def keys_of(kind: str, text: str, settings: Settings, configuration: Configuration) -> dict[str, str]:
    """Key -> kind of what the caller knows the person by. Raises ConfigError for what is no address or number.

    A number without its country is as many keys as the sources have countries, which must not be more than one.
    """
    remedy = "write it as kim@example.org" if kind == "email" else "write it with its country, as +49 30 123456"
    known = sorted({country for country in countries(configuration).values() if country})
    if kind == "phone":
        normals = {normal_phone(text, country) for country in known}
        if len(normals) > 1:
            raise ConfigError(f"the number is another one in each of {', '.join(known)}; {remedy}")
    # Before the key is asked for: that makes one in a home without it, and wrong usage does nothing.
    if (normal_phone(text) is None) if kind == "phone" else ("@" not in text or normal_email(text) is None):
        raise ConfigError(f"the --{kind} given is none; {remedy}")
    keys = {person_key(kind, text, settings.pii_key, country) for country in (None, *known)} - {None}
    return dict.fromkeys(keys, kind)


def forget_in_lake(settings: Settings, configuration: Configuration, keys: dict[str, str], run_id: str) -> Forget:
    """Tombstones for the person and a lake without it, from one moment to the next. The caller holds the run lock."""
    kind = next(iter(keys.values()))
    forget = Forget(run_id, datetime.now(UTC).isoformat(timespec="seconds"), kind)
    limits = limits_of(configuration.settings).of_duckdb(settings.tmp / "duckdb")
    with Manifest(settings.manifest_path) as manifest, duckdb.connect(config=limits) as con:
        remove_orphans(settings.lake, manifest.lake_files())
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET preserve_insertion_order = true")
        find_person(con, settings, manifest, keys)
        person = con.execute("SELECT kind, key FROM person ORDER BY ALL").fetchall()
        people = People(settings.pii_key)
        marks = [(people.mark(key), kind) for kind, key in person]
        named = People(settings.pii_key, manifest.tombstones() | dict(marks))
        text = ForgottenText(named, countries(configuration).values())
        switched, rows = write_without(con, settings.lake, manifest, text)
        forget.counts = {f"keys_{kind}": n for kind, n in Counter(kind for kind, _ in person).items()}
        forget.counts |= {"lake_rows": sum(rows.values()), "lake_files": len(switched), "agent_rows": agent_rows(con)}
        forget.needs_rebuild = bool(switched)
        names = ForgottenText(named, ())
        with manifest.transaction():
            if manifest.key_id() is None:
                manifest.put_key_id(key_id(settings.pii_key))
            manifest.put_tombstones(marks, forget.at)
            for old, new in switched.items():
                manifest.replace_lake_file(old, new)
            if renamed := manifest.redact_names(names.redacted_name):
                forget.counts["file_names"], forget.needs_rebuild = renamed, True
            manifest.put_forget(forget)
        remove_orphans(settings.lake, manifest.lake_files())
    return forget


def known_people(settings: Settings) -> People:
    """The key and all tombstones."""
    with Manifest(settings.manifest_path) as manifest:
        return People(settings.pii_key, manifest.tombstones())


def forget_in_quarantine(settings: Settings, people: People, configuration: Configuration) -> Counter[str]:
    """Deletes raw rows and kept files that name a forgotten customer; what is counted of them stays as it is.

    Where the customer's address is the name of a landed file, the name goes and the rows stay.
    """
    redact_in_quarantine(settings.quarantine, people)
    raw = ForgottenRaw(people, countries(configuration))
    quarantine = Quarantine(settings.quarantine, raw.holds)
    found: Counter[str] = Counter()
    for stream, content in quarantine.contents():
        rows = quarantine.rows(stream, content)
        if held := sum(raw.holds(stream, row) for row in rows):
            quarantine.put_rows(stream, content, rows)
            found["quarantined_rows"] += held
        if (kept := quarantine.file(stream, content)) and raw.holds(stream, kept):
            quarantine.drop_copy(stream, content)
            found["quarantined_files"] += 1
    return found


def landed_files(settings: Settings, people: People, configuration: Configuration) -> tuple[list[str], list[str]]:
    """Names of the files in the landing area that name a forgotten customer, and of those that cannot be read."""
    raw, names = ForgottenRaw(people, countries(configuration)), ForgottenText(people, ())
    named, unread = [], []
    for stream, files in list_landing(settings.landing).files.items():
        for file in files:
            try:
                if names.redacted_name(file.name) != file.name or raw.holds(stream, file.path):
                    named.append(file.name)
            except FileNotFoundError:
                continue
            except OSError:
                unread.append(file.name)
    return named, unread
