"""Landing areas in Google's and in Azure's object storage: what is new is fetched once, nothing written."""

import pytest

from ingestion.simulator import simulate
from tests.conftest import SAMPLE_END
from tests.helpers import table_hashes
from tests.remote.clouds import SECRET, azure, google, needs_clouds
from tests.remote.conftest import calls
from tests.remote.servers import loaded, support_kpis_with_drivers

pytestmark = [pytest.mark.long, needs_clouds]
A = "generic/calls/a.csv"
KEY = {"SUPPORT_KPIS_PII_KEY": "k" * 32}


@pytest.fixture(params=[google, azure], ids=["gcs", "azure"])
def serve(request):
    return request.param


def test_a_night_over_the_cloud_is_that_of_the_files(tmp_path, serve):
    local, remote = tmp_path / "local", tmp_path / "remote"
    simulate(local / "landing", days=7, contacts_per_day=30, seed=5, end=SAMPLE_END)
    files = {str(path.relative_to(local / "landing")): path for path in local.rglob("*") if path.is_file()}
    as_of = ("--as-of", "2026-03-02T00:00:00Z")
    assert support_kpis_with_drivers("run", "--home", local, *as_of, **KEY).returncode == 0
    with serve(tmp_path) as cloud:
        cloud.put(files)
        there = cloud.sizes()
        done = support_kpis_with_drivers("run", "--home", remote, *as_of, **KEY, **cloud.env())
        assert done.returncode == 0, done.stderr
        told = support_kpis_with_drivers("doctor", "--home", remote, **KEY, **cloud.env()).stdout
        assert f"{len(files)} files at {cloud.protocol}://kpis/exports" in told
        assert cloud.sizes() == there and len(there) == len(files)
    assert table_hashes(remote) == table_hashes(local)
    current = (remote / "published" / "current").readlink()
    done = support_kpis_with_drivers("run", "--home", remote, *as_of, **KEY, **cloud.env())
    assert done.returncode == 1
    assert f"the remote landing area {cloud.protocol}://kpis/exports cannot be listed: " in done.stderr
    assert (remote / "published" / "current").readlink() == current
    for path in remote.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path


def test_only_what_is_new_is_fetched(tmp_path, serve):
    home, file = tmp_path / "home", tmp_path / "a.csv"
    with serve(tmp_path) as cloud:
        for text, rows in ((calls("C1"), 1), (calls("C1"), 0), (calls("C2"), 1), (calls("C2", "C3"), 1)):
            if not file.exists() or file.read_text() != text:
                file.write_text(text)
                cloud.put({A: file})
            told = loaded(home, **cloud.env())
            assert told["loaded"] == rows
            assert any(" fetched" in line for line in told["said"]) == bool(rows)
            assert (home / "mirror" / A).read_text() == text
        assert "is not there" in loaded(home, **cloud.env("nowhere"))["error"]
