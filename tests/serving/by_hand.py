"""Versions written by hand, and what a server shows of one beside its DuckDB file."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from orchestration.lib import versions
from tests.serving.servers import Server, copied, support_kpis

#: How `psql` writes a table, read as text; null stands without quotes.
READ = (
    "read_csv('{}', auto_detect = false, header = false, columns = {{{}}}, quote = '\"', escape = '\"', delim = ',', "
    "nullstr = '', allow_quoted_nulls = false, new_line = '\\n')"
)


class Served:
    """A home whose versions are written by hand, and its schema."""

    def __init__(self, home, server, schema: str) -> None:
        self.home, self.server, self.schema = home, server, schema
        (home / "config").mkdir(parents=True)
        text = f'[serving.postgres]\nschema = "{schema}"\nreaders = ["bi"]\n'
        (home / "config" / "settings.toml").write_text(text)

    def publish(self, run_id: str, keys: dict[str, list[str]] | None = None, **tables: str) -> None:
        """A version of tables as these queries give them, that is current."""
        folder = self.home / "published" / "versions" / run_id
        folder.mkdir(parents=True)
        facts = {}
        with duckdb.connect(str(folder / "support_kpis.duckdb")) as connection:
            for name, query in tables.items():
                connection.execute(f"create table {name} as {query}")
                rows = connection.execute(f"select count(*) from {name}").fetchall()[0][0]
                facts[name] = {"rows": rows, "hash": query}
        told = {"run_id": run_id, "as_of": "2026-03-02T00:00:00Z", "tables": facts, "keys": keys or {},
                "published_at": f"2026-03-02T02:{len(list(folder.parent.iterdir())):02}:00+00:00"}  # fmt: skip
        (folder / versions.MANIFEST).write_text(json.dumps(told))
        versions.switch(self.home / "published", run_id)

    def serve(self, says: int = 0, **env: str) -> str:
        """What the command prints; `says`: its exit code."""
        done = support_kpis("serve", "--home", self.home, **(self.server.env | env))
        assert (done.returncode, done.stdout) == (says, ""), done.stderr
        return done.stderr

    def sql(self, text: str, user: str = "bi") -> list[list[str]]:
        return self.server.sql(f"set search_path = {self.schema}; {text}", user)

    def shown(self) -> str:
        return self.sql("select run_id from served_version")[0][0]


def differences(server: Server, schema: str, home: Path, folder: Path) -> dict[str, int]:
    """Table -> rows that only the current version or only the server has; tables without any are left out."""
    found = {}
    path = str(home / "published" / "current" / "support_kpis.duckdb")
    with duckdb.connect(path, read_only=True) as connection:
        for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
            columns = [row[:2] for row in connection.execute(f"describe {table}").fetchall()]
            file = folder / f"{table}.csv"
            names = ", ".join(f'"{name}"' for name, _ in columns)
            file.write_bytes(copied(server, f"select {names} from {schema}.{table}"))
            texts = ", ".join(f"'{name}': 'varchar'" for name, _ in columns)
            casts = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in columns)
            there = f"select {casts} from {READ.format(file, texts)}"
            # The one character that PostgreSQL takes in no text.
            ours = ", ".join(
                f'replace("{name}", chr(0), chr(65533))' if kind == "VARCHAR" else f'"{name}"' for name, kind in columns
            )
            here = f"select {ours} from {table}"
            counts = ", ".join(
                f"(select count(*) from ({one} except all {other}))" for one, other in ((here, there), (there, here))
            )
            if count := sum(connection.execute(f"select {counts}").fetchall()[0]):
                found[table] = count
    return found
