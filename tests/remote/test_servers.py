"""Landing areas on real servers: S3 with what a Firehose of Amazon Connect writes, and SFTP with its host keys."""

import gzip
import os
import re
import time
from pathlib import Path

import duckdb
import pytest

from ingestion.simulator import simulate
from tests.conftest import SAMPLE_END
from tests.remote.conftest import calls
from tests.remote.servers import loaded, needs_drivers, needs_sshd, new_key, ssh, store, support_kpis_with_drivers

pytestmark = [pytest.mark.long, needs_drivers]
RECORDS = "amazon_connect/contact_records"
A = "generic/calls/a.csv"


@pytest.fixture(scope="module")
def exports(tmp_path_factory) -> Path:
    """A landing area of a simulated week."""
    folder = tmp_path_factory.mktemp("exports")
    simulate(folder, days=7, contacts_per_day=30, seed=5, end=SAMPLE_END)
    return folder


def contact_records(home: Path) -> list[tuple]:
    with duckdb.connect() as con:
        files = f"{home}/lake/{RECORDS}/**/*.parquet"
        rows = f"read_parquet('{files}', union_by_name = true)"
        return con.execute(f"select columns(lambda c: not starts_with(c, '_')) from {rows} order by all").fetchall()


def test_what_a_firehose_wrote_loads_like_the_file(tmp_path, exports):
    local, remote = tmp_path / "local", tmp_path / "remote"
    key = {"SUPPORT_KPIS_PII_KEY": "k" * 32}
    packed = b"".join(path.read_bytes() for path in sorted((exports / RECORDS).glob("*.gz")))
    plain = b"".join(path.read_bytes() for path in sorted((exports / RECORDS).iterdir()) if path.suffix != ".gz")
    records = re.split(rb'\n*(?={"AWSContactTraceRecordFormatVersion")', gzip.decompress(packed) + plain)[1:]
    target = local / "landing" / RECORDS
    target.mkdir(parents=True)
    (target / "export.json").write_bytes(b"\n".join(records))
    assert loaded(local, **key)["loaded"] > 10
    with store(tmp_path) as bucket:
        for hour in range(4):
            # One object after the other without a line between, some packed, named as Firehose names them.
            content = b"".join(records[hour::4])
            name = f"{RECORDS}/2026/03/01/{hour:02}/ctr-1-2026-03-01-{hour:02}-00-00-6f2c{hour}"
            bucket.put(name + ".gz" * (hour % 2), gzip.compress(content) if hour % 2 else content)
        bucket.put(f"{RECORDS}/processing-failed/", b"")
        bucket.put(f"{RECORDS}/2025/old", b"x", **{"x-amz-storage-class": "GLACIER"})
        first = loaded(remote, **key, **bucket.env)
        assert first["messages"] == [f"{RECORDS}/2025/old: is in cold storage (GLACIER), passed over"]
        assert any(line.startswith(f"{RECORDS}: 4 files, ") and " fetched" in line for line in first["said"])
        assert contact_records(remote) == contact_records(local)

        gets = len(bucket.requests_made("GET"))
        assert loaded(remote, **key, **bucket.env)["loaded"] == 0
        listings = bucket.requests_made("GET")[gets:]
        assert listings and all("list-type=2" in line for line in listings), "unchanged objects are not fetched"
        again = f"{RECORDS}/2026/03/01/00/ctr-1-2026-03-01-00-00-00-6f2c0"
        bucket.put(again, b"".join(records[0::4]).replace(b"VOICE", b"CHAT"))
        said = loaded(remote, **key, **bucket.env)["said"]
        assert any(line.startswith(f"{RECORDS}: 1 files, ") and " fetched" in line for line in said)
        puts = bucket.requests_made("PUT", "POST", "DELETE")
        assert len(puts) == 8, "the bucket and seven objects of this test's own"


def test_a_night_over_s3_and_one_when_it_is_gone(tmp_path, exports):
    home = tmp_path / "home"
    as_of = ("--as-of", "2026-03-02T00:00:00Z")
    with store(tmp_path) as bucket:
        files = [path for path in exports.rglob("*") if path.is_file()]
        for path in files:
            bucket.put(str(path.relative_to(exports)), path.read_bytes())
        done = support_kpis_with_drivers("run", "--home", home, *as_of, **bucket.env)
        assert done.returncode == 0, done.stderr
        current = (home / "published" / "current").readlink()
        done = support_kpis_with_drivers("doctor", "--home", home, **bucket.env)
        assert f"{len(files)} files at s3://kpis/exports" in done.stdout
    done = support_kpis_with_drivers("run", "--home", home, *as_of, **bucket.env)
    assert done.returncode == 1
    assert "the remote landing area s3://kpis/exports cannot be listed: Could not connect" in done.stderr
    assert (home / "published" / "current").readlink() == current
    for path in home.rglob("*"):
        assert not path.is_file() or b"a test's secret" not in path.read_bytes(), path


@needs_sshd
def test_sftp_to_known_hosts_only(tmp_path):
    home, outbox = tmp_path / "home", tmp_path / "outbox"
    file = outbox / A
    file.parent.mkdir(parents=True)
    file.write_text(calls("C1"))
    (file.parent / "b.csv").symlink_to(file)
    hour_ago = time.time() - 3600
    os.utime(file, (hour_ago, hour_ago))
    growing = file.with_name("growing.csv")
    growing.write_text(calls("C2")[:-10])
    with ssh(tmp_path) as server:
        env = server.env(outbox)
        assert "at an unknown host [127.0.0.1]" in loaded(home, **env)["error"]
        server.know(new_key(tmp_path / "another_key"))
        assert "Host key for server" in loaded(home, **env)["error"]
        assert not any((home / "mirror").iterdir())

        server.know(server.host_key)
        told = loaded(home, **env)
        assert told["messages"] == [
            "generic/calls/b.csv: no regular file, passed over",
            "1 files may still be written, left for the next night: generic/calls/growing.csv",
        ]
        assert told["loaded"] == 1
        mirrored = home / "mirror" / A
        assert (mirrored.read_text(), mirrored.stat().st_mtime) == (calls("C1"), int(hour_ago))

        growing.write_text(calls("C2"))
        os.utime(growing, (hour_ago, hour_ago))
        told = loaded(home, **env)
        assert any(line.startswith("generic/calls: 1 files, 0.2 kB fetched") for line in told["said"])
        assert told["loaded"] == 1
        assert loaded(home, **env)["said"] == ["  generic/calls/b.csv: no regular file, passed over"]
        assert "is not there" in loaded(home, **server.env(tmp_path / "nowhere"))["error"]
    assert "cannot be reached" in loaded(home, **env)["error"]
    assert sorted(path.name for path in outbox.rglob("*.*")) == ["a.csv", "b.csv", "growing.csv"]
