"""What DuckDB and Spark make of ugly values, each in its own words: macros of macros/engines, rules of spelling.py."""

from decimal import Decimal
from itertools import product

import duckdb
import pytest

from tests.macros import rendered
from tests.spark.sessions import needs_spark

pytestmark = needs_spark

INSTANTS = (
    "null",
    "timestamp '2024-04-25 21:59:59.999999'",
    "timestamp '2024-04-25 22:00:00'",
    "timestamp '2024-10-31 20:59:59'",
    "timestamp '2024-10-31 21:30:00'",
    "timestamp '2024-10-27 00:30:00'",
    "timestamp '2024-10-27 01:30:00.000001'",
    "timestamp '2024-12-30 23:00:00'",
    "timestamp '2024-02-29 12:34:56.5'",
    "timestamp '1999-12-31 23:59:59'",
)
ZONES = (
    "null",
    "'UTC'",
    "'Africa/Cairo'",
    "'Europe/Berlin'",
    "'America/Havana'",
    "'Asia/Kathmandu'",
    "'Australia/Lord_Howe'",
)
DAYS = (
    "null",
    "date '2024-04-26'",
    "date '2024-11-01'",
    "date '2024-11-03'",
    "date '2024-03-10'",
    "date '2024-10-27'",
    "date '2024-12-30'",
    "date '2011-12-30'",
)
TEXTS = ("null", "''", "'a;b;;c'", "'Größe'", "'日本; 語'", "'a.b|c'", '\'{"a b": 1.50, "c\'\'d": null, "e": "x"}\'')
DECIMALS = ("null", "0.000000", "1.500000", "-2.500000", "0.333333", "123456789012.123456")

EXPRESSIONS = {
    "local_time('moment', 'zone')": ("moment", "zone"),
    "local_date('moment', 'zone')": ("moment", "zone"),
    "local_hour('moment', 'zone')": ("moment", "zone"),
    "local_weekday('moment', 'zone')": ("moment", "zone"),
    "local_midnight('day', 'zone')": ("day", "zone"),
    "seconds_between('moment', 'other')": ("moment", "other"),
    "add_seconds('moment', 'amount')": ("moment", "amount"),
    "utc_offset('moment', 'zone')": ("moment", "zone"),
    "json_field('object', 'key')": ("object", "key"),
    "log_gamma('number')": ("number",),
}
SQL = {
    "isodow(day)": ("day",),
    "cast(date_trunc('week', day) as date)": ("day",),
    "cast(date_trunc('month', day) as date)": ("day",),
    "date_diff('day', day, cast(moment as date))": ("day", "moment"),
    "epoch_us(moment)": ("moment",),
    "moment + to_hours(36)": ("moment",),
    "moment + interval 1 day - interval 1 microsecond": ("moment",),
    "cast(amount as double) / nullif(cast(amount as double), 0)": ("amount",),
    "amount / 3": ("amount",),
    "7 // 2 + 7 % 4": (),
    "string_split(text, ';')[2]": ("text",),
    "list_contains(string_split(text, ';'), 'b')": ("text",),
    "lower(trim(text))": ("text",),
    "split_part(text, ';', 2)": ("text",),
    "text || cast(amount as varchar)": ("text", "amount"),
    "least(amount, 1)": ("amount",),
    "greatest(moment, timestamp '2024-10-27 01:00:00')": ("moment",),
    "list_sum([k * 2 for k in range(0, 4)])": (),
    "list_sum(list_transform(range(3, 1), lambda k: cast(k as double)))": (),
    "list_reduce(range(3, -1, -1), lambda total, k: total * 2 + k, cast(1 as double))": (),
    "cast(moment as varchar)": ("moment",),
    "cast(day as varchar)": ("day",),
    "try_cast(text as decimal(18, 6))": ("text",),
    "amount is distinct from 0": ("amount",),
    "log2(4 + abs(cast(amount as double)))": ("amount",),
}
OBJECTS = (
    "null",
    "'{}'",
    """'{"a b": 1.50, "c.d": null, "e": "x;y", "Größe": true, "n": {"e": 2}, "l": [1, "z"]}'""",
)
KEYS = ("null", "'a b'", "'c.d'", "'e'", "'Größe'", "'n'", "'missing'")
NUMBERS = ("null", "1e-3", "0.5", "1", "2", "3.75", "60", "1000.5", "1e7")
VALUES = {
    "object": OBJECTS,
    "key": KEYS,
    "number": NUMBERS,
    "moment": INSTANTS,
    "other": INSTANTS,
    "zone": ZONES,
    "day": DAYS,
    "text": TEXTS,
    "amount": DECIMALS,
}
TYPES = {
    "object": "varchar",
    "key": "varchar",
    "number": "double",
    "moment": "timestamp",
    "other": "timestamp",
    "zone": "varchar",
    "day": "date",
    "text": "varchar",
    "amount": "decimal(18, 6)",
}
#: Over rows of groups: ties, nulls, one row, none that counts.
AGGREGATES = (
    "max_by(label, (place, label))",
    "min_by(label, (place, label))",
    "max_by(label = 'b' or label is null, place)",
    "max_by(label, place) filter (where place < 3)",
    "string_agg(label, ';' order by label)",
    "string_agg(distinct label, ';' order by label) filter (where place > 1)",
    "median(amount)",
    "count(distinct label)",
    "list_sum(quantile_cont(cast(amount as double), [0.5, 0.9]))",
    "var_samp(cast(amount as double) order by amount)",
    "avg(amount)",
    "sum(amount)",
    "bool_or(place > 2)",
    "bool_and(place > 0) filter (where label <> 'x')",
)
ROWS = """(values
    ('g', 'a', 1, 1.5), ('g', 'b', 2, 2.25), ('g', 'b', 2, null), ('g', null, 4, 7.0), ('h', 'x', 1, 0.1),
    ('i', null, null, null), ('j', 'ä', 3, 1.0), ('j', 'z', 3, 1.0), ('j', 'Z', 3, -1.0)
) as told (grp, label, place, amount)"""
FRAMES = """select grp, label, place, moment,
    count(*) over (partition by grp order by moment groups between unbounded preceding and 1 preceding) as before,
    count(*) over later as later,
    row_number() over (partition by grp order by label, place) as place_no
    from (
        select *, timestamp '2024-10-27 01:00:00' + place * interval 1 microsecond as moment
        from {rows} where place > 0
    ) as told
    window later as (partition by grp order by moment groups between 1 following and unbounded following)"""


def asked(session, ours: str, theirs: str | None = None) -> tuple[list[tuple], list[tuple]]:
    """The rows of a query on both engines, as text and sorted; floating point by itself."""
    from orchestration.spark.dialect import to_spark

    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        here = con.execute(ours).fetchall()
    there = session.sql(to_spark(theirs or ours, lambda query: session.sql(query).columns)).collect()
    return sorted(map(_plain, here)), sorted(map(_plain, there))


def _plain(row: tuple) -> tuple:
    return tuple(
        f"{round(float(one), 9) + 0.0:.10g}" if isinstance(one, int | float | Decimal) else str(one) for one in row
    )


def told(columns: tuple[str, ...], expression: str) -> str:
    rows = ", ".join(f"({', '.join(values)})" for values in product(*(VALUES[name] for name in columns)))
    if not columns:
        return f"select {expression} as found"
    typed = ", ".join(f"cast({name} as {TYPES[name]}) as {name}" for name in columns)
    names = ", ".join(columns)
    return f"select {names}, {expression} as found from (select {typed} from (values {rows}) as told ({names})) as told"


@pytest.mark.parametrize("call", EXPRESSIONS)
def test_macros(session, call):
    ours, theirs = (rendered(f"{{{{ {call} }}}}", "calendar", engine=engine) for engine in ("default", "spark"))
    here, there = asked(session, told(EXPRESSIONS[call], ours), told(EXPRESSIONS[call], theirs))
    assert here == there and len({row[-1] for row in here}) > 1


@pytest.mark.parametrize("sql", SQL)
def test_expressions(session, sql):
    here, there = asked(session, told(SQL[sql], sql))
    assert here == there


@pytest.mark.parametrize("aggregate", AGGREGATES)
def test_aggregates(session, aggregate):
    here, there = asked(session, f"select grp, {aggregate} as found from {ROWS} group by grp")
    assert here == there


def test_frames_of_peers(session):
    here, there = asked(session, FRAMES.format(rows=ROWS))
    assert here == there and len(here) == 8
