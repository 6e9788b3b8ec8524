"""`support-kpis forget`: a customer out of everything, and what is left to do at the source.

Belongs here: the order of the steps and what is said of them. Each step stands in ingestion.forget and lib.forget_*.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import Configuration, load_configuration
from ingestion.errors import ConfigError
from ingestion.forget import forget_in_lake, keys_of, known_people, landed_files
from ingestion.key_check import check_key
from ingestion.settings import Settings, load_settings, parse_instant
from orchestration.lib import progress, versions
from orchestration.lib.forget_finish import clean, close
from orchestration.lib.home import clear_tmp
from orchestration.lib.job import MACHINE_FAULTS, execute_job, fault_at_start, open_log, output_to, write_trace
from orchestration.lib.outcome import Outcome
from orchestration.lib.run_lock import RunActiveError, hold
from orchestration.serving.again import not_served
from orchestration.serving.place import place_of
from orchestration.spark.place import delete_builds

_KINDS = {"email": "e-mail address", "phone": "phone number", "customer_id": "customer id"}


@dataclass
class Forgotten:
    """What became of it: `error` in one line, `busy` where another run was active, else `lines` to print."""

    lines: list[str] = field(default_factory=list)
    error: str | None = None
    busy: bool = False


def forget(home: Path | None, kind: str, text: str, wait: float) -> Forgotten:
    """Forgets who is known by an e-mail or a number. Raises ConfigError before anything is done."""
    settings = load_settings(home=home)
    configuration = load_configuration(settings, kpi_catalogue())
    place_of(settings, configuration)
    if not settings.home.exists():
        raise ConfigError(f"there is no home {settings.home} to forget anybody in; name the one with the data (--home)")
    run_id, result = str(uuid.uuid4()), Forgotten()
    try:
        check_key(settings)
        keys = keys_of(kind, text, settings, configuration)
        log = open_log(settings, configuration, run_id)
    except MACHINE_FAULTS as error:
        return Forgotten(error=fault_at_start(error))
    with output_to(log) as say, progress.listening(say):
        try:
            with hold(settings.lock_path, wait_seconds=wait, run_id=run_id, say=say) as died:
                _forget(settings, configuration, keys, run_id, died, result)
        except RunActiveError as error:
            result.error, result.busy = str(error), True
        except KeyboardInterrupt:
            result.error = "interrupted; call it again, or the next night finishes it once the lake is done"
        except Exception as error:
            write_trace(error)
            result.error = f"{' '.join(str(error).split())[:600]}; mend it and call it again (log: {log})"
    return result


def _forget(
    settings: Settings,
    configuration: Configuration,
    keys: dict[str, str],
    run_id: str,
    died: str | None,
    result: Forgotten,
) -> None:
    clear_tmp(settings)
    forget_in_lake(settings, configuration, keys, run_id)
    progress.say("forget: the lake and later loads know the person no more")
    current = versions.current_manifest(settings.published)
    if clean(settings, configuration) and current:
        as_of = parse_instant(current["as_of"])
        progress.say(f"forget: building warehouse and version anew as of {current['as_of']}")
        outcome = Outcome(run_id=run_id, as_of=as_of.isoformat())
        execute_job(replace(settings, as_of=as_of), {"full_refresh": True}, outcome, died, ingest=False)
        if not outcome.published:
            why = outcome.error or "nothing was published"
            raise RuntimeError(f"{why}. The person is out of the lake, but still in the published versions")
    result.lines += list(_report(close(settings)))
    if delete_builds(settings):
        result.lines.append("  Spark: all builds of this home deleted; support-kpis spark makes one anew")
    places = f"there, in {settings.landing_url}" if settings.is_remote else "there"
    result.lines += _remedy(places, *landed_files(settings, known_people(settings), configuration))
    result.error = not_served(settings, configuration)


def _report(counts: dict[str, int]) -> Iterator[str]:
    known = ", ".join(
        f"{counts[f'keys_{kind}']} {name}(s)" for kind, name in _KINDS.items() if f"keys_{kind}" in counts
    )
    found = ("lake_rows", "file_names", "quarantined_rows", "quarantined_files", "traces", "versions")
    if not any(counts.get(name) for name in found):
        yield f"nobody is known by this; later loads will not store it ({known} noted)"
    else:
        yield f"forgotten: {known}; later loads will not store them"
        yield f"  lake: {counts['lake_rows']} rows in {counts['lake_files']} files have lost their customer"
        yield (
            f"  quarantine: {counts.get('quarantined_rows', 0)} raw rows and {counts.get('quarantined_files', 0)} "
            "files deleted, their counts stay"
        )
        if counts.get("file_names"):
            yield f"  manifest: {counts['file_names']} names of landed files are kept without the customer"
        yield f"  published: {counts.get('versions', 0)} versions deleted, the current one made anew"
        yield f"  logs, Dagster and dbt: {counts.get('traces', 0)} files had a trace"
    if counts.get("agent_rows"):
        yield f"  {counts['agent_rows']} rows keep the address as an agent's work e-mail, the employer's own data"


def _remedy(places: str, named: list[str], unread: list[str]) -> Iterator[str]:
    if not named:
        yield f"no {'other ' if unread else ''}file of the landing area names a forgotten customer"
    else:
        still = f"{len(named)} files of the landing area still name a forgotten customer"
        yield f"{still}: delete it {places} and at the vendor"
    yield from (f"  {name}" for name in named)
    if unread:
        yield f"{len(unread)} files of the landing area could not be searched: look into them, or make them readable"
    yield from (f"  {name}" for name in unread)
