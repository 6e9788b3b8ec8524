"""Whole nights with a database server: away, with a wrong password, there; then rollback and somebody forgotten."""

import pytest

from ingestion.people import person_key
from orchestration.lib import versions
from tests.conftest import AS_OF
from tests.faults.traces import needles_of
from tests.serving.by_hand import differences
from tests.serving.servers import PASSWORD, QUOTED, needs_driver, needs_server, postgres, support_kpis

pytestmark = [pytest.mark.long, needs_driver, needs_server]
AWAY = "postgresql://kpis:gehe%40im@127.0.0.1:1/bi"


@pytest.fixture(scope="module")
def server():
    with postgres() as one:
        yield one


def shown(server):
    return server.sql("select run_id from support_kpis.served_version")[0][0]


def someone(home):
    """The address that most tickets of the exports name."""
    emails = [name for name in needles_of(home / "landing") if "@" in name]
    text = "".join(path.read_text() for path in (home / "landing" / "generic" / "tickets").glob("*.csv"))
    return max(emails, key=text.count)


def test_nights_serve_what_they_publish_and_stand_when_they_cannot(home_after_first_night, server, tmp_path):
    home = home_after_first_night
    published, first = home / "published", versions.current_version(home / "published")

    def run(says, **env):
        done = support_kpis(*says, "--home", home, **env)
        assert not any(word in done.stdout + done.stderr for word in (PASSWORD, QUOTED, "gehe"))
        return done

    night = ("run", "--as-of", AS_OF)
    for url in (AWAY, server.url(password="gehe%40im")):
        done = run(night, SUPPORT_KPIS_POSTGRES_URL=url)
        assert done.returncode == 0, done.stderr
        assert "served/postgres, current_version_is_shown: connection failed" in done.stderr
    away = versions.current_version(published)
    assert away != first
    done = run(("serve",), SUPPORT_KPIS_POSTGRES_URL=AWAY)
    assert done.returncode == 1 and "Connection refused" in done.stderr and done.stderr.count("\n") == 1
    done = run(("doctor",), SUPPORT_KPIS_POSTGRES_URL=AWAY)
    assert done.returncode == 1 and "then support-kpis serve" in done.stdout

    done = run(night, **server.env)
    assert done.returncode == 0 and "served/postgres" not in done.stderr, done.stderr
    third = versions.current_version(published)
    assert shown(server) == third
    assert differences(server, "support_kpis", home, tmp_path) == {}
    keys = server.sql(
        "select count(*) from pg_constraint where contype = 'p' and connamespace = 'support_kpis'::regnamespace"
        " and conrelid <> 'support_kpis.served_version'::regclass"
    )
    assert keys == [[str(len(versions.current_manifest(published)["tables"]))]]
    table = "'support_kpis.fct_call'::regclass"
    texts = f"select obj_description({table}), col_description({table}, 1)"
    assert all(server.sql(texts)[0])

    assert run(("rollback",), **server.env).returncode == 0 and shown(server) == away
    done = run(("rollback", third), SUPPORT_KPIS_POSTGRES_URL=AWAY)
    assert done.returncode == 1 and f"current is now {third}" in done.stderr and "support-kpis serve" in done.stderr

    email = someone(home)
    key = person_key("email", email, (home / "pii.key").read_text().strip())
    holding = f"select count(*) from support_kpis.fct_contact where customer_key = '{key}'"
    assert server.sql(holding) != [["0"]]
    done = run(("forget", "--email", email), SUPPORT_KPIS_POSTGRES_URL=AWAY)
    assert done.returncode == 1 and "the database server still shows the version before" in done.stderr
    assert server.sql(holding) != [["0"]]
    done = run(("forget", "--email", email), **server.env)
    assert done.returncode == 0, done.stderr
    assert server.sql(holding) == [["0"]] and shown(server) == versions.current_version(published)
    assert differences(server, "support_kpis", home, tmp_path) == {}

    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(word.encode() in content for word in (PASSWORD, QUOTED, "gehe%40im", "gehe@im")), path
