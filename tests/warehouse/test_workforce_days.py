"""Agents' days around changes of the clock: the SQL against a walk through every minute in plain Python.

The models from int_schedule_intervals to fct_agent_day are compiled once, in a project of their own with stand-ins for
staging, and run for weeks of several zones. Single rules, with numbers worked out by hand, stand in the unit tests.
"""

import json
import random
import shutil
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from graphlib import TopologicalSorter
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

PROJECT = Path(__file__).parents[2] / "dbt_project"
MINUTE = timedelta(minutes=1)
STAFFED = ("available", "on_contact", "after_contact", "productive_other")
STATUSES = (*STAFFED, "non_productive", "offline")
CLASSES = ("productive", "productive", "non_productive", "time_off", "sick")
STAND_INS = {
    "stg_generic__schedule_intervals": "agent varchar, starts_at timestamp, ends_at timestamp, activity_class varchar, "
    "activity varchar, team varchar, published_at timestamp, version_at timestamp, load_no bigint, row_no bigint",
    "int_status_interval_versions": "source varchar, agent varchar, starts_at timestamp, ends_at timestamp, "
    "status_class varchar, status varchar, version_at timestamp, load_no bigint, row_no bigint",
    "int_tickets": "created_at timestamp",
    "int_calls": "arrived_at timestamp, queued_at timestamp",
    "int_calendar_rules": "time_zone varchar",
    "int_agent_replies": "agent varchar, replied_on date",
    "int_agent_contacts": "agent varchar, local_day date, contact_id varchar",
}
CONTROL = {"run_settings": "as_of timestamp, time_zone varchar", "cfg_agents": "row_no bigint, agent varchar, "
           "agent_email varchar, team varchar, valid_from date, valid_to date"}  # fmt: skip
UNDER_TEST = {
    "unified/workforce": ["*"],
    "unified/calendar": ["int_calendar_range", "int_time_zone_transitions"],
    "facts/workforce": ["int_agent_days", "int_adherence", "fct_agent_day"],
}
# Cairo has no midnight on 26 April and two 23:00 on 31 October 2024, Havana two midnights on 3 November; in St. John's
# of 2006 one minute of 29 October came before the last hour of the 28th.
WEEKS = [
    ("Africa/Cairo", "2024-04-25"), ("Africa/Cairo", "2024-10-31"), ("America/New_York", "2024-03-10"),
    ("America/Havana", "2024-11-03"), ("America/St_Johns", "2006-10-29"), ("Asia/Kolkata", "2024-05-01"),
]  # fmt: skip


@pytest.fixture(scope="module")
def statements(tmp_path_factory) -> list[str]:
    """The compiled models in order, as statements for a database named `warehouse`."""
    root = tmp_path_factory.mktemp("workforce")
    shutil.copytree(PROJECT / "macros", root / "macros")
    shutil.copy(PROJECT / "dbt_project.yml", root)
    (root / "models").mkdir()
    for folder, names in UNDER_TEST.items():
        for name in names:
            for path in (PROJECT / "models" / folder).glob(f"{name}.sql"):
                shutil.copy(path, root / "models")
    for name in STAND_INS:
        (root / "models" / f"{name}.sql").write_text("select 1 as stand_in")
    sources = [{"name": "control", "tables": [{"name": name} for name in CONTROL]}]
    (root / "models" / "sources.yml").write_text(json.dumps({"version": 2, "sources": sources}))
    output = {"type": "duckdb", "path": str(root / "warehouse.duckdb"), "schema": "main"}
    profile = {"support_kpis": {"target": "duckdb", "outputs": {"duckdb": output}}}
    (root / "profiles.yml").write_text(json.dumps(profile))
    dbt = [sys.executable, "-m", "dbt.cli.main", "--quiet", "compile", "--project-dir", ".", "--profiles-dir", "."]
    outcome = subprocess.run(dbt, cwd=root, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    nodes = json.loads((root / "target" / "manifest.json").read_bytes())["nodes"]
    parents = {id: [parent for parent in node["depends_on"]["nodes"] if parent in nodes] for id, node in nodes.items()}
    models = [nodes[id] for id in TopologicalSorter(parents).static_order()]
    return [
        f"create table warehouse.main.{node['name']} as {node['compiled_code']}"
        for node in models
        if node["name"] not in STAND_INS
    ]


def random_week(zone: str, day: str, seed: int) -> tuple[list[tuple], list[tuple], datetime]:
    """Schedules (two publications, one of them unseen at times), statuses (overlapping, open ones too) and an as_of."""
    pick = random.Random(f"{zone} {day} {seed}")
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    as_of = noon + pick.randint(12, 60) * 60 * MINUTE
    schedules, statuses = {}, {}
    for agent in ("a", "b", "c"):
        for _ in range(14):
            start = noon + pick.randint(-48 * 4, 48 * 4) * 15 * MINUTE
            published = pick.choice([None, noon - 72 * 60 * MINUTE, noon, noon + 48 * 60 * MINUTE])
            end = start + pick.randint(0, 48) * 15 * MINUTE
            schedules[agent, start, published] = (end, pick.choice(CLASSES))
        for _ in range(pick.choice([3, 25])):
            start = noon + pick.randint(-60 * 60, 60 * 60) * MINUTE
            end = None if pick.random() < 0.08 else start + pick.randint(0, 300) * MINUTE
            statuses[agent, start] = (end, pick.choice(STATUSES))
    return (
        [(agent, start, end, kind, published) for (agent, start, published), (end, kind) in schedules.items()],
        [(agent, start, end, kind) for (agent, start), (end, kind) in statuses.items()],
        as_of,
    )


def walked(zone: ZoneInfo, schedules: list[tuple], statuses: list[tuple], as_of: datetime) -> dict:
    """(agent, local day) -> is_absent, is_present, busy, available, scheduled and adherent minutes."""

    def day(instant: datetime):
        return instant.astimezone(zone).date()

    never = datetime(1, 1, 1, tzinfo=UTC)
    last = defaultdict(lambda: never)
    seen = [row for row in schedules if row[4] is None or row[4] <= as_of]
    for agent, start, _, _, published in seen:
        last[agent, day(start)] = max(last[agent, day(start)], published or never)
    classes, winners, days = defaultdict(list), {}, defaultdict(lambda: defaultdict(int))
    for agent, start, end, kind, published in seen:
        if (published or never) == last[agent, day(start)]:
            for minute in range((end - start) // MINUTE):
                classes[agent, start + minute * MINUTE].append(kind)
    for agent, start, end, kind in sorted(statuses, key=lambda row: row[1]):
        for minute in range((min(end or as_of, as_of) - start) // MINUTE):
            winners[agent, start + minute * MINUTE] = kind
    for (agent, minute), kinds in classes.items():
        if day(minute) <= day(as_of):
            cell = days[agent, day(minute)]
            for kind in kinds:
                cell[kind] += 1
                if minute < as_of and kind in ("productive", "non_productive"):
                    status = winners.get((agent, minute))
                    cell["scheduled"] += 1
                    cell["adherent"] += status in STAFFED if kind == "productive" else status == "non_productive"
    for (agent, minute), kind in winners.items():
        days[agent, day(minute)]["status", kind] += 1
    found = {}
    for key, cell in days.items():
        is_absent = (cell["time_off"] > 0 or cell["sick"] > 0) and not cell["productive"]
        in_status = {kind: cell["status", kind] for kind in STATUSES}
        at_work = any(minutes for kind, minutes in in_status.items() if kind != "offline")
        busy = in_status["on_contact"] + in_status["after_contact"]
        times = (busy, in_status["available"], cell["scheduled"], cell["adherent"])
        found[key] = (is_absent, at_work and not is_absent, *times)
    return found


def queried(statements: list[str], path: Path, zone: str, week: tuple) -> dict:
    schedules, statuses, as_of = week

    def naive(rows: list[tuple]) -> list[tuple]:
        return [tuple(v.replace(tzinfo=None) if isinstance(v, datetime) else v for v in row) for row in rows]

    with duckdb.connect(str(path)) as con:
        con.execute("set TimeZone = 'UTC'; create schema control")
        for schema, tables in (("main", STAND_INS), ("control", CONTROL)):
            for name, columns in tables.items():
                con.execute(f"create table {schema}.{name} ({columns})")
        con.executemany(
            "insert into stg_generic__schedule_intervals values (?, ?, ?, ?, null, 'T', ?, null, 1, 1)",
            naive(schedules),
        )
        con.executemany(
            "insert into int_status_interval_versions values ('generic', ?, ?, ?, ?, null, null, 1, 1)",
            naive(statuses),
        )
        con.execute("insert into control.run_settings values (?, ?)", [as_of.replace(tzinfo=None), zone])
        for statement in statements:
            con.execute(statement)
        rows = con.execute("""
            select
                agent, local_day, is_absent, is_present, coalesce(busy_seconds, 0) / 60,
                coalesce(available_seconds, 0) / 60, coalesce(scheduled_seconds, 0) / 60,
                coalesce(adherent_seconds, 0) / 60
            from fct_agent_day
        """).fetchall()
    return {(agent, local_day): tuple(values) for agent, local_day, *values in rows}


@pytest.mark.parametrize(("zone", "day"), WEEKS)
@pytest.mark.parametrize("seed", range(4))
def test_every_minute_is_counted_on_its_local_day(statements, tmp_path, zone, day, seed):
    week = random_week(zone, day, seed)
    assert queried(statements, tmp_path / "warehouse.duckdb", zone, week) == walked(ZoneInfo(zone), *week)
