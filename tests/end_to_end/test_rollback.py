"""`support-kpis rollback` from outside: the command, readers before and after it, and the night that follows."""

import json
import shutil

import duckdb
import pytest

from orchestration.lib import versions
from orchestration.lib.job import Options, run_nightly
from tests.conftest import AS_OF
from tests.helpers import support_kpis


@pytest.fixture
def home(home_after_first_night):
    """A home with three versions, the newest of them current: first, second, third."""
    published = home_after_first_night / "published"
    original = (published / "current").resolve()
    for day, run_id in enumerate(("first", "second", "third"), start=1):

        def write(folder, day=day, run_id=run_id):
            versions.link_current(published, folder)
            manifest = versions.current_manifest(published) | {"run_id": run_id, "published_at": f"2020-03-0{day}"}
            (folder / "manifest.json").write_text(json.dumps(manifest))

        versions.publish(published, run_id, write)
    shutil.rmtree(original)
    return home_after_first_night


def rollback(home, *arguments):
    return support_kpis("rollback", *arguments, "--home", home)


def current(home):
    return (home / "published" / "current").resolve().name


def test_back_twice_readers_go_on_and_the_next_night_is_published_on_top(home):
    path = home / "published" / "current" / "support_kpis.duckdb"
    with duckdb.connect(str(path), read_only=True) as before:
        for expected in ("second", "first"):
            done = rollback(home)
            assert (done.returncode, current(home)) == (0, expected), done.stderr
            assert expected in done.stderr
        with duckdb.connect(str(path), read_only=True) as after:
            counts = [con.execute("select count(*) from fct_contact").fetchall() for con in (before, after)]
        assert counts[0] == counts[1]

    done = rollback(home)
    assert (done.returncode, current(home)) == (2, "first")
    assert "no version before the current one" in done.stderr and "third, second, first" in done.stderr
    done = rollback(home, "fourth")
    assert (done.returncode, current(home)) == (2, "first")
    assert "no version fourth" in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert rollback(home, "third").returncode == 0 and current(home) == "third"
    assert rollback(home).returncode == 0 and current(home) == "second"

    outcome = run_nightly(Options(home=home, as_of=AS_OF))
    assert outcome.published, outcome.error
    assert current(home) == outcome.run_id
    assert versions.newest_first(home / "published")[:2] == [outcome.run_id, "third"]
