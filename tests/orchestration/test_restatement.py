"""What moved since the version before and why, worked out by hand; what of it is told."""

from dataclasses import dataclass

import duckdb
import pytest

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.settings import load_settings
from orchestration.lib import dbt, restatement
from orchestration.lib.restated import restated
from orchestration.lib.restatement import Version

#: Monday, midnight in Berlin: the week of 23 February has just ended. And a day later.
MONDAY, TUESDAY = "2026-03-01T23:00:00Z", "2026-03-02T23:00:00Z"
CSAT = ("csat", "week", "2026-02-16", "all", "all", 45, 60)
RATE = ("resolution_rate", "week", "2026-02-16", "all", "all", 40, 50)
LATE = {"a.csv": 62, "late.csv": 2}


@pytest.fixture(scope="module")
def configured(tmp_path_factory):
    """A configuration of Berlin's days, with these texts after it."""

    def load(more="", **files):
        settings = load_settings(home=tmp_path_factory.mktemp("home"), env={})
        settings.config.mkdir()
        (settings.config / "settings.toml").write_text(f'time_zone = "Europe/Berlin"\n{more}')
        for name, text in files.items():
            (settings.config / f"{name}.csv").write_text(text)
        return load_configuration(settings, kpi_catalogue())

    return load


@dataclass
class Nights:
    """Versions by hand: numbers as (…key, numerator, denominator), loads as content -> rows."""

    folder: object
    configuration: object
    said: list

    def version(self, name, as_of, numbers, loads=None, changes=None, configuration=None):
        folder = self.folder / name
        (folder / "parquet").mkdir(parents=True)
        rows = ", ".join(
            f"('{kpi}', '{grain}', date '{start}', '{by}', '{cell}', {n}, {d}, {n} / {d}, 'ratio', {d})"
            for kpi, grain, start, by, cell, n, d in numbers
        )
        loads = loads or {"a.csv": 62}
        files = ", ".join(f"('generic', 'calls', '{one}', {n}, 1, timestamp '2026-03-01')" for one, n in loads.items())
        with duckdb.connect(str(folder / "support_kpis.duckdb")) as con:
            con.execute("create table dim_kpi as select 'csat' as kpi_id, 'Customer satisfaction' as name")
            con.execute(
                "create table numbers as select * replace (numerator::double as numerator, denominator::double as "
                f"denominator, value::double as value) from (values {rows}) as t ({', '.join(restatement.KEY)}, "
                "numerator, denominator, value, unit, sample_size)"
            )
            con.execute(f"copy numbers to '{folder}/parquet/mart_kpi_timeseries.parquet'")
            con.execute(
                f"copy (from (values {files}) as t (source, stream, content_hash, rows_loaded, rows_duplicate, "
                f"loaded_at)) to '{folder}/parquet/mart_row_accounting.parquet'"
            )
        used = configuration or self.configuration
        told = {"as_of": as_of, "settings": used.fingerprint, "computed_by": restatement.computed_by(used)}
        return Version.of(folder, told | (changes or {}))

    def moved(self, now, before, configuration=None, columns="kpi_id, period_start, reason"):
        with duckdb.connect() as con:
            used = configuration or self.configuration
            restatement.write(con, now, before, used, kpi_catalogue(), self.said.append)
            found = con.execute(f"select {columns} from '{now.folder}/restatement.parquet'").fetchall()
        return [tuple(str(cell) for cell in row) for row in found]

    def told(self, version):
        with duckdb.connect(str(version.folder / "support_kpis.duckdb"), read_only=True) as con:
            return restated(con, version.folder)


@pytest.fixture
def nights(tmp_path, configured):
    return Nights(tmp_path, configured(), [])


def test_two_late_answers_of_a_week_that_was_over(nights):
    """45 of 60 satisfied, then 46 of 62: 75.0 % became 74.2 %. Of 50 tickets one more is solved, late or since."""
    before = nights.version("before", MONDAY, [CSAT, RATE])
    now = nights.version("now", TUESDAY, [(*CSAT[:5], 46, 62), (*RATE[:5], 41, 50)], LATE)
    columns = "kpi_id, previous_numerator, previous_denominator, numerator, denominator, previous_version, reason"
    assert nights.moved(now, before, columns=columns) == [
        ("csat", "45.0", "60.0", "46.0", "62.0", "before", "late_data"),
        ("resolution_rate", "40.0", "50.0", "41.0", "50.0", "before", "late_data or settling"),
    ]
    assert nights.said == ["published: 2 numbers of ended periods differ from version before"]
    found = nights.told(now)
    assert str(found) == "1 number since the version as of 2026-03-01T23:00:00Z: late data"
    assert [str(move) for move in found.most] == ["Customer satisfaction, week of 2026-02-16, 75.0% -> 74.2%"]


def test_nothing_moved_and_no_version_before_are_empty_files_of_the_same_columns(nights):
    before = nights.version("before", MONDAY, [CSAT])
    now = nights.version("now", TUESDAY, [CSAT, (*CSAT[:2], "2026-03-02", "all", "all", 1, 2)], LATE)
    assert nights.moved(now, before) == nights.moved(before, None) == []
    with duckdb.connect() as con:
        columns = [con.execute(f"describe from '{one.folder}/restatement.parquet'").fetchall() for one in (now, before)]
    assert columns[0] == columns[1] and len(columns[0]) == 15
    assert nights.told(now) is nights.told(before) is None


#: KPI, the last day that was settled on Monday at midnight, and a later one that was not.
SETTLED = [
    ("service_level", "2026-02-28", "2026-03-01"),  # a call without an end: four hours
    ("reply_within_24h_rate", "2026-02-28", "2026-03-01"),  # over for exactly a day
    ("return_reply_within_48h_rate", "2026-02-27", "2026-02-28"),
    ("contact_volume", "2026-02-26", "2026-02-27"),  # three days for spam to be found
    ("response_within_target_rate", "2026-02-24", "2026-02-25"),  # the longest target, five days
    ("first_contact_resolution_rate", None, "2025-12-01"),  # solved, reopened or escalated at as_of
]


def test_when_a_number_is_settled(nights, configured):
    header = (
        "source,match_field,match_value,channel,response_target_seconds,calendar_id,display_unit,valid_from,valid_to"
    )
    slow = configured(channels=f"{header}\n,via,email,email,432000,,,,\n,via,chat,chat,60,,,,\n")
    days = {(kpi_id, day): day == settled for kpi_id, settled, open_ in SETTLED for day in (settled, open_) if day}
    numbers = [(kpi_id, "day", day, "all", "all", 1, 2) for kpi_id, day in days]
    before = nights.version("before", MONDAY, numbers, configuration=slow)
    moved = [(*number[:5], 2, 2) for number in numbers]
    late = nights.version("late", TUESDAY, moved, LATE, configuration=slow)
    assert {(kpi_id, day): reason for kpi_id, day, reason in nights.moved(late, before, slow)} == {
        number: "late_data" if is_settled else "late_data or settling" for number, is_settled in days.items()
    }
    later = nights.version("later", TUESDAY, moved, configuration=slow)
    assert nights.moved(later, before, slow, "distinct reason") == [("settling",)]
    assert nights.told(later) is None


def test_a_period_that_was_not_over_is_not_compared(nights):
    """Sunday was over in Berlin at midnight; Monday, its week and March were not."""
    starts = [("day", "2026-03-01"), ("day", "2026-03-02"), ("week", "2026-02-23"), ("week", "2026-03-02"),
              ("month", "2026-02-01"), ("month", "2026-03-01")]  # fmt: skip
    numbers = [("nps", grain, start, "all", "all", 1, 2) for grain, start in starts]
    before = nights.version("before", MONDAY, numbers)
    now = nights.version("now", TUESDAY, [(*number[:5], 2, 2) for number in numbers], LATE)
    ended = [("day", "2026-03-01"), ("month", "2026-02-01"), ("week", "2026-02-23")]
    assert nights.moved(now, before, columns="grain, period_start") == ended


def test_configuration_code_and_an_earlier_as_of_are_named(nights, configured):
    before = nights.version("before", MONDAY, [CSAT])
    moved, tight = [(*CSAT[:5], 46, 62)], configured("service_level_seconds = 10")
    cases = {
        "configuration": (nights.version("1", MONDAY, moved, configuration=tight), tight),
        "code": (nights.version("2", MONDAY, moved, None, {"computed_by": {
            **before.manifest["computed_by"], "code": "other"}}), None),
        "as_of": (nights.version("3", "2026-02-28T23:00:00Z", moved), None),
        "late_data, configuration": (nights.version("4", TUESDAY, moved, LATE, configuration=tight), tight),
        "unknown": (nights.version("5", MONDAY, moved), None),
    }  # fmt: skip
    for reason, (now, configuration) in cases.items():
        assert nights.moved(now, before, configuration) == [("csat", "2026-02-16", reason)]
        assert nights.told(now).reasons == [reason]


def test_an_open_number_is_told_where_it_is_not_only_time(nights, configured):
    tight = configured("fcr_window_days = 3")
    before = nights.version("before", MONDAY, [RATE])
    now = nights.version("now", TUESDAY, [(*RATE[:5], 30, 50)], configuration=tight)
    assert nights.moved(now, before, tight) == [("resolution_rate", "2026-02-16", "configuration or settling")]
    assert nights.told(now).numbers == 1


def test_other_targets_limits_and_comments_explain_nothing(nights, configured):
    other = configured("# a comment\nshrinkage = 0.2\n[retention]\nversions = 3\n")
    assert other.fingerprint != nights.configuration.fingerprint
    assert restatement.computed_by(other) == restatement.computed_by(nights.configuration)


def test_what_is_said_to_explain_nothing_is_not_read_by_the_time_series(tmp_path):
    settings = load_settings(home=tmp_path, env={})
    settings.prepare_home()
    dbt.write_profile(settings)
    manifest = dbt.manifest(settings)
    tables = load_configuration(settings, kpi_catalogue()).tables
    unread = {name for name in tables if "mart_kpi_timeseries" not in dbt.models_after(manifest, [f"cfg_{name}"])}
    assert unread == set(restatement.TABLES_APART)
    assert "mart_kpi_timeseries" not in dbt.models_after(manifest, ["freshness"])


def test_a_number_that_is_new_or_gone(nights):
    other = (*CSAT[:2], "2026-02-09", *CSAT[3:])
    now = nights.version("now", TUESDAY, [other], LATE)
    found = nights.moved(
        now, nights.version("before", MONDAY, [CSAT]), columns="period_start, previous_value, value, unit"
    )
    assert found == [("2026-02-09", "None", "0.75", "ratio"), ("2026-02-16", "0.75", "None", "ratio")]
    assert nights.told(now).numbers == 2


def test_weeks_and_months_over_all_that_moved_by_a_hundredth_are_told_the_most_of_each_kpi_first(nights):
    numbers = [
        CSAT, ("nps", "month", "2026-01-01", "all", "all", 1, 2), ("nps", "week", "2026-02-16", "all", "all", 10, 100),
        ("esat", "week", "2026-02-16", "all", "all", 1000, 1000), ("csat", "day", "2026-02-16", "all", "all", 1, 2),
        ("csat", "week", "2026-02-16", "team", "A", 1, 2),
    ]  # fmt: skip
    after = [46, 2, 11, 991, 2, 2]
    now = nights.version("now", TUESDAY, [(*row[:5], n, row[6]) for row, n in zip(numbers, after, strict=True)], LATE)
    assert len(nights.moved(now, nights.version("before", MONDAY, numbers))) == 6
    found = nights.told(now)
    assert (found.numbers, found.kpis) == (3, 2)
    assert [str(move) for move in found.most] == [
        "nps, month of 2026-01-01, 50.0% -> 100.0%", "Customer satisfaction, week of 2026-02-16, 75.0% -> 76.7%",
    ]  # fmt: skip


def test_rows_that_retention_takes_out_of_the_lake_may_be_why_old_periods_move(nights, configured):
    lake = configured("[retention]\nlake_days = 1\n")
    before = nights.version("before", MONDAY, [CSAT], configuration=lake)
    now = nights.version("now", MONDAY, [(*CSAT[:5], 44, 59)], LATE, configuration=lake)
    assert nights.moved(now, before, lake) == [("csat", "2026-02-16", "late_data or retention")]
    assert nights.told(now) is None


@pytest.mark.parametrize("table", ["mart_kpi_timeseries", "mart_row_accounting"])
@pytest.mark.parametrize("fault", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:200])])
def test_a_version_before_that_cannot_be_read_is_said_and_nothing_is_known(nights, table, fault):
    before = nights.version("before", MONDAY, [CSAT])
    fault(before.folder / "parquet" / f"{table}.parquet")
    assert nights.moved(nights.version("now", TUESDAY, [RATE], LATE), before) == []
    assert nights.said[0].startswith("published: what moved since version before is not known, it cannot be read: ")


def test_a_fault_of_the_new_version_is_a_fault(nights):
    now = nights.version("now", TUESDAY, [RATE])
    (now.folder / "parquet" / "mart_kpi_timeseries.parquet").unlink()
    with pytest.raises(duckdb.Error):
        nights.moved(now, nights.version("before", MONDAY, [CSAT]))


def test_a_version_older_than_the_hashes_is_of_other_code(nights):
    before = nights.version("before", MONDAY, [CSAT])
    del before.manifest["computed_by"]
    assert nights.moved(nights.version("now", TUESDAY, [(*CSAT[:5], 46, 62)]), before)[0][2] == "code"
