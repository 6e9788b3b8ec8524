"""What faults of whole nights share: a small contact centre with a published night, nights in a process of their own,
and what holds of a published version whenever one looks.

Not here: any fault. Tables are read and hashed here by itself, never by the code under test.
"""

from __future__ import annotations

import atexit
import functools
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from ingestion.settings import CHECKOUT

AS_OF = "2026-03-02T00:00:00Z"
DAYS, CONTACTS_PER_DAY, SEED = 14, 15, 7
LATE_DAYS, LATE_SEED = 2, 8
NIGHT_SECONDS = 900

_given: list[Path] = []


@dataclass(frozen=True)
class Prepared:
    """`home`: published once; `late`: a landing area of what came since; `expected`: table -> hash with both."""

    home: Path
    late: Path
    expected: dict[str, str]

    def copy(self, target: Path, *, with_late: bool = True) -> Path:
        """A home to break, what came since landed in it."""
        shutil.copytree(self.home, target, symlinks=True)
        if with_late:
            self.land(target)
        return target

    def land(self, home: Path) -> None:
        shutil.copytree(self.late, home / "landing", dirs_exist_ok=True)


@dataclass(frozen=True)
class Ended:
    """A night that is over. `lines`: its progress on stderr, the last one the error if there was any."""

    code: int
    lines: list[str]
    result: dict


def start_from(home: Path) -> None:
    """Use a home as of AS_OF that somebody has published already, instead of making one; it is only copied."""
    _given.append(home)


@functools.cache
def base() -> Path:
    """A home with one published night, to copy; made once in a process, for all faults."""
    home = _root() / "home"
    if _given:
        shutil.copytree(_given[-1], home, symlinks=True)
    else:
        simulated(home / "landing", DAYS, CONTACTS_PER_DAY, SEED)
        must_publish(night(home))
    return home


@functools.cache
def prepared() -> Prepared:
    """That home, and what comes after its night."""
    home, late = base(), _root() / "late"
    before = hashes(home)
    simulated(late, LATE_DAYS, CONTACTS_PER_DAY, LATE_SEED)
    for path in [path for path in late.rglob("*") if path.is_file()]:
        named = path.rename(path.with_name(f"late-{path.name}"))
        # Something has to be unpacked, late in the order of loading.
        if named.parent.name in ("users", "contact_records") and named.suffix not in (".gz", ".zst"):
            named.with_name(f"{named.name}.gz").write_bytes(gzip.compress(named.read_bytes(), mtime=0))
            named.unlink()
    whole = Prepared(home, late, {}).copy(_root() / "whole")
    must_publish(night(whole))
    expected = hashes(whole)
    assert expected != before, "what comes late must change the tables"
    shutil.rmtree(whole)
    return Prepared(home, late, expected)


@functools.cache
def _root() -> Path:
    root = Path(tempfile.mkdtemp(prefix="nights-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root


def simulated(landing: Path, days: int, contacts_per_day: int, seed: int, end: str = AS_OF[:10]) -> None:
    """Exports of every adapter."""
    from ingestion.simulator import simulate

    landing.mkdir(parents=True)
    simulate(landing, days=days, contacts_per_day=contacts_per_day, seed=seed, end=date.fromisoformat(end))


def start(home: Path, *options: str, env: dict[str, str] | None = None, as_of: str = AS_OF) -> subprocess.Popen:
    """A night as cron starts it, leader of a process group of its own; stderr is the caller's to read."""
    command = [sys.executable, "-m", "orchestration.cli", "run", "--home", str(home), "--as-of", as_of, "--json"]
    return subprocess.Popen(
        [*command, *options],
        cwd=CHECKOUT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def ended(process: subprocess.Popen) -> Ended:
    """Waits for a night and reads what it said."""
    out, err = process.communicate(timeout=NIGHT_SECONDS)
    return Ended(process.returncode, err.splitlines(), json.loads(out) if out.strip() else {})


def night(home: Path, *options: str, **how) -> Ended:
    return ended(start(home, *options, **how))


def must_publish(done: Ended) -> None:
    assert done.code == 0, f"exit {done.code}: {done.lines[-3:]}"


def hashes(home: Path) -> dict[str, str]:
    """Table -> sha256 over its rows in order, of the current version's DuckDB file."""
    version = (home / "published" / "current").resolve(strict=True)
    names = json.loads((version / "manifest.json").read_text())["tables"]
    with duckdb.connect(str(version / "support_kpis.duckdb"), read_only=True) as connection:
        return {name: rows_hash(connection, name) for name in names}


def rows_hash(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """sha256 over the rows of a table in `main` in order, without the one column that tells of the clock."""
    left_out = "exclude (loaded_at)" if table == "mart_row_accounting" else ""
    digest = hashlib.sha256()
    for row in connection.execute(f'select * {left_out} from main."{table}" order by all').fetchall():
        digest.update(repr(row).encode())
    return digest.hexdigest()


def faults_of_version(home: Path) -> list[str]:
    """What is wrong with what readers find in `published/current` at this moment; nothing, if all is well."""
    current = home / "published" / "current"
    try:
        version = current.resolve(strict=True)
        manifest = json.loads((version / "manifest.json").read_text())
        with duckdb.connect(str(version / "support_kpis.duckdb"), read_only=True) as connection:
            names = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
            counts = {name: connection.execute(f'select count(*) from "{name}"').fetchall()[0][0] for name in names}
    except (OSError, ValueError, duckdb.Error) as error:
        return [f"the published version does not open: {' '.join(str(error).split())}"]
    wrong = [f"{path.name} beside the published file" for path in version.glob("*.wal")]
    if manifest["run_id"] != version.name:
        wrong.append(f"the manifest of {version.name} is of run {manifest['run_id']}")
    if counts != {name: fact["rows"] for name, fact in manifest["tables"].items()}:
        wrong.append("the tables are not those of the manifest")
    parquet = {path.stem for path in (version / "parquet").iterdir()}
    if parquet != counts.keys() or not (version / "scorecard.html").stat().st_size:
        wrong.append("the Parquet files or the page are not complete")
    return wrong


def leftovers(home: Path) -> list[str]:
    """What a night that ended well must not leave behind, relative to the home."""
    published = home / "published"
    found = [path for pattern in ("*.wal", "*.part", ".*.part") for path in home.rglob(pattern)]
    found += [path for path in (home / "tmp").rglob("*") if path.is_file()]
    found += [path for path in published.iterdir() if path.name not in ("current", "versions")]
    found += [path for path in (published / "versions").iterdir() if not (path / "manifest.json").exists()]
    found += [path for path in home.rglob(".*.[0-9]*") if path.is_file()]
    return sorted(str(path.relative_to(home)) for path in found)
