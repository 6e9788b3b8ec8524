"""Reading the KPIs that the marts declare at their head."""

import pytest

from ingestion.catalogue import kpi_catalogue
from ingestion.errors import ConfigError

MART = """{{%- set kpis = [
    {{'kpi_id': '{kpi_id}', 'unit': 'ratio', 'dimensions': ['channel', 'team'], 'higher_is_better': true}},
] -%}}

{{{{ config(meta={{'kpis': kpis}}) }}}}
select 1
"""


def test_kpis_of_all_marts(tmp_path):
    (tmp_path / "call").mkdir()
    (tmp_path / "call" / "mart_call.sql").write_text(MART.format(kpi_id="service_level"))
    (tmp_path / "mart_more.sql").write_text(MART.format(kpi_id="other").replace("'channel', 'team'", ""))
    (tmp_path / "mart_scorecard.sql").write_text("select 1 {{ ref('mart_call') }}")
    catalogue = kpi_catalogue(tmp_path)
    assert set(catalogue) == {"service_level", "other"}
    assert catalogue["service_level"]["mart"] == "mart_call"
    assert catalogue["service_level"]["dimensions"] == ["channel", "team"]
    assert catalogue["other"]["dimensions"] == []
    assert catalogue["service_level"]["higher_is_better"] is True


def test_statistics_are_kpis_of_their_own(tmp_path):
    text = MART.format(kpi_id="wait").replace("'unit'", "'statistics': ['mean', 'p90'], 'unit'")
    (tmp_path / "mart_wait.sql").write_text(text)
    assert set(kpi_catalogue(tmp_path)) == {"wait_mean", "wait_p90"}


def test_one_kpi_in_two_marts(tmp_path):
    for name in ("mart_a", "mart_b"):
        (tmp_path / f"{name}.sql").write_text(MART.format(kpi_id="service_level"))
    with pytest.raises(ConfigError) as error:
        kpi_catalogue(tmp_path)
    assert str(error.value) == "mart_b.sql: kpi_id 'service_level' is declared by mart_a and by mart_b; keep one"


def test_broken_declaration_names_file_and_line(tmp_path):
    (tmp_path / "mart_broken.sql").write_text("{%- set kpis = [\n    {'kpi_id': },\n] -%}\n")
    with pytest.raises(ConfigError, match=r"^mart_broken\.sql:2: no valid declaration"):
        kpi_catalogue(tmp_path)
