"""When an alert goes out: after a version is published, and after a night that stopped. It never fails a night.

What could not be sent is kept, said in the log of the next night, and sent with its alert.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb

from ingestion.settings import Settings
from orchestration.alerts.memory import Memory
from orchestration.alerts.news import News, of_restated, of_streams, of_targets
from orchestration.alerts.sending import addresses, ping, send
from orchestration.lib import targets
from orchestration.lib.restated import restated

MOST_OFFENDERS = 3
Say = Callable[[str], None]


def after_publication(settings: Settings, catalogue: dict[str, dict[str, Any]], as_of: str, say: Say) -> None:
    """The digest of a night that has published, if anything is news, and the ping."""
    if urls := addresses():
        memory = Memory.of(settings)
        version = (settings.published / "current").resolve()
        with duckdb.connect(str(version / "support_kpis.duckdb"), read_only=True) as connection:
            news = _news(connection, catalogue, memory, as_of)
            moved = restated(connection, version)
        memory.restated = of_restated(moved, memory.restated, news)
        if memory.failure:
            news.add("PUBLISHING AGAIN", f"PUBLISHING AGAIN: as of {as_of}; it had stopped with: {memory.failure}")
            memory.failure = ""
        _send(news, memory, urls, say)
        memory.keep(settings)
    if failed := ping():
        say(f"alerts: {failed}")


def after_failure(settings: Settings, reason: str, say: Say) -> None:
    """Says once why nights stop; the published version is as it was."""
    if not (urls := addresses()):
        return
    memory, news = Memory.of(settings), News()
    if memory.failure != reason:
        news.add("NIGHT STOPPED", f"NIGHT STOPPED: {reason}\nThe published version is as it was.")
        memory.failure = reason
    _send(news, memory, urls, say)
    memory.keep(settings)


def _news(
    connection: duckdb.DuckDBPyConnection, catalogue: dict[str, dict[str, Any]], memory: Memory, as_of: str
) -> News:
    def offenders(row: dict[str, Any]) -> list[str]:
        measured = targets.as_measured(row, catalogue.get(row["kpi_id"], {}))
        found = targets.offenders(connection, measured)[:MOST_OFFENDERS]
        return [f"{one.where} {targets.show(one.value, row['unit'])} ({one.facts:,.0f} facts)" for one in found]

    news, memory.targets = of_targets(targets.scorecard_rows(connection), memory.targets, as_of, offenders)
    stale = connection.execute(
        "select source || '/' || stream, example from mart_data_quality where check_name = 'stale_streams' "
        "and faults > 0 order by all"
    ).fetchall()
    memory.stale = of_streams(stale, memory.stale, news)
    return news


def _send(news: News, memory: Memory, urls: list[str], say: Say) -> None:
    """Sends what is news, and what an earlier night could not send."""
    for text in memory.unsent:
        say(f"alerts: an earlier night could not send: {text.splitlines()[0]}")
    if not news.lines and not memory.unsent:
        return
    late = [f"Not sent before:\n{text}" for text in memory.unsent]
    title = news.title if news.lines else "Support KPIs: what an earlier night could not send"
    failed = send(title, "\n\n".join([*news.lines, *late]), urls)
    for text in failed:
        say(f"alerts: {text}")
    if not failed:
        memory.unsent = []
        say(f"alerts: {title} - sent to {len(urls)}")
    elif news.lines and len(failed) == len(urls):
        memory.unsent.append(f"{news.title}\n{news.body}")
