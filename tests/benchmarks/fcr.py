"""How the time of first contact resolution grows: contacts of which 1 % are of customers with 10,000 contacts each.

Timed is the compiled int_first_contacts over a history made in SQL; twice the contacts, and none of them busy.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from tests.benchmarks import compiled
from tests.benchmarks.measure import Row, alternating, once_prepared

MODEL = "int_first_contacts"
CONTACTS = 5_000_000
BUSY_SHARE, BUSY_CONTACTS = 0.01, 10_000
HISTORY = """
create table main.int_contacts as
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


def rows(folder: Path, scale: float, times: int) -> Iterator[Row]:
    given = once_prepared(folder, "first-contacts", _compiled)
    contacts = round(CONTACTS * scale)
    (given / "contacts.txt").write_text(str(contacts))
    timed = alternating(__name__, ("whole", "half", "nobody_busy"), given, times)
    whole, half, calm = (timed[way].seconds for way in ("whole", "half", "nobody_busy"))
    what = f"first contacts among {contacts:,}, 1 % of very busy customers"
    yield Row(what, f"{whole:.2f} s", f"half as many {half:.2f} s", whole / half, "≤ 2.3")
    yield Row(f"{what}, to nobody busy", f"{whole:.2f} s", f"{calm:.2f} s", whole / calm, "")


def _compiled(draft: Path) -> None:
    compiled.prepared(draft)
    (draft / "model.sql").write_text(dict(compiled.models(draft, MODEL))[MODEL])


def whole(given: Path, work: Path) -> float:
    return _seconds(given, work, 1, BUSY_SHARE)


def half(given: Path, work: Path) -> float:
    return _seconds(given, work, 2, BUSY_SHARE)


def nobody_busy(given: Path, work: Path) -> float:
    return _seconds(given, work, 1, 0.0)


def _seconds(given: Path, work: Path, part: int, busy_share: float) -> float:
    contacts = int((given / "contacts.txt").read_text()) // part
    busy = round(contacts * busy_share / BUSY_CONTACTS) * BUSY_CONTACTS
    with duckdb.connect(str(work / "warehouse.duckdb")) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"attach '{given}/warehouse/warehouse.duckdb' as made (read_only)")
        con.execute("create schema control; create table control.run_settings as from made.control.run_settings")
        con.execute(HISTORY, {"contacts": contacts, "busy": busy, "each": BUSY_CONTACTS})
        began = time.perf_counter()
        con.execute(f"create table main.{MODEL} as {(given / 'model.sql').read_text()}")
        return time.perf_counter() - began
