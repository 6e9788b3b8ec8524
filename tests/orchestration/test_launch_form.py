"""What the fields of the launch form ask for, and what of them is refused before anything is done."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from ingestion.adapters import STREAMS
from ingestion.errors import ConfigError
from orchestration.defs.schedules import FORM
from orchestration.lib.launch_form import read_form
from orchestration.lib.nightly_run import NightlyRun

BERLIN = ZoneInfo("Europe/Berlin")


def read(sources=(), files_from=None, files_until=None, reload=(), pulled=(None, None)):
    return read_form(list(sources), (files_from, files_until), pulled, list(reload), "Europe/Berlin")


def test_an_empty_form_asks_for_everything_and_reads_nothing_again():
    asked = read()
    assert (asked.streams, asked.changed, asked.reloads) == (set(STREAMS), (None, None), set())


def test_a_source_is_all_of_its_streams_and_a_stream_is_one():
    asked = read(sources=["zendesk", "generic/calls"]).streams
    assert asked == {id for id in STREAMS if id[0] == "zendesk"} | {("generic", "calls")}


def test_days_are_whole_and_local():
    begin, end = read(files_from="2026-03-29", files_until="2026-03-29").changed
    assert (begin, end) == (datetime(2026, 3, 29, tzinfo=BERLIN), datetime(2026, 3, 30, tzinfo=BERLIN))
    assert end.timestamp() - begin.timestamp() == timedelta(hours=23).total_seconds()


def test_a_back_fill_is_whole_local_days():
    days = read(pulled=("2026-03-29", "2026-03-29")).pulled_days
    assert days.end - days.begin == 23 * 3600
    assert read().pulled_days is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"sources": ["zendesk", "acme"]}, "sources: no adapter reads acme; name a source (aircall "),
        ({"files_from": "1.3.2026"}, "files_from '1.3.2026' is no day; write it as 2026-03-01"),
        ({"files_from": "2026-03-02", "files_until": "2026-03-01"}, "files_from 2026-03-02 is later than files_until"),
        ({"pulled": ("2026-03-02", None)}, "pull_from and pull_until go together"),
        ({"pulled": ("2026-03-02", "2026-03-01")}, "pull_from 2026-03-02 is later than pull_until 2026-03-01"),
        ({"reload": ["acme/tickets"]}, "acme/tickets: no such stream; there are aircall/calls"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_remedy(fields, said):
    with pytest.raises(ConfigError) as error:
        read(**fields)
    assert said in str(error.value)


def test_a_run_with_such_a_form_does_nothing(tmp_path):
    @dg.op
    def step(nightly_run: NightlyRun) -> None:
        nightly_run.say(None, "never")

    run = NightlyRun(home=str(tmp_path / "home"), sources=["acme"])
    job = dg.GraphDefinition("job", node_defs=[step]).to_job(resource_defs={"nightly_run": run})
    with dg.DagsterInstance.ephemeral() as instance, pytest.raises(dg.DagsterResourceFunctionError) as error:
        job.execute_in_process(instance=instance)
    assert "no adapter reads acme" in str(error.value.__cause__)
    assert not (tmp_path / "home").exists()


def test_the_form_starts_with_the_defaults_of_its_fields_and_each_has_a_description():
    fields = {name: field for name, field in NightlyRun.model_fields.items() if not name.startswith("_")}
    assert {name: fields[name].get_default() for name in FORM} == FORM
    assert set(fields) - set(FORM) == {"home", "wait_seconds"}
    assert all(field.description for field in fields.values())
