"""Streams side by side: the same lake whatever the threads, one failure ends all, and nobody is left working."""

import threading
import time
from datetime import date

import pytest

from ingestion import run as run_module
from ingestion.limits import Limits
from ingestion.outcome import StreamResult
from ingestion.side_by_side import SideBySide, Tools
from ingestion.simulator import simulate

STREAMS = [("generic", name) for name in ("calls", "tickets", "messages", "ratings", "remedies")]
ENDLESS = "SELECT count(*) FROM range(1_000_000_000_000) WHERE range % 7 = 3"


@pytest.fixture
def side_by_side(tmp_path):
    """Loads the streams with a function of stream and tools, in so many threads; gives results and lines."""

    def _side_by_side(load, threads: int):
        lines: list[str] = []
        limits = Limits(600, None, 0)
        found = SideBySide(tmp_path / "manifest.sqlite", tmp_path / "duckdb", limits, load)
        return found.run(STREAMS, threads, lines.append), lines

    return _side_by_side


def left_behind() -> list[str]:
    return [thread.name for thread in threading.enumerate() if "_work" in thread.name]


@pytest.mark.parametrize("threads", [1, 2, 5, 9])
def test_every_stream_is_loaded_once_and_its_lines_stay_together(side_by_side, threads):
    def load(stream, tools: Tools) -> StreamResult:
        time.sleep(0.01)
        tools.say([stream[1], f"{stream[1]} again"])
        return StreamResult(files_new=STREAMS.index(stream))

    results, lines = side_by_side(load, threads)
    assert {stream: result.files_new for stream, result in results.items()} == {s: n for n, s in enumerate(STREAMS)}
    assert sorted(lines[::2]) == sorted(name for _, name in STREAMS)
    assert [f"{line} again" for line in lines[::2]] == lines[1::2]
    assert not left_behind()


def test_each_may_spill(side_by_side):
    def load(stream, tools: Tools) -> StreamResult:
        tools.con.execute("SET memory_limit = '60MiB'")
        tools.con.execute(
            "CREATE OR REPLACE TEMP TABLE many AS SELECT range, md5(range::VARCHAR) AS hash FROM range(3_000_000)"
        )
        return StreamResult(files_new=tools.con.execute("SELECT count(DISTINCT hash) FROM many").fetchall()[0][0])

    results, _ = side_by_side(load, 2)
    assert {result.files_new for result in results.values()} == {3_000_000}


def test_one_failure_ends_the_work_of_all(side_by_side):
    def load(stream, tools: Tools) -> StreamResult:
        if stream == STREAMS[1]:
            time.sleep(0.3)
            raise OSError("no space left")
        tools.con.execute(ENDLESS).fetchall()
        raise AssertionError("that ends by itself")

    started = time.monotonic()
    with pytest.raises(OSError, match="no space left"):
        side_by_side(load, 3)
    assert time.monotonic() - started < 20
    assert not left_behind()


def test_who_watches_may_break_it_off(tmp_path):
    def load(stream, tools: Tools) -> StreamResult:
        tools.say(["begun"])
        tools.con.execute(ENDLESS).fetchall()
        raise AssertionError("that ends by itself")

    def interrupted(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SideBySide(tmp_path / "m.sqlite", tmp_path / "d", Limits(600, None, 0), load).run(STREAMS, 2, interrupted)
    assert not left_behind()


def test_the_last_at_work_has_all_that_there_is(side_by_side, monkeypatch):
    monkeypatch.setattr("ingestion.side_by_side.cores", lambda: 4)
    shares = {}
    asked_first = threading.Event()

    def load(stream, tools: Tools) -> StreamResult:
        def share() -> tuple:
            return tools.con.execute("SELECT current_setting('threads'), current_setting('memory_limit')").fetchall()[0]

        if stream != STREAMS[0]:
            assert asked_first.wait(20)
            return StreamResult()
        shares["first"] = share()
        asked_first.set()
        until = time.monotonic() + 20
        while share()[1] == shares["first"][1] and time.monotonic() < until:
            time.sleep(0.01)
        shares["last"] = share()
        return StreamResult()

    side_by_side(load, 2)
    assert shares == {"first": (2, "300.0 MiB"), "last": (4, "600.0 MiB")}


def test_the_lake_is_the_same_whatever_the_threads(lab, tmp_path, monkeypatch):
    found = []
    for cores in (1, 4):
        monkeypatch.setattr(run_module, "cores", lambda cores=cores: cores)
        again = type(lab)(tmp_path / f"home-{cores}")
        again.settings.landing.mkdir(parents=True)
        simulate(again.settings.landing, days=3, contacts_per_day=40, seed=3, end=date(2026, 3, 2))
        result = again.run()
        rows = {
            f"{source}/{stream}": again.rows(f"{source}/{stream}", "* EXCLUDE (_load_no)")
            for source, stream in result.streams
            if again.lake_files(f"{source}/{stream}")
        }
        found.append((rows, list(result.streams), [vars(done) | {"seconds": 0} for done in result.streams.values()]))
    assert found[0] == found[1]
    assert len(found[0][0]) > 15
