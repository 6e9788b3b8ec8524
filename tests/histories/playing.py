"""A night on a home through dbt itself, in this process: load, prepare, build, and the rows of every table.

What tables a whole build makes of the same lake is asked of the compiled SQL in memory. Nothing is judged here.
"""

import json
from pathlib import Path

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from ingestion.run import ingest
from ingestion.settings import Settings, load_settings
from ingestion.warehouse import prepare_warehouse
from orchestration.lib import built
from orchestration.lib.dbt import PROJECT, build_order, models_after, write_profile
from tests.histories.history import Night
from tests.worlds.compiled import DATABASE, RESULTS, Compiled
from tests.worlds.engine import built_tables
from tests.worlds.landed import KEY, configuration_of

CODE = "the code of a test"
#: Which contacts are touched is no table of the whole build.
NEWS = (
    "int_touched", "int_touched_orders", "int_touched_responses",
    "int_widened", "int_widened_responses", "int_widened_sales",
)  # fmt: skip
#: Table -> number of rows and a hash over them, whatever their order.
Tables = dict[str, tuple[int, int]]


class Player:
    """Nights in one home; dbt parses the project once."""

    def __init__(self, home: Path) -> None:
        self.settings = load_settings(home=home, env={"SUPPORT_KPIS_PII_KEY": KEY})
        self.settings.prepare_home()
        write_profile(self.settings)
        self._dbt = dbtRunner(manifest=_invoked(dbtRunner(), self.settings, "parse"))
        self._manifest = json.loads((self.settings.dbt_dir / "target" / "manifest.json").read_bytes())

    def play(self, night: Night) -> bool:
        """Lands and loads the files and builds the tables; whether that added to those that stood."""
        for name, content in night.files.items():
            path = self.settings.landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        configuration = configuration_of(night.world)
        ingest(self.settings, configuration, run_id="night")
        with duckdb.connect(str(self.settings.warehouse)) as con:
            con.execute("set TimeZone = 'UTC'")
            last = built.last(con, CODE)
            prepared = prepare_warehouse(con, self.settings, configuration, night.world.as_of, "night", last)
            whole = models_after(self._manifest, prepared.changed)
            built.tell_whole(con, whole)
            built.forget(con, [])
        standing = [] if prepared.has_news else [name for name in build_order(self._manifest) if name not in whole]
        wanted = ["--select", *(f"+{name}" for name in RESULTS), "--exclude", "resource_type:test", *standing]
        _invoked(self._dbt, self.settings, "run", *wanted)
        with duckdb.connect(str(self.settings.warehouse)) as con:
            built.remember(con, prepared, CODE)
        return prepared.adds_since is not None

    def tables(self) -> Tables:
        with duckdb.connect(str(self.settings.warehouse), read_only=True) as con:
            return _tables(con)

    def whole(self, compiled: Compiled, night: Night) -> Tables:
        """The tables of a build that begins with none, from the same lake."""
        with duckdb.connect(config={"threads": 2}) as con:
            con.execute("set TimeZone = 'UTC'")
            con.execute(f"attach ':memory:' as {DATABASE}")
            con.execute(f"use {DATABASE}")
            prepare_warehouse(con, self.settings, configuration_of(night.world), night.world.as_of, "night")
            built_tables(compiled, con)
            return _tables(con)


def tables_after(nights: list[Night], home: Path, compiled: Compiled) -> Tables:
    """The tables of the last night. All but the first add to the last one and leave those of a whole build."""
    player = Player(home)
    assert player.play(nights[0]) is False
    for night in nights[1:]:
        assert player.play(night) is True
        found, whole = player.tables(), player.whole(compiled, night)
        assert [name for name in found if found[name] != whole[name]] == []
    return found


def _invoked(runner: dbtRunner, settings: Settings, *command: str):
    folders = ["--project-dir", str(PROJECT), "--profiles-dir", str(settings.dbt_dir)]
    folders += ["--target-path", str(settings.dbt_dir / "target"), "--log-path", str(settings.logs)]
    try:
        done = runner.invoke(["--quiet", "--no-version-check", *command, *folders])
    finally:
        # The file stays open else, with settings that no other connection of this process may differ from.
        DuckDBConnectionManager.close_all_connections()
    told = [f"{one.node.name}: {one.message}" for one in getattr(done.result, "results", []) if one.status == "error"]
    assert done.success, "\n".join(told) or done.exception
    return done.result


def _tables(con: duckdb.DuckDBPyConnection) -> Tables:
    names = con.execute(
        "select table_name from information_schema.tables"
        " where table_schema = 'main' and table_type = 'BASE TABLE' order by all"
    ).fetchall()
    return {
        name: con.execute(f'select count(*), coalesce(sum(hash(t)::hugeint), 0) from main."{name}" as t').fetchall()[0]
        for (name,) in names
        if name not in NEWS
    }
