"""One key for all of a lake: another one and a lost one are refused, a new one hashes everything anew."""

import pytest

from ingestion.adapters import STREAMS
from ingestion.configuration import Configuration
from ingestion.configuration.settings_file import DEFAULTS
from ingestion.errors import ConfigError
from ingestion.forget import forget_in_lake, keys_of
from ingestion.key_check import check_key
from ingestion.manifest import Manifest
from ingestion.people import key_id, person_key
from ingestion.run import ingest
from ingestion.settings import load_settings

CONFIGURATION = Configuration(DEFAULTS, {}, "-")
OLD, NEW = "the key of last year, long enough for us", "the key of this year, which is another"
HEADER = "ticket_id,created_at,updated_at,status,channel,requester_email\n"
ROW = "{n},2026-03-02T08:00:00Z,2026-03-02T08:00:00Z,open,email,kim{n}@example.org\n"


@pytest.fixture
def loaded(lab):
    """A lake of three files, hashed with OLD."""
    for n in range(3):
        lab.land(f"generic/tickets/t{n}.csv", HEADER + ROW.format(n=n))
    _load(_settings(lab, OLD))
    return lab


def test_the_keys_id_is_kept_and_says_nothing_of_the_key(loaded):
    with Manifest(loaded.settings.manifest_path) as manifest:
        kept = manifest.key_id()
    assert kept == key_id(OLD) != key_id(NEW)
    assert kept not in (OLD, person_key("email", "key id", OLD)) and len(kept) == 32


def test_another_key_is_refused_and_nothing_is_done(loaded):
    before = _keys(loaded)
    with pytest.raises(ConfigError, match=r"not the key that the lake was made with.*restore the key.*--reload all"):
        _load(_settings(loaded, NEW))
    assert _keys(loaded) == before


def test_a_home_from_before_takes_the_key_it_has(loaded):
    with Manifest(loaded.settings.manifest_path) as manifest, manifest.transaction():
        manifest.put_key_id(None)
    _load(_settings(loaded, OLD))
    with pytest.raises(ConfigError):
        _load(_settings(loaded, NEW))


def test_a_lost_key_is_refused_and_none_is_made(lab):
    lab.land("generic/tickets/t.csv", HEADER + ROW.format(n=1))
    settings = load_settings(home=lab.settings.home, env={})
    _load(settings)
    (settings.home / "pii.key").unlink()
    lost = load_settings(home=lab.settings.home, env={})
    with pytest.raises(ConfigError, match=r"pii\.key is gone.*restore the key.*--reload all"):
        _load(lost)
    assert not (settings.home / "pii.key").exists()
    before = _keys(lab)
    _load(lost, reload=set(STREAMS))
    assert (settings.home / "pii.key").exists() and set(_keys(lab)).isdisjoint(before) and len(_keys(lab)) == 1


def test_reload_of_everything_hashes_with_the_new_key(loaded):
    _load(_settings(loaded, NEW), reload=set(STREAMS))
    assert _keys(loaded) == _expected(NEW)
    with pytest.raises(ConfigError):
        _load(_settings(loaded, OLD))


@pytest.mark.parametrize("reload", [{("generic", "tickets")}, set(STREAMS)], ids=["one", "all"])
def test_a_reload_of_what_is_not_read_is_refused_and_forgets_nothing(loaded, reload):
    with pytest.raises(ConfigError, match=r"reload of .*generic/tickets.*: this run does not read that"):
        _load(_settings(loaded, OLD), only={("generic", "calls")}, reload=reload)
    assert _keys(loaded) == _expected(OLD)
    _load(_settings(loaded, OLD))


@pytest.mark.parametrize("moment", ["load", "write_rows"])
def test_killed_on_the_way_to_the_new_key_no_two_are_mixed(loaded, moment, monkeypatch):
    """After the second of three files nothing more happens; the next run, plain, goes on with the new key."""
    from ingestion import load

    calls = []

    def dies(*arguments, **options):
        calls.append(1)
        if len(calls) == 2 or moment == "load":
            raise KeyboardInterrupt
        return whole(*arguments, **options)

    owner, name = (load.Loader, "load") if moment == "load" else (load, "write_rows")
    whole = getattr(owner, name)
    monkeypatch.setattr(owner, name, dies)
    with pytest.raises(KeyboardInterrupt):
        _load(_settings(loaded, NEW), reload=set(STREAMS))
    monkeypatch.undo()
    assert set(_keys(loaded)) <= set(_expected(NEW))
    with pytest.raises(ConfigError):
        _load(_settings(loaded, OLD))
    _load(_settings(loaded, NEW))
    assert _keys(loaded) == _expected(NEW)


def test_the_key_stays_while_tombstones_hold_under_it(loaded):
    settings = _settings(loaded, OLD)
    forget_in_lake(settings, CONFIGURATION, keys_of("email", "kim1@example.org", settings, CONFIGURATION), "f")
    for anew in (True, False):
        with pytest.raises(ConfigError, match=r"1 tombstones .* restore it; .*new home"):
            check_key(_settings(loaded, NEW), anew=anew)
    _load(settings, reload=set(STREAMS))
    assert _keys(loaded) == sorted(set(_expected(OLD)) - {person_key("email", "kim1@example.org", OLD)})


def _settings(lab, key):
    return load_settings(home=lab.settings.home, env={"SUPPORT_KPIS_PII_KEY": key})


def _load(settings, **options):
    return ingest(settings, CONFIGURATION, run_id="run", **options)


def _keys(lab):
    return sorted(key for (key,) in lab.rows("generic/tickets", "requester_email_key") if key)


def _expected(key):
    return sorted(person_key("email", f"kim{n}@example.org", key) for n in range(3))
