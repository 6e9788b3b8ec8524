"""Versions in a real PostgreSQL: every row, readers in the middle, killed loads, other columns, and what is refused."""

import os
import signal
import subprocess
import time

import pytest

from ingestion.settings import CHECKOUT
from tests.drivers import PYTHON, environment
from tests.serving.by_hand import Served, differences
from tests.serving.servers import (
    PASSWORD,
    QUOTED,
    asked,
    needs_driver,
    needs_server,
    postgres,
    psql,
    support_kpis,
)

pytestmark = [pytest.mark.long, needs_driver, needs_server]

ODD = """
select * from (values
    ('', null, 'nan'::double, null, timestamp '1969-12-31 23:59:59.123456', date '0001-01-01', true),
    (null, 9223372036854775807, 'inf'::double, 1.5, timestamp '2026-03-01', date '9999-12-31', false),
    ('naïve 日本 🙂 "x", it''s 100 %' || chr(10) || chr(13) || chr(9) || '\\N', -1, -0.1, 0.000001, null, null, null),
    ('\\.', -9223372036854775808, 5e-324, -99999999999999999999999999999999.999999::decimal(38,6), null, null, null),
    ('zero' || chr(0), 0, '-0'::double, 0, null, null, null)
) rows(name, n, share, amount, moment, on_day, is_it)
"""


@pytest.fixture(scope="module")
def server():
    with postgres() as one:
        yield one


@pytest.fixture
def served(tmp_path, server, request):
    return Served(tmp_path / "home", server, f"s{abs(hash(request.node.name))}")


def test_odd_values_are_the_same_there(served, server, tmp_path):
    served.publish("one", fct_odd=ODD, dim_none="select 1 as i where false", mart_null="select null::varchar as t")
    said = served.serve()
    assert f"schema {served.schema} shows one: 3 of 3 tables loaded, 6 rows" in said
    assert differences(server, served.schema, served.home, tmp_path) == {}
    (row,) = served.sql("select name is null, share, amount, moment is null from fct_odd where name = '\\.'")
    assert row == ["f", "5e-324", "-99999999999999999999999999999999.999999", "t"]
    before = served.sql("select served_at from served_version")
    assert "0 of 3 tables loaded, 0 rows" in served.serve()
    assert served.sql("select served_at from served_version") == before


def numbers(count: int, factor: int) -> str:
    return f"select 'k' || i as id, i * {factor} as n, i % 7 = 0 as b from range({count}) r(i)"


KEYS = {"fct_a": ["id"], "fct_b": ["id"]}


def totals(session) -> list[str]:
    return [asked(session, f"select count(*) || ' ' || sum(n) from fct_{name}") for name in "ab"]


def test_a_reader_keeps_one_version_and_holds_nobody_up(served, server):
    served.publish("one", KEYS, fct_a=numbers(1000, 1), fct_b=numbers(1000, 1))
    served.serve()
    with psql(server, "bi") as reader:
        reader.stdin.write(f"set search_path = {served.schema}; begin isolation level repeatable read;\n")
        assert asked(reader, "select count(*) || ' ' || sum(n) from fct_a") == "1000 499500"
        served.publish("two", KEYS, fct_a=numbers(900, 2), fct_b=numbers(1100, 3))
        served.serve()
        assert served.shown() == "two"
        assert asked(reader, "select run_id from served_version") == "one"
        assert totals(reader) == ["1000 499500", "1000 499500"], "of a table that it had not read before, too"
        reader.stdin.write("commit;\n")
        assert totals(reader) == ["900 809100", "1100 1813350"]


def test_only_what_differs_is_written_and_what_others_changed_is_mended(served, server, tmp_path):
    served.publish("one", KEYS, fct_a=numbers(1000, 1), fct_b=numbers(1000, 1))
    served.serve()
    changed = f"select id, if(id = 'k5', -1, n) as n, b from ({numbers(1001, 1)}) where id <> 'k7'"
    served.publish("two", KEYS, fct_a=changed, fct_b=numbers(1000, 1))
    assert "1 of 2 tables loaded, 2 rows" in served.serve()
    assert differences(server, served.schema, served.home, tmp_path) == {}
    for run_id, harm in (
        ("three", "delete from fct_a where id = 'k9'"),
        ("four", "insert into fct_a values ('k2001')"),
    ):
        served.sql(harm, user="kpis")
        served.publish(run_id, KEYS, fct_a=numbers(2002 if run_id == "four" else 999, 3), fct_b=numbers(1000, 1))
        served.serve()
        assert differences(server, served.schema, served.home, tmp_path) == {}
    served.sql("drop table fct_b", user="kpis")
    assert "1 of 2 tables loaded, 1,000 rows" in served.serve()
    assert differences(server, served.schema, served.home, tmp_path) == {}


def test_a_killed_load_leaves_the_version_and_the_next_one_goes_through(served, server, tmp_path):
    served.publish("one", KEYS, fct_a=numbers(1000, 1), fct_b=numbers(1000, 1))
    served.serve()
    served.publish("two", KEYS, fct_a=numbers(1000, 2), fct_b=numbers(1000, 2), fct_c=numbers(10, 1))
    with psql(server) as holder:
        assert asked(holder, f"begin; lock table {served.schema}.fct_b in exclusive mode; select 'held'") == "held"
        command = [str(PYTHON), "-P", "-m", "orchestration.cli", "serve", "--home", str(served.home)]
        process = subprocess.Popen(command, cwd=CHECKOUT, env=environment(**server.env), stderr=subprocess.DEVNULL)
        waiting = (
            "select count(*) from pg_stat_activity where application_name = 'support-kpis' and wait_event_type = 'Lock'"
        )
        while server.sql(waiting) != [["1"]]:
            assert process.poll() is None, "it never came to the table that is locked"
            time.sleep(0.1)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert served.shown() == "one"
        assert served.sql("select sum(n) from fct_a") == [["499500"]]
        holder.stdin.write("rollback;\n")
        holder.stdin.flush()
        assert "3 of 3 tables loaded" in served.serve() and served.shown() == "two"
    assert differences(server, served.schema, served.home, tmp_path) == {}
    tables = served.sql(
        "select relname from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'"
    )
    assert sorted(tables) == [["fct_a"], ["fct_b"], ["fct_c"], ["served_version"]]


def test_columns_that_change_keep_the_rights_and_what_stands_on_them_is_not_torn_down(served, server, tmp_path):
    first = "select i as id, 'x' as old, 1::bigint as n, 2 as m from range(10) r(i)"
    served.publish("one", {"fct_a": ["id"]}, fct_a=first, fct_gone="select 1 as i")
    served.serve()
    served.sql("grant select on fct_a to public; create view mine as select old from fct_a", user="kpis")
    second = "select i as id, 1.5::decimal(18,6) as n, 2 as m, true as new from range(20) r(i)"
    served.publish("two", {"fct_a": ["id", "new"]}, fct_a=second)
    said = served.serve(says=1)
    assert said.count("\n") == 1 and "other objects depend on it" in said and "call serve again" in said
    assert served.shown() == "one" and served.sql("select count(*) from fct_a") == [["10"]]
    served.sql("drop view mine", user="kpis")
    served.serve()
    assert served.shown() == "two" and differences(server, served.schema, served.home, tmp_path) == {}
    rights = "select relacl from pg_class where oid = 'fct_a'::regclass"
    assert "=r/kpis" in served.sql(rights)[0][0].replace("bi=r/kpis", "").replace("kpis=", "")
    key = "select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'fct_a'::regclass and contype = 'p'"
    assert served.sql(key) == [["PRIMARY KEY (id, new)"]]
    assert served.sql("select to_regclass('fct_gone') is null") == [["t"]]


def test_tables_of_others_and_users_without_rights_are_refused(served, server):
    served.publish("one", fct_a=numbers(10, 1))
    server.sql(f"create schema {served.schema} authorization kpis; create table {served.schema}.fct_a (mine int)")
    said = served.serve(says=1)
    assert f"the schema {served.schema} has a table fct_a that support-kpis did not make" in said
    server.sql(f"drop schema {served.schema} cascade; revoke create on database bi from kpis")
    try:
        assert "permission denied for database bi" in served.serve(says=1)
        done = support_kpis("doctor", "--home", served.home, **server.env)
        assert "the server's user may not create a schema in this database" in done.stdout
    finally:
        server.sql("grant create on database bi to kpis")


def test_a_wrong_password_is_a_line_without_it(served, server):
    served.publish("one", fct_a=numbers(10, 1))
    for url in (server.url(password="gehe%40im"), "postgresql://kpis:gehe@im@127.0.0.1/bi"):
        done = support_kpis("serve", "--home", served.home, SUPPORT_KPIS_POSTGRES_URL=url)
        assert done.returncode in (1, 2) and done.stderr.count("\n") == 1
        assert "gehe" not in done.stderr and "@im" not in done.stderr
    assert PASSWORD not in served.serve() and QUOTED not in served.serve()
