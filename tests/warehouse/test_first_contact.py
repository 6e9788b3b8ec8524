"""Customers and first contacts: the compiled SQL of two models against slow, obvious Python on random small histories.

Numbers worked out by hand stand in the models' unit tests; how a contact comes by customer, type and outcome is not
asked here.
"""

import random
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa
import pytest

MODELS = ("int_customers", "int_first_contacts")
FIRST = datetime(2026, 3, 1)
DAY = 86_400
WINDOWS = {"unknown": 3 * DAY, "refund": 7 * DAY, "login": 7 * DAY, "delivery": 14 * DAY}
COLUMNS = {
    "contact_id": pa.string(), "customer_key": pa.string(), "issue_type": pa.string(), "arrived_at": pa.timestamp("us"),
    "fcr_window_seconds": pa.int64(), "is_in_history": pa.bool_(), "is_settled_at_once": pa.bool_(),
}  # fmt: skip


@pytest.fixture(scope="module")
def compiled(dbt_on_nothing) -> dict[str, str]:
    """Model -> the SQL that dbt makes of it."""
    done = dbt_on_nothing("compile", "--quiet", "--select", *MODELS)
    assert done.returncode == 0, done.stdout[-4000:]
    found = {path.stem: path.read_text() for path in (dbt_on_nothing.target / "compiled").rglob("*.sql")}
    return {name: found[name] for name in MODELS}


@pytest.fixture
def warehouse():
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute("set TimeZone = 'UTC'; attach ':memory:' as warehouse; use warehouse; create schema control")
        yield con


def put(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict], columns: dict[str, pa.DataType]) -> None:
    con.register("_rows", pa.Table.from_pylist(rows, schema=pa.schema(columns.items())))
    con.execute(f"create or replace table {table} as select * from _rows")
    con.unregister("_rows")


def random_history(number: int) -> list[dict]:
    """Up to 14 contacts of two customers on a coarse grid, so that ties and distances of exactly W are frequent."""
    draw = random.Random(number)
    step = draw.choice([DAY, DAY // 2, 12_345])
    contacts = []
    for place in range(draw.randint(1, 14)):
        issue_type = draw.choice(list(WINDOWS))
        contacts.append({
            "contact_id": f"{number}/{place}", "customer_key": f"{number}/{draw.randrange(2)}",
            "arrived_at": FIRST + timedelta(seconds=step * draw.randrange(30), microseconds=draw.choice([0, 0, 0, 1])),
            "issue_type": issue_type,
            "fcr_window_seconds": WINDOWS[issue_type], "is_in_history": draw.random() < 0.9,
            "is_settled_at_once": draw.random() < 0.7,
        })  # fmt: skip
    return contacts


def judge(contact: dict, history: list[dict], as_of: datetime) -> tuple:
    """(contact_id, is_first_contact, is_mature, is_resolved_first_contact) by looking at every other contact."""
    arrived_at, window = contact["arrived_at"], timedelta(seconds=contact["fcr_window_seconds"])
    same_matter = [
        other["arrived_at"]
        for other in history
        if other["is_in_history"]
        and other["customer_key"] == contact["customer_key"]
        and (other["issue_type"] == contact["issue_type"] or "unknown" in (other["issue_type"], contact["issue_type"]))
    ]
    if any(arrived_at - window <= instant < arrived_at for instant in same_matter):
        return contact["contact_id"], False, None, None
    if as_of - arrived_at < window:
        return contact["contact_id"], True, False, None
    came_back = any(arrived_at < instant <= arrived_at + window for instant in same_matter)
    return contact["contact_id"], True, True, contact["is_settled_at_once"] and not came_back


@pytest.mark.parametrize("day", [10, 21, 60])
def test_first_contacts_of_random_histories(compiled, warehouse, day):
    as_of = FIRST + timedelta(days=day)
    histories = [[c for c in random_history(number) if c["arrived_at"] <= as_of] for number in range(400)]
    put(warehouse, "main.int_contacts", [contact for history in histories for contact in history], COLUMNS)
    put(warehouse, "control.run_settings", [{"as_of": as_of}], {"as_of": pa.timestamp("us")})
    expected = [judge(c, history, as_of) for history in histories for c in history if c["is_in_history"]]
    assert {row[1:] for row in expected} >= {(False, None, None), (True, True, True), (True, True, False)}
    assert sorted(warehouse.execute(compiled["int_first_contacts"]).fetchall()) == sorted(expected)


def components(links: list[tuple[str, str]]) -> dict[str, str]:
    """Every key -> the smallest address of its group: groups that share a key are merged until none do."""
    groups: list[set[str]] = []
    for link in links:
        touching = [group for group in groups if group & set(link)]
        groups = [group for group in groups if not group & set(link)] + [set(link).union(*touching)]
    return {key: min(k for k in group if k.startswith("e")) for group in groups for key in group}


def customers(compiled, con: duckdb.DuckDBPyConnection, links: list[tuple[str, str]]) -> dict[str, str]:
    rows = [{"email_key": email, "phone_key": phone} for email, phone in sorted(set(links))]
    put(con, "main.int_person_links", rows, {"email_key": pa.string(), "phone_key": pa.string()})
    found = con.execute(compiled["int_customers"]).fetchall()
    assert len(found) == len(dict(found))
    return dict(found)


@pytest.mark.parametrize("number", range(60))
def test_customers_of_random_links(compiled, warehouse, number):
    draw = random.Random(number)
    people = draw.choice([2, 4, 10, 60])
    links = [(f"e{draw.randrange(people)}", f"p{draw.randrange(people)}") for _ in range(draw.randint(0, 2 * people))]
    assert customers(compiled, warehouse, links) == components(links)


def test_a_long_chain_takes_few_rounds(compiled, warehouse):
    """20,000 addresses in the worst order: as many rounds of 20,000 rows, were each to pass a label on by one."""
    chain = [(f"e{n + near:05}", f"p{n:05}") for n in range(19_999) for near in (0, 1)]
    warehouse.execute("set memory_limit = '300MB'; set max_temp_directory_size = '0MB'")
    assert set(customers(compiled, warehouse, chain).values()) == {"e00000"}


def test_a_number_shared_by_many_takes_no_square(compiled, warehouse):
    """A switchboard's number on 30,000 addresses: pairing them all would be 900 million rows."""
    warehouse.execute("set memory_limit = '300MB'; set max_temp_directory_size = '0MB'")
    assert set(customers(compiled, warehouse, [(f"e{n:05}", "p") for n in range(30_000)]).values()) == {"e00000"}
