"""What a URL and its options may say, what is told of it, and that drivers are named where they are missing."""

import json
import os
import re
from datetime import UTC, datetime

import fsspec
import pytest

from ingestion.errors import ConfigError, RemoteError
from ingestion.remote import opening
from ingestion.remote.listing import described
from ingestion.remote.opening import Remote
from ingestion.settings import CHECKOUT, load_settings
from orchestration.lib.doctor import OK, PROBLEM, examine, next_step
from orchestration.lib.job import Options, run_nightly
from orchestration.lib.sample import write_sample_if_empty
from tests.helpers import support_kpis
from tests.ingestion.conftest import KEY
from tests.remote.conftest import ROOT, calls

SECRET = "a secret of the driver"


def settings_of(tmp_path, url, options=None):
    env = {"SUPPORT_KPIS_LANDING_URL": url}
    return load_settings(tmp_path, env=env | ({"SUPPORT_KPIS_LANDING_OPTIONS": options} if options else {}))


def test_a_remote_landing_area_is_mirrored_in_the_home(tmp_path):
    settings = settings_of(tmp_path, "s3://bucket/exports/", json.dumps({"secret": SECRET}))
    assert (settings.landing, settings.landing_place) == (tmp_path / "mirror", "s3://bucket/exports")
    assert settings.landing_options == {"secret": SECRET}
    assert SECRET not in repr(settings)
    local = settings_of(tmp_path, "file:///data/in")
    assert (local.is_remote, local.landing_place) == (False, "/data/in")
    for url in ("sftp://user@host:2222/in", "abfs://container@account.dfs.core.windows.net/in", "gs://bucket"):
        assert settings_of(tmp_path, url).landing_place == url


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sftp://user:hush@host/in", "holds a password"),
        ("sftp://user:hu/sh@host/in", "is no URL"),
        ("https://host/in?sig=hush", "has a part with"),
        ("s3://bucket/hush::zip://in", "has a part with"),
        ("simplecache::s3://bucket/hush", "names no place here"),
        ("file://hush@host/in", "names no place here"),
        ("s3:///", "names no place"),
    ],
)
def test_urls_that_are_refused_are_not_shown(tmp_path, url, said):
    with pytest.raises(ConfigError, match=said) as error:
        settings_of(tmp_path, url)
    assert "hush" not in str(error.value)


@pytest.mark.parametrize("options", ["{", "[]", "key=hush"])
def test_options_that_are_no_object(tmp_path, options):
    with pytest.raises(ConfigError, match="is no JSON object; write it as") as error:
        settings_of(tmp_path, ROOT, options)
    assert "hush" not in str(error.value)


def test_errors_are_told_without_credentials(tmp_path):
    options = {"key": "AKID", "client_kwargs": {"aws_session_token": SECRET}, "endpoint_url": "http://store"}
    settings = settings_of(tmp_path, ROOT, json.dumps(options))
    remote = Remote(settings.remote_landing, waits=())

    def refuse(filesystem):
        raise OSError(f"no {SECRET}\nfor AKID at http://store/x?X-Signature=abc, sorry")

    with pytest.raises(RemoteError) as error:
        remote.tried("cannot be read", refuse)
    told = f"the remote landing area {ROOT} cannot be read: no *** for *** at http://store/x?*** sorry"
    assert str(error.value) == told


def test_an_option_that_the_driver_does_not_know(tmp_path, monkeypatch):
    class Picky(fsspec.get_filesystem_class("memory")):
        protocol = "picky"

        def __init__(self, host=None):
            super().__init__()

    monkeypatch.setattr(opening.fsspec, "get_filesystem_class", lambda protocol: Picky)
    with pytest.raises(ConfigError, match=r"SUPPORT_KPIS_LANDING_OPTIONS: .* unexpected keyword argument 'color'"):
        Remote(settings_of(tmp_path, "picky://host/in", '{"color": "blue"}').remote_landing)


@pytest.mark.parametrize(("wanted", "asked"), [(None, "false"), ("true", "true")])
def test_google_is_asked_over_grpc_for_the_kind_of_a_bucket_only_where_somebody_wants_it(
    wanted, asked, tmp_path, monkeypatch
):
    monkeypatch.setenv(opening.GOOGLE_KINDS, wanted or "")
    if wanted is None:
        monkeypatch.delenv(opening.GOOGLE_KINDS)
    seen = []
    memory = fsspec.get_filesystem_class("memory")
    monkeypatch.setattr(
        opening.fsspec, "get_filesystem_class", lambda protocol: seen.append(os.environ[opening.GOOGLE_KINDS]) or memory
    )
    opening.driver(settings_of(tmp_path, "gs://bucket/in").remote_landing)
    assert seen == [asked], "gcsfs reads it where it is imported"


def test_a_missing_driver_stops_a_run_before_it_does_anything(tmp_path, monkeypatch):
    def missing(protocol):
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(opening.fsspec, "get_filesystem_class", missing)
    monkeypatch.setenv("SUPPORT_KPIS_LANDING_URL", "s3://bucket/in")
    with pytest.raises(ConfigError, match=r"^s3:// needs the package s3fs; make driver-s3 installs it$"):
        run_nightly(Options(home=tmp_path / "home"))
    assert not (tmp_path / "home").exists()
    assert next_step(examine(tmp_path / "home")) == "mend it, then call doctor again"
    monkeypatch.setenv("SUPPORT_KPIS_LANDING_URL", "smb://host/in")
    with pytest.raises(ConfigError, match=r"^smb:// needs a package that is not installed: SMB requires .*smbprotocol"):
        run_nightly(Options(home=tmp_path / "home"))


def test_an_unknown_protocol_ends_with_2(tmp_path, monkeypatch):
    monkeypatch.setenv("SUPPORT_KPIS_LANDING_URL", "nope://host/in")
    done = support_kpis("run", "--home", tmp_path / "home")
    assert done.returncode == 2
    assert done.stderr.startswith("support-kpis: SUPPORT_KPIS_LANDING_URL: nothing is known of nope://")


def test_no_sample_is_written_for_a_remote_landing_area(lab, monkeypatch):
    lab.settings.prepare_home()
    with pytest.raises(RemoteError, match="is not there"):
        write_sample_if_empty(lab.settings, datetime(2026, 3, 2, tzinfo=UTC).date(), lab.said.append)
    lab.put("stray.csv", "")
    assert not write_sample_if_empty(lab.settings, datetime(2026, 3, 2, tzinfo=UTC).date(), lab.said.append)
    assert lab.said == [f"no exports in {ROOT} yet, and no sample: it is written to local landing areas only"]
    lab.put("generic/calls/a.csv", calls("C1"))
    assert not write_sample_if_empty(lab.settings, datetime(2026, 3, 2, tzinfo=UTC).date(), lab.said.append)
    assert len(lab.said) == 1
    assert lab.mirrored() == {}
    monkeypatch.setenv("SUPPORT_KPIS_LANDING_URL", ROOT)
    options = ("--days", 1, "--contacts-per-day", 1, "--seed", 1)
    done = support_kpis("simulate", "--home", lab.settings.home, *options)
    assert (done.returncode, lab.mirrored()) == (2, {})
    assert f"simulate writes no samples to {ROOT}" in done.stderr


def test_doctor_looks_at_the_remote_side(lab, monkeypatch):
    monkeypatch.setenv("SUPPORT_KPIS_LANDING_URL", ROOT)
    monkeypatch.setenv("SUPPORT_KPIS_PII_KEY", KEY)
    home = lab.settings.home
    found = {one.topic: one for one in examine(home)}
    assert found["remote"].state == PROBLEM
    assert found["sources"].next == f"put exports into {ROOT}/<source>/<stream>/, then support-kpis run"
    lab.put("generic/calls/a.csv", calls("C1"))
    lab.night()
    found = {one.topic: one for one in examine(home)}
    assert (found["remote"].state, found["remote"].text) == (OK, f"1 files at {ROOT}")
    assert found["generic/calls"].text.endswith("0 not loaded yet")


@pytest.mark.parametrize(
    ("info", "mtime", "version"),
    [
        ({"LastModified": datetime(2026, 3, 2, tzinfo=UTC), "ETag": '"abc"'}, 1772409600, 'tag "abc"'),
        ({"mtime": datetime(2026, 3, 2, tzinfo=UTC)}, 1772409600, "time 1772409600000000000"),
        ({"last_modified": datetime(2026, 3, 2)}, 1772409600, "time 1772409600000000000"),
        ({"updated": "2026-03-02T00:00:00.000Z", "generation": 7}, 1772409600, "tag 7"),
        ({"modify": "20260302000000.123"}, 1772409600, "time 1772409600000000000"),
        ({"created": 1772409600.5}, 1772409600.5, "time 1772409600500000000"),
        ({"mtime": 1e300}, None, None),
        ({"mtime": "soon", "modified": 1772409600}, 1772409600, "time 1772409600000000000"),
        ({}, None, None),
    ],
)
def test_times_and_versions_as_filesystems_spell_them(info, mtime, version):
    file = described({"name": "x", **info}, "x")
    assert (file.mtime_ns, file.version) == (mtime and round(mtime * 10**9), version)


def test_every_driver_is_locked_together_with_the_rest():
    def pins(path):
        return dict(re.findall(r"^([\w.-]+)(?:\[.*\])?==([^ ;]+)", path.read_text(), re.MULTILINE))

    ours = pins(CHECKOUT / "requirements.lock")
    assert {*opening.DRIVERS.values()} == {*opening.PACKAGES}
    for name, package in opening.PACKAGES.items():
        locked = pins(CHECKOUT / "ingestion" / "remote" / f"{name}.lock")
        assert package in locked
        assert {one: version for one, version in locked.items() if ours.get(one, version) != version} == {}
        assert f'{name} = ["{package}>=' in (CHECKOUT / "pyproject.toml").read_text()
        assert f"driver-{name}" in (CHECKOUT / "Makefile").read_text()
