"""How the time of first contact resolution grows: `python -m tests.benchmarks.fcr [--contacts N] [--busy SHARE]`.

Runs the compiled int_first_contacts on N/4, N/2 and N contacts of which a share is of customers with 10,000 contacts
each, and on as many with no busy customer; prints seconds and the ratio to the half as large run. A program, no test.
"""

import argparse
import subprocess
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.settings import load_settings
from ingestion.warehouse import prepare_warehouse
from orchestration.lib.dbt import EXECUTABLE, PROJECT, write_profile

MODEL = "int_first_contacts"
BUSY_CONTACTS = 10_000
HISTORY = """
create or replace table main.int_contacts as
select
    'generic/tickets/' || number as contact_id,
    sha256(case when number < $busy then 'busy ' || number // $each else 'other ' || number // 2 end) as customer_key,
    ['unknown', 'refund', 'delivery', 'login', 'broken'][1 + cast(hash(number) % 5 as bigint)] as issue_type,
    timestamp '2025-01-01' + to_seconds(cast(hash(number + 1) % 31536000 as bigint)) as arrived_at,
    604800 as fcr_window_seconds,
    true as is_in_history,
    hash(number + 2) % 3 > 0 as is_settled_at_once
from range($contacts) as numbers (number)
"""


def compiled_sql(home: Path) -> str:
    """The SQL that dbt makes of the model, over a warehouse prepared in `home`."""
    settings = replace(load_settings(home=home, env={}), as_of=datetime(2026, 1, 1, tzinfo=UTC))
    settings.prepare_home()
    write_profile(settings)
    with duckdb.connect(str(settings.warehouse)) as con:
        configuration = load_configuration(settings, kpi_catalogue())
        prepare_warehouse(con, settings, configuration, settings.as_of, run_id="benchmark")
    target = settings.dbt_dir / "target"
    options = {
        "--project-dir": PROJECT,
        "--profiles-dir": settings.dbt_dir,
        "--target-path": target,
        "--log-path": home,
    }
    command = [str(EXECUTABLE), "--quiet", "compile", "--select", MODEL]
    command += [str(part) for option in options.items() for part in option]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next((target / "compiled").rglob(f"{MODEL}.sql")).read_text()


def seconds(con: duckdb.DuckDBPyConnection, sql: str, contacts: int, busy_share: float) -> float:
    busy = round(contacts * busy_share / BUSY_CONTACTS) * BUSY_CONTACTS
    con.execute(HISTORY, {"contacts": contacts, "busy": busy, "each": BUSY_CONTACTS})
    started = time.perf_counter()
    con.execute(f"create or replace table main.{MODEL} as {sql}")
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=5_000_000, help="contacts of the largest run")
    parser.add_argument("--busy", type=float, default=0.01, help="share of contacts by customers of 10,000 each")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        sql = compiled_sql(home)
        with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb")) as con:
            con.execute("set TimeZone = 'UTC'; set threads = 2")
            print(f"{'contacts':>10} {'busy share':>10} {'seconds':>8} {'ratio':>6}")
            for share in dict.fromkeys((0.0, arguments.busy)):
                previous = None
                for contacts in (arguments.contacts // 4, arguments.contacts // 2, arguments.contacts):
                    taken = seconds(con, sql, contacts, share)
                    ratio = f"{taken / previous:6.2f}" if previous else ""
                    print(f"{contacts:>10,} {share:>10.0%} {taken:>8.2f} {ratio:>6}", flush=True)
                    previous = taken


if __name__ == "__main__":
    main()
